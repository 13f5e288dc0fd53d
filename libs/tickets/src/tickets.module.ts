import { Global, Module } from '@nestjs/common';
import { Configuration } from '#platform';
import { openTickets, Tickets } from './tickets.ts';

/** Signing and reading of tickets, with the keys that the configuration lists. */
@Global()
@Module({
  providers: [
    {
      provide: Tickets,
      useFactory: ({ APP_SECRET, TICKET_KEYS }: Configuration) => openTickets(APP_SECRET, TICKET_KEYS),
      inject: [Configuration],
    },
  ],
  exports: [Tickets],
})
export class TicketsModule {}
