import { Global, Module } from '@nestjs/common';
import { Database } from '#platform';
import { openProgramme, Programme } from './programme-records.ts';

/** Events, rooms and Cafés. */
@Global()
@Module({
  providers: [
    { provide: Programme, useFactory: (database: Database) => openProgramme({ database }), inject: [Database] },
  ],
  exports: [Programme],
})
export class ProgrammeModule {}
