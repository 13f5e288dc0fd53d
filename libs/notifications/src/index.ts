/** What must be told because of a commit: the outbox, its relay to the queue, and how each telling went. */
export { Outbox, type OwedMail, openOutbox } from './outbox.ts';
export { openRelay, Relay, workerNumber } from './relay.ts';
