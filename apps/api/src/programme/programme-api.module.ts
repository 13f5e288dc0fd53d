import { Module } from '@nestjs/common';
import { CafeView } from './cafe-view.ts';
import { ProgrammeController } from './programme.controller.ts';

/** Events, rooms and Cafés as everybody reads them. */
@Module({ controllers: [ProgrammeController], providers: [CafeView], exports: [CafeView] })
export class ProgrammeApiModule {}
