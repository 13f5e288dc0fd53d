import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { ImportingController } from './importing.controller.ts';

/** Imports of programmes from files. */
@Module({ imports: [ProgrammeApiModule], controllers: [ImportingController] })
export class ImportingModule {}
