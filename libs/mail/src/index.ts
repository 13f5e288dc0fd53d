/** The messages in every language, tickets, calendar entries, and the way to the mail server. */
export { type CalendarSeat, calendarEntry } from './calendar.ts';
export { type CalendarParties, type ComposedMail, composeMail, type MailMessage, type SeatFacts } from './compose.tsx';
export { openTickets, type Ticket, type Tickets } from './tickets.ts';
export { createMailTransport, MailFault, type MailTransport, type OutgoingMail } from './transport.ts';
