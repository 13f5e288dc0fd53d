import type { Logger } from 'pino';
import type { Tickets } from '#mail';
import type { Outbox } from '#outbox';
import type { People } from '#people';
import type { Configuration } from '#platform';
import type { Programme } from '#programme';
import type { Seats } from '#seats';

/** What the API is put together from. */
export interface Parts {
  configuration: Configuration;
  logger: Logger;
  people: People;
  programme: Programme;
  seats: Seats;
  outbox: Outbox;
  tickets: Tickets;
}

export const PARTS = Symbol('the parts of the API');
