import { Global, Module } from '@nestjs/common';
import { Database, providerOf } from '#platform';
import { CafeEditing } from './editing/cafe-editing.ts';
import { EventEditing } from './editing/event-editing.ts';
import { ProgrammeHistory } from './editing/history.ts';
import { RoomEditing } from './editing/room-editing.ts';
import { FileReader } from './importing/file-reader.ts';
import { Imports } from './importing/imports.ts';
import { Programme } from './programme-records.ts';

/** Events, rooms and Cafés. */
@Global()
@Module({
  providers: [
    providerOf(Programme, Database),
    providerOf(CafeEditing, Database),
    providerOf(RoomEditing, Database),
    providerOf(EventEditing, Database),
    providerOf(ProgrammeHistory, Database),
    providerOf(Imports, Database),
    { provide: FileReader, useFactory: () => new FileReader() },
  ],
  exports: [Programme, CafeEditing, RoomEditing, EventEditing, ProgrammeHistory, Imports, FileReader],
})
export class ProgrammeModule {}
