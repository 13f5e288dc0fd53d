import * as z from 'zod/mini';
import { Id } from './common.ts';

/** Every message that Comptoir sends by e-mail. */
export const MailKind = z.enum([
  'prove-address',
  'sign-in-code',
  'confirmed',
  'waitlisted',
  'moved-up',
  'offered',
  'offer-expired',
  'swapped',
  'cafe-moved',
  'line-closed',
  'cancelled',
  'cancelled-by-organiser',
  'seat-released',
  'capacity-lost',
  'delegation-summary',
  'reminder-day-before',
  'reminder-soon',
  'host-list',
  'thanks',
]);
export type MailKind = z.infer<typeof MailKind>;

/** The queue `mail`: the id of the outbox row, and nothing else; the row says what, to whom and about what. */
export const MailJob = z.strictObject({ outboxId: Id });
export type MailJob = z.infer<typeof MailJob>;

/** What is done again and again, by one worker at a time. */
export const ScheduledTask = z.enum([
  /** Apply pending changes whose ten seconds are over; end holds and offers whose time is. */
  'expire-seats',
  /** Enqueue the messages that come at a time: reminders, hosts' lists, thanks. */
  'enqueue-due-mail',
  /** Delete messages and their deliveries whose time is over. */
  'tidy-mail',
]);
export type ScheduledTask = z.infer<typeof ScheduledTask>;

/** The queue `scheduled`: which task is due. */
export const ScheduledJob = z.strictObject({ task: ScheduledTask });
export type ScheduledJob = z.infer<typeof ScheduledJob>;

/** Every queue with the schema of its payload, by which its worker parses it again: a job outlives the code that made it. */
export const queues = {
  mail: { name: 'mail', payload: MailJob },
  scheduled: { name: 'scheduled', payload: ScheduledJob },
} as const;
