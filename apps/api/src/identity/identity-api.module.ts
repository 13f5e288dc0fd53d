import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { MyDataController } from './my-data.controller.ts';
import { SignInController } from './sign-in.controller.ts';
import { SignInRecord } from './sign-in-record.ts';

/** Sign-in, the profile of the signed-in attendee, and the rights to personal data. */
@Module({
  imports: [ProgrammeApiModule],
  controllers: [SignInController, MyDataController],
  providers: [SignInRecord],
})
export class IdentityApiModule {}
