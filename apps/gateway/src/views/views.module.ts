import { Module } from '@nestjs/common';
import { Outbox, openOutbox } from '#notifications';
import { Database } from '#platform';
import { Views } from './views.ts';

/** What hosts and organisers see: attendance lists and dashboards. */
@Module({
  providers: [
    {
      provide: Outbox,
      // The gateway only reads the outbox: it makes no Message-ID, which the domain is for.
      useFactory: (database: Database) => openOutbox({ database, domain: 'localhost' }),
      inject: [Database],
    },
    Views,
  ],
  exports: [Views, Outbox],
})
export class ViewsModule {}
