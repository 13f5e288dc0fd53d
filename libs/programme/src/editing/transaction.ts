import { type ProblemCode, ProblemError } from '#contract';
import { type Database, sqlState } from '#platform';
import type { Transaction } from '../writing/author.ts';

/** How long one change may take, and wait for a connection, in milliseconds. */
const CHANGE_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** How often a change runs again that another change collided with. */
const RETRIES_MAX = 8;
/** The first key of the advisory locks of events. */
const EVENT_LOCK = 7_212_026;

/** Rolls a preview back. */
class RolledBack<Value> extends Error {
  readonly value: Value;
  constructor(value: Value) {
    super('rolled back');
    this.value = value;
  }
}

/**
 * Runs a change of a programme in one transaction, and again after a deadlock.
 * @param taken the problem where a value that must be unique is taken by another change at the same time
 * @throws ProblemError `busy` where another transaction holds a lock for too long; nothing was done
 */
export async function inChange<Value>(
  { prisma }: Database,
  run: (transaction: Transaction) => Promise<Value>,
  taken: ProblemCode = 'code-taken',
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prisma.$transaction(run, { timeout: CHANGE_TIMEOUT_MS, maxWait: CONNECT_TIMEOUT_MS });
    } catch (error) {
      const state = sqlState(error);
      if (state === '55P03') throw new ProblemError('busy', {}, 2);
      if (state === '23505') throw new ProblemError(taken);
      if (attempt > RETRIES_MAX || !['40P01', '40001'].includes(state ?? '')) throw error;
    }
  }
}

/** Runs a change and rolls it back. Returns what it found. */
export async function inPreview<Value>(
  database: Database,
  run: (transaction: Transaction) => Promise<Value>,
): Promise<Value> {
  try {
    return await inChange(database, async (transaction): Promise<Value> => {
      throw new RolledBack(await run(transaction));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.value as Value;
    throw error;
  }
}

/** Lets one change at a time add, remove, order or publish what an event has, until the end of the transaction. */
export async function lockEvent(transaction: Transaction, eventId: string): Promise<void> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(${EVENT_LOCK}::integer, hashtext(${eventId}))`;
}
