import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';

/** The public half of a key that signs tickets, as a JSON Web Key (RFC 8037). `kid` is the number that a ticket names. */
export const TicketKey = z.object({
  kid: z.string(),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
  x: z.string(),
});
export type TicketKey = z.infer<typeof TicketKey>;

/** `GET /ticket-keys`: the keys of tickets that are good; the first signs those made now. */
export const TicketKeys = z.object({ keys: z.array(TicketKey) });
export type TicketKeys = z.infer<typeof TicketKeys>;

/** `GET /registrations/{id}/ticket`: what a page needs to show a ticket, also later and without a network. */
export const TicketPage = z.object({
  registrationId: Id,
  /** The text of the QR code. */
  ticket: z.string(),
  validUntil: Instant,
  /** Paths of the picture and of the file for printing. */
  svg: z.string(),
  pdf: z.string(),
  /**
   * Where the seat is put into a calendar: a path here, and two pages elsewhere. These make an entry that no message can change, so they are
   * absent where an invitation went out by mail.
   */
  addTo: z.object({ google: z.optional(z.url()), outlook: z.optional(z.url()), ics: z.string() }),
});
export type TicketPage = z.infer<typeof TicketPage>;

/** `GET` and `POST /me/calendar-feed`: the private address that a calendar follows; absent where there is none. */
export const CalendarFeed = z.object({ url: z.optional(z.url()) });
export type CalendarFeed = z.infer<typeof CalendarFeed>;
