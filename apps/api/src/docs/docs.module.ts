import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller.ts';

/** The documents of the calls and of the live messages, and their pages. */
@Module({ controllers: [DocsController] })
export class DocsModule {}
