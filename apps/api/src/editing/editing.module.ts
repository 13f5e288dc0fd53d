import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { CafesController } from './cafes.controller.ts';
import { EditedView } from './edited-view.ts';
import { EventsController } from './events.controller.ts';
import { HistoryController } from './history.controller.ts';
import { ProgrammeChanges } from './programme-changes.ts';
import { RoomsController } from './rooms.controller.ts';

/** Making, changing and publishing programmes. */
@Module({
  imports: [ProgrammeApiModule],
  controllers: [EventsController, RoomsController, CafesController, HistoryController],
  providers: [EditedView, ProgrammeChanges],
  exports: [ProgrammeChanges],
})
export class EditingModule {}
