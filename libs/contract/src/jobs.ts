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
