import { Global, Module } from '@nestjs/common';
import { Configuration } from '#platform';
import { openTickets, Tickets } from './tickets.ts';

/** Signs and reads tickets, with the keys in the configuration. */
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
