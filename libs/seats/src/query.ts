import type { Pool } from 'pg';

/** Run a named statement; resolves with its rows, after its commit. */
export type Query = <Row>(name: string, text: string, values: unknown[]) => Promise<Row[]>;

/** Deadlock, and “decide again” (see the head of the seat functions): nothing of the transaction remained. */
const AGAIN = new Set(['40P01', '40001']);
/** How often such a transaction is run again. */
const RETRIES_MAX = 8;

/** How many transactions were run again since the process started: told by `npm run seats -- torture`. */
export const retries = { count: 0 };

/** Statements on a pool, run again where Postgres or the engine asked for it. */
export function openQuery(pool: Pool): Query {
  return async <Row>(name: string, text: string, values: unknown[]) =>
    (await again(() => pool.query({ name, text, values }))).rows as Row[];
}

/** Run a transaction again when it was ended to be decided again. */
export async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (fault) {
      if (!AGAIN.has((fault as { code?: string }).code ?? '') || attempt === RETRIES_MAX) throw fault;
      retries.count++;
    }
  }
}
