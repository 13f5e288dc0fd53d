import type { Logger } from 'pino';
import type { Identity } from '#identity';
import type { Outbox } from '#notifications';
import type { Configuration } from '#platform';
import type { Programme } from '#programme';
import type { Seats } from '#seats';
import type { Tickets } from '#tickets';

/** What the API is put together from. */
export interface Parts {
  configuration: Configuration;
  logger: Logger;
  people: Identity;
  programme: Programme;
  seats: Seats;
  outbox: Outbox;
  tickets: Tickets;
}

export const PARTS = Symbol('the parts of the API');
