import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { MyDataController } from './my-data.controller.ts';
import { SignInController } from './sign-in.controller.ts';
import { SignInRecord } from './sign-in-record.ts';

/** Sign-in, the person who is signed in, and their rights to their data. */
@Module({
  imports: [ProgrammeApiModule],
  controllers: [SignInController, MyDataController],
  providers: [SignInRecord],
})
export class IdentityApiModule {}
