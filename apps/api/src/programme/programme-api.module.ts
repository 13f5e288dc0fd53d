import { Module } from '@nestjs/common';
import { CafeView } from './cafe-view.ts';
import { ExportsController } from './exports.controller.ts';
import { ProgrammeController } from './programme.controller.ts';
import { ProgrammeAnswers } from './programme-answers.ts';
import { ProgrammeReads } from './programme-reads.ts';

/** The public calls about events, rooms and Cafés. */
@Module({
  controllers: [ProgrammeController, ExportsController],
  providers: [CafeView, ProgrammeAnswers, ProgrammeReads],
  exports: [CafeView, ProgrammeAnswers],
})
export class ProgrammeApiModule {}
