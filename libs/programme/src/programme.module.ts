import { Global, Module } from '@nestjs/common';
import { Database, providerOf } from '#platform';
import { CafeEditing } from './editing/cafe-editing.ts';
import { EventEditing } from './editing/event-editing.ts';
import { ProgrammeHistory } from './editing/history.ts';
import { RoomEditing } from './editing/room-editing.ts';
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
  ],
  exports: [Programme, CafeEditing, RoomEditing, EventEditing, ProgrammeHistory],
})
export class ProgrammeModule {}
