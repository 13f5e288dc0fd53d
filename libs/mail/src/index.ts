/** The mails of the product: their templates and texts in each language, and their transport to the mail server. */
export { MailAttachments } from './attachments.ts';
export { createMailComposer, MailComposer } from './composer.ts';
export { emailAddress, emailDomain } from './email-address.ts';
export type {
  Addressee,
  CafeFacts,
  CalendarFacts,
  CalendarInvitation,
  ComposedMail,
  Delegate,
  DelegatedPerson,
  MailMessage,
  SeatFacts,
} from './message.ts';
export { calendarTitle } from './phrases.ts';
export { type Sample, sampleMessages } from './samples.ts';
export { createMailTransport, MailError, type MailErrorKind, MailTransport, type OutgoingMail } from './transport.ts';
export { TypedText } from './typed-text.ts';
