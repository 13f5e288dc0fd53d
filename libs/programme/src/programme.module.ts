import { Global, Module } from '@nestjs/common';
import { Database, providerOf } from '#platform';
import { FileReader } from './importing/file-reader.ts';
import { Imports } from './importing/imports.ts';
import { Programme } from './programme-records.ts';

/** Events, rooms and Cafés. */
@Global()
@Module({
  providers: [
    providerOf(Programme, Database),
    providerOf(Imports, Database),
    { provide: FileReader, useFactory: () => new FileReader() },
  ],
  exports: [Programme, Imports, FileReader],
})
export class ProgrammeModule {}
