/** The base of the tests: separate real servers, and functions that wait for a condition. */

export { freePort } from '../../apps/local/src/ports.ts';
export { createTestDatabase, type TestDatabase } from './database.ts';
export { type ReceivedMail, startTestMailbox, type TestMailbox } from './mailbox.ts';
export { startTestRedis, type TestRedis } from './redis.ts';
export { type Stack, startStack } from './stack.ts';
export { waitFor } from './wait-for.ts';
