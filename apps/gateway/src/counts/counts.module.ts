import { Module } from '@nestjs/common';
import { Counts } from './counts.ts';

/** The newest counts of every Café, by room. */
@Module({ providers: [Counts], exports: [Counts] })
export class CountsModule {}
