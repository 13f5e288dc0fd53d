import { Global, Module } from '@nestjs/common';
import { Database, providerOf } from '#platform';
import { Programme } from './programme-records.ts';

/** Events, rooms and Cafés. */
@Global()
@Module({ providers: [providerOf(Programme, Database)], exports: [Programme] })
export class ProgrammeModule {}
