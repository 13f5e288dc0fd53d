import type { CalendarInvitation } from './message.ts';

/** Renders the attachments that other libs make. The app provides it, so that mail imports neither tickets nor calendar. */
export abstract class MailAttachments {
  /** The QR code of a ticket as a PNG image. */
  abstract ticketImage(ticket: string): Buffer;
  /** An iCalendar file (RFC 5546) that adds or changes (`REQUEST`) or removes (`CANCEL`) one entry. */
  abstract calendarEntry(invitation: CalendarInvitation, method: 'REQUEST' | 'CANCEL'): string;
}
