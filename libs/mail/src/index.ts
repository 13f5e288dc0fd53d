/** The messages in every language, tickets, calendar entries, and the way to the mail server. */
import type { Locale } from '#contract';
import type { ComposedMail, MailMessage } from './compose.tsx';

export { type CalendarSeat, calendarEntry } from './calendar.ts';
export type { CalendarParties, ComposedMail, MailMessage, SeatFacts } from './compose.tsx';
export { openTickets, type Ticket, type Tickets } from './tickets.ts';
export {
  createMailTransport,
  MailFault,
  type MailFaultKind,
  type MailTransport,
  type OutgoingMail,
} from './transport.ts';

/**
 * Write one message in one language. What writes it is loaded with the first: an app that sends no mail spares its memory.
 */
export async function composeMail(message: MailMessage, locale: Locale): Promise<ComposedMail> {
  const { composeMail: compose } = await import('./compose.tsx');
  return compose(message, locale);
}
