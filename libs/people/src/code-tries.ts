import type { Pool } from 'pg';
import { ProblemError } from '#contract';
import { prepared } from '#platform';

/**
 * How often codes were tried, over all processes: 10 times an hour and 30 times a day for one subject (an address, or the id of a registration).
 * The limits stand in the function code_try.
 */
export class CodeTries {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Count a try, before its code is compared. @throws ProblemError `code-locked` with the time to wait. */
  async count(subject: string): Promise<void> {
    const { rows } = await this.#pool.query<{ seconds: number | null }>(
      prepared('select code_try($1) as seconds', [subject]),
    );
    const seconds = rows[0]?.seconds ?? null;
    if (seconds !== null) throw new ProblemError('code-locked', {}, seconds);
  }

  /** Forget subjects without a try for two days. */
  async tidy(): Promise<void> {
    await this.#pool.query(
      `delete from code_tries where coalesce(tried_at[cardinality(tried_at)], '-infinity') < now() - interval '2 days'`,
    );
  }
}
