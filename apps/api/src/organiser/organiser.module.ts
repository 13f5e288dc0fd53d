import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { DashboardController } from './dashboard.controller.ts';
import { OrganiserController } from './organiser.controller.ts';

/** The figures of an event; changing and moving Cafés. */
@Module({ imports: [ProgrammeApiModule], controllers: [OrganiserController, DashboardController] })
export class OrganiserModule {}
