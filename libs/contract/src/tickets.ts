import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';

/** The public half of a key that signs tickets, as a JSON Web Key (RFC 8037). `kid` is the number of the key in a ticket. */
export const TicketKey = z.object({
  kid: z.string(),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
  x: z.string(),
});
export type TicketKey = z.infer<typeof TicketKey>;

/** `GET /ticket-keys`: the keys of all valid tickets. The first one signs new tickets. */
export const TicketKeys = z.object({ keys: z.array(TicketKey) });
export type TicketKeys = z.infer<typeof TicketKeys>;

/** `GET /registrations/{id}/ticket`: the data with which a page shows a ticket, also without network. */
export const TicketPage = z.object({
  registrationId: Id,
  /** The text of the QR code. */
  ticket: z.string(),
  validUntil: Instant,
  /** The paths of the QR code as SVG, and of the ticket as PDF. */
  svg: z.string(),
  pdf: z.string(),
  /**
   * The links that add the seat to a calendar: a file of this API (a path), and pages of Google and Outlook. Our messages cannot update an entry
   * that these pages make, so their links are absent if an invitation was sent by mail.
   */
  addTo: z.object({ google: z.optional(z.url()), outlook: z.optional(z.url()), ics: z.string() }),
});
export type TicketPage = z.infer<typeof TicketPage>;

/** `GET` and `POST /me/calendar-feed`: the private address of the calendar feed; absent if there is none. */
export const CalendarFeed = z.object({ url: z.optional(z.url()) });
export type CalendarFeed = z.infer<typeof CalendarFeed>;
