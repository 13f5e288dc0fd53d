/**
 * Decides which message is sent to whom, when and with which data. Contains the outbox and its relay to the queue, the schedule, the data of
 * each kind of message, and the state of each delivery. Owner of the tables outbox, outbox_batch, email_delivery, scheduled_mail, mail_budget,
 * mail_recipient, sent_mail_count, event_mail_count and installation.
 */
export { type CafeForMail, cafeForMail } from './data/cafe-for-mail.ts';
export type { MailDataSources } from './data/context.ts';
export { MailData } from './data/index.ts';
export { Deliveries, openDeliveries } from './deliveries.ts';
export { MailBudget, openMailBudget } from './mail-budget.ts';
export { MailRecipients, openMailRecipients } from './mail-recipients.ts';
export { MAIL_IS_OFF, type MailOffReason, MailSwitch, openMailSwitch, type WaitingMessages } from './mail-switch.ts';
export type { Backlog, MessageCounts } from './message-counts.ts';
export { type MessageTo, Outbox, openOutbox, type Undelivered, type UndeliveredOf } from './outbox.ts';
export { type OutboxMail, UnknownMailKind } from './outbox-mail.ts';
export { OverBudget } from './over-budget.ts';
export * from './readers.ts';
export { openRelay, Relay, workerNumber } from './relay.ts';
export { MailRetention, openMailRetention } from './retention.ts';
export { MailSchedule, openMailSchedule } from './schedule.ts';
export { openSentMail, SentMail } from './sent-mail.ts';
