import type { Logger } from 'pino';
import type { SeatFeed } from '#live';
import type { MailTransport, Tickets } from '#mail';
import type { Outbox, Relay } from '#outbox';
import type { People } from '#people';
import type { Configuration, Metrics } from '#platform';
import type { Programme } from '#programme';
import type { Seats } from '#seats';

/** What the worker is put together from. */
export interface Parts {
  configuration: Configuration;
  logger: Logger;
  metrics: Metrics;
  people: People;
  programme: Programme;
  seats: Seats;
  outbox: Outbox;
  relay: Relay;
  feed: SeatFeed;
  tickets: Tickets;
  transport: MailTransport;
}

export const PARTS = Symbol('the parts of the worker');
