import { Global, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, providerOf } from '#platform';
import { CafeEditing } from './editing/cafe-editing.ts';
import { EventEditing } from './editing/event-editing.ts';
import { ProgrammeHistory } from './editing/history.ts';
import { RoomEditing } from './editing/room-editing.ts';
import { FileReader } from './importing/file-reader.ts';
import { Imports } from './importing/imports.ts';
import { Programme } from './programme-records.ts';

/** How often expired imports are deleted, in milliseconds. */
const TIDY_EVERY_MS = 3_600_000;

/** Events, rooms, Cafés, and imports of files. Expired imports are deleted every hour. */
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
export class ProgrammeModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #imports: Imports;
  #timer: NodeJS.Timeout | undefined;

  constructor(imports: Imports) {
    this.#imports = imports;
  }

  onApplicationBootstrap(): void {
    // The next run repeats one that failed.
    this.#timer = setInterval(() => this.#imports.deleteExpired().catch(() => {}), TIDY_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }
}
