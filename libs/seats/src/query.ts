import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ProblemError } from '#contract';
import { isDatabaseUnavailable, prepared } from '#platform';

/** Runs a statement with a constant text. Resolves with its rows, after its commit. */
export type Query = <Row>(text: string, values: unknown[]) => Promise<Row[]>;

/** SQLSTATE of a registration whose attendee does not exist. */
export const FOREIGN_KEY_VIOLATION = '23503';
/** SQLSTATE of a lock that was not granted within `lock_timeout`. */
export const LOCK_NOT_AVAILABLE = '55P03';
/** Errors after which a transaction is retried. The transaction changed nothing. */
const RETRIED = new Map<string | undefined, 'deadlock' | 'changed'>([
  ['40P01', 'deadlock'],
  ['40001', 'changed'],
]);
/**
 * The pause between two attempts of `afterCommit`, and their longest total time, in milliseconds: longer than the pool waits for a
 * connection.
 */
const READ_WITHIN_MS = 12_000;
const READ_EVERY_MS = 200;
/** The most retries of a transaction. */
const RETRIES_MAX = 8;

/**
 * The longest pause before the first retry, in milliseconds; twice as long before the second. The pause is random, so that transactions do
 * not collide again.
 */
const RETRY_PAUSE_MAX_MS = 5;

/** Retries since the process started, by reason. */
export const retries = { deadlock: 0, changed: 0 };

/**
 * Runs statements on a pool, and retries those that Postgres or the engine asks to retry.
 * @throws ProblemError `busy` when another transaction held a lock for longer than `lock_timeout`; the statement changed nothing
 */
export function openQuery(pool: Pool): Query {
  return async <Row>(text: string, values: unknown[]) => {
    try {
      return (await retryOnConflict(() => pool.query(prepared(text, values)))).rows as Row[];
    } catch (error) {
      if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) throw new ProblemError('busy', {}, 2);
      throw error;
    }
  };
}

/** Runs a transaction. Retries it after a deadlock, or when its data changed before it had its locks. */
export async function retryOnConflict<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const reason = RETRIED.get((error as { code?: string }).code);
      if (!reason || attempt === RETRIES_MAX) throw error;
      retries[reason]++;
      await pause(Math.random() * RETRY_PAUSE_MAX_MS * (attempt + 1));
    }
  }
}

/**
 * Reads what a commit changed. Retries for 12 s while the database is unavailable: otherwise the client would get an error for a change
 * that is on disk.
 */
export async function afterCommit<T>(read: () => Promise<T>): Promise<T> {
  const until = performance.now() + READ_WITHIN_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || performance.now() > until) throw error;
      await pause(READ_EVERY_MS);
    }
  }
}
