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

/** A job of the queue `mail`: the id of the outbox row. The row has the kind, the receiver and the subject of the message. */
export const MailJob = z.strictObject({ outboxId: Id });
export type MailJob = z.infer<typeof MailJob>;

/** The scheduled tasks. One worker at a time runs them, again and again. */
export const ScheduledTask = z.enum([
  /** Apply pending changes after their ten seconds; end the holds and offers that have expired. */
  'expire-seats',
  /** Enqueue the messages that are due at a time: reminders, hosts' lists, thanks. */
  'enqueue-due-mail',
  /** Delete messages and deliveries after their retention time. */
  'tidy-mail',
]);
export type ScheduledTask = z.infer<typeof ScheduledTask>;

/** A job of the queue `scheduled`: the task that is due. */
export const ScheduledJob = z.strictObject({ task: ScheduledTask });
export type ScheduledJob = z.infer<typeof ScheduledJob>;

/** Every queue with the schema of its payload. The worker parses each payload, because an earlier build may have enqueued it. */
export const queues = {
  mail: { name: 'mail', payload: MailJob },
  scheduled: { name: 'scheduled', payload: ScheduledJob },
} as const;
