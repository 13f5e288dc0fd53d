import type { Logger } from 'pino';
import type { Identity } from '#identity';
import type { MailTransport } from '#mail';
import type { Outbox } from '#notifications';
import type { BoundedLog, Configuration } from '#platform';
import type { Programme } from '#programme';
import type { ScheduledMail, Seats } from '#seats';
import type { Tickets } from '#tickets';
import type { WorkerFigures } from './figures.ts';

/** What the worker is put together from. */
export interface Parts {
  configuration: Configuration;
  logger: Logger;
  /** For what strangers can cause at will. */
  log: BoundedLog;
  figures: WorkerFigures;
  people: Identity;
  programme: Programme;
  seats: Seats;
  scheduledMail: ScheduledMail;
  outbox: Outbox;
  tickets: Tickets;
  transport: MailTransport;
}

export const PARTS = Symbol('the parts of the worker');
