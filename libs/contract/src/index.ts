/**
 * What a client of Comptoir may rely on, in one place: HTTP bodies, socket messages, job payloads, problem codes.
 * Everything here runs in a browser and imports nothing but `#text` and zod (zod/mini, which costs a page a few kilobytes).
 */
export * from './audit-log.ts';
export * from './calls/index.ts';
export * from './common.ts';
export * from './editing.ts';
export * from './jobs.ts';
export * from './live.ts';
export * from './people.ts';
export * from './problems.ts';
export * from './programme.ts';
export * from './registrations.ts';
export * from './tickets.ts';
export * from './undelivered.ts';
