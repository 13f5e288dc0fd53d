import type { Logger } from 'pino';
import type { Identity } from '#identity';
import type { SeatFeed } from '#live';
import type { Outbox } from '#notifications';
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
  people: Identity;
  programme: Programme;
  seats: Seats;
  outbox: Outbox;
  feed: SeatFeed;
}

export const PARTS = Symbol('the parts of the gateway');
