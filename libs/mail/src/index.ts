/** The messages in every language, tickets, calendar entries, and the way to the mail server. */
import type { Locale } from '#contract';
import type { Addressee, ComposedMail, MailMessage } from './message.ts';
import type { PrintedTicket } from './printed/printed-ticket.ts';

export { addressOf } from './address.ts';
export { addToLinks } from './calendar/add-to.ts';
export { type CalendarSeat, calendarEntry, calendarFeed } from './calendar/calendar.ts';
export type {
  Addressee,
  CafeFacts,
  CalendarFacts,
  ComposedMail,
  Delegate,
  DelegatedPerson,
  GivenBack,
  MailMessage,
  SeatFacts,
} from './message.ts';
export { type Sample, sampleMessages } from './samples.ts';
export { openTickets, type Ticket, Tickets } from './tickets.ts';
export {
  createMailTransport,
  MailFault,
  type MailFaultKind,
  MailTransport,
  type OutgoingMail,
} from './transport.ts';
export { TypedText } from './typed-text.ts';

/** The ticket as a PDF of one page, its typefaces embedded. Loaded with the first, like what writes messages. */
export async function printTicket(ticket: PrintedTicket, locale: Locale): Promise<Buffer> {
  const { printTicket: print } = await import('./printed/printed-ticket.ts');
  return print(ticket, locale);
}

/**
 * Write one message for its addressee, in their language. What writes it is loaded with the first: an app that sends no mail spares its memory.
 */
export async function composeMail(message: MailMessage, to: Addressee): Promise<ComposedMail> {
  const { composeMail: compose } = await import('./compose.ts');
  return compose(message, to);
}
