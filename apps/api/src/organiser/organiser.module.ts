import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { OrganiserController } from './organiser.controller.ts';

/** Changing and moving Cafés. */
@Module({ imports: [ProgrammeApiModule], controllers: [OrganiserController] })
export class OrganiserModule {}
