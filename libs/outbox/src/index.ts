/** What must be told because of a commit: the outbox, its relay to the queue, and how each telling went. */
export { type Outbox, type OwedMail, openOutbox } from './outbox.ts';
export { openRelay, type Relay, workerNumber } from './relay.ts';
