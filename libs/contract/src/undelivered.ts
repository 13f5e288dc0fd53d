import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';
import { MailKind } from './jobs.ts';

/** `GET /me/undelivered`: a message that did not reach the attendee, with the answer of their mail server. */
export const OwnUndelivered = z.object({
  id: Id,
  kind: MailKind,
  at: Instant,
  reason: z.string(),
  registrationId: z.optional(Id),
});
export type OwnUndelivered = z.infer<typeof OwnUndelivered>;

/** `GET /events/{slug}/undelivered`: an undelivered message, its receiver, and the number of attempts. */
export const Undelivered = z.extend(OwnUndelivered, {
  name: z.string(),
  email: z.string(),
  attempts: z.int(),
});
export type Undelivered = z.infer<typeof Undelivered>;
