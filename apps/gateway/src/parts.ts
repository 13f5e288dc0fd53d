import type { Logger } from 'pino';
import type { SeatFeed } from '#live';
import type { Outbox } from '#outbox';
import type { People } from '#people';
import type { BoundedLog, Configuration, Metrics } from '#platform';
import type { Programme } from '#programme';
import type { Seats } from '#seats';

/** What the gateway is put together from. */
export interface Parts {
  configuration: Configuration;
  logger: Logger;
  /** For what strangers can cause at will. */
  log: BoundedLog;
  metrics: Metrics;
  people: People;
  programme: Programme;
  seats: Seats;
  outbox: Outbox;
  feed: SeatFeed;
}

export const PARTS = Symbol('the parts of the gateway');
