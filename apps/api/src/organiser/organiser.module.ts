import { Module } from '@nestjs/common';
import { EditingModule } from '../editing/editing.module.ts';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { DashboardController } from './dashboard.controller.ts';
import { OrganiserController } from './organiser.controller.ts';

/** The dashboard of an event, and changes and moves of Cafés. */
@Module({ imports: [ProgrammeApiModule, EditingModule], controllers: [OrganiserController, DashboardController] })
export class OrganiserModule {}
