import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { isDatabaseUnavailable, prepared } from '#platform';

/** Run a statement whose text is a constant; resolves with its rows, after its commit. */
export type Query = <Row>(text: string, values: unknown[]) => Promise<Row[]>;

/** What Postgres calls a registration of somebody who does not exist. */
export const FOREIGN_KEY_VIOLATION = '23503';
/** Why a transaction is run again (see the head of the seat functions): nothing of it remained. */
const AGAIN = new Map<string | undefined, 'deadlock' | 'changed'>([
  ['40P01', 'deadlock'],
  ['40001', 'changed'],
]);
/** How long what a commit made is tried to be read while the database is away (longer than a connection is waited for), and how often, in milliseconds. */
const READ_WITHIN_MS = 12_000;
const READ_EVERY_MS = 200;
/** How often such a transaction is run again. */
const RETRIES_MAX = 8;

/** How long one that collided waits at most before it is run again the first time, in milliseconds; the second time twice as long. */
const RETRY_PAUSE_MAX_MS = 5;

/** How many transactions were run again since the process started, by why. */
export const runAgain = { deadlock: 0, changed: 0 };

/** Statements on a pool, run again where Postgres or the engine asked for it. */
export function openQuery(pool: Pool): Query {
  return async <Row>(text: string, values: unknown[]) =>
    (await again(() => pool.query(prepared(text, values)))).rows as Row[];
}

/** Run a transaction again when it was ended to be decided again. */
export async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (fault) {
      const why = AGAIN.get((fault as { code?: string }).code);
      if (!why || attempt === RETRIES_MAX) throw fault;
      runAgain[why]++;
      // Not all at the same moment: those that collided would collide again.
      await pause(Math.random() * RETRY_PAUSE_MAX_MS * (attempt + 1));
    }
  }
}

/**
 * Read what a commit made. Where the database goes away just then it is tried again for some seconds: whoever asked would be told
 * that nothing was done, and nobody would be told that it was.
 */
export async function afterCommit<T>(read: () => Promise<T>): Promise<T> {
  const until = performance.now() + READ_WITHIN_MS;
  for (;;) {
    try {
      return await read();
    } catch (fault) {
      if (!isDatabaseUnavailable(fault) || performance.now() > until) throw fault;
      await pause(READ_EVERY_MS);
    }
  }
}
