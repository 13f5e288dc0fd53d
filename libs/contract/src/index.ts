/**
 * The contract between Comptoir and its clients: HTTP bodies, socket messages, job payloads, problem codes.
 * It runs in a browser, and imports only `#text` and zod/mini, which adds a few kilobytes to a page.
 */
export * from './audit-log.ts';
export * from './calls/index.ts';
export * from './common.ts';
export * from './editing.ts';
export * from './importing.ts';
export * from './jobs.ts';
export * from './live.ts';
export * from './people.ts';
export * from './problems.ts';
export * from './programme.ts';
export * from './registrations.ts';
export * from './tickets.ts';
export * from './undelivered.ts';
