import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import { ProblemError } from '#contract';
import { prepared } from '#platform';
import { derivedKey } from './secrets.ts';
import { deleteInBatches } from './tidying.ts';

/**
 * How often codes were tried, over all processes: 10 times an hour and 30 times a day for one subject (an address, or the id of a registration).
 * The limits stand in the function code_try. Anybody may type any address, so what is kept of it is a keyed digest, for 25 hours.
 */
export class CodeTries {
  readonly #pool: Pool;
  readonly #key: Buffer;

  constructor(pool: Pool, secret: string) {
    this.#pool = pool;
    this.#key = derivedKey(secret, 'code-tries');
  }

  /** Count a try, before its code is compared. @throws ProblemError `code-locked` with the time to wait. */
  async count(subject: string): Promise<void> {
    const digest = createHmac('sha256', this.#key).update(subject).digest('base64url').slice(0, 22);
    const { rows } = await this.#pool.query<{ seconds: number | null }>(
      prepared('select code_try($1) as seconds', [digest]),
    );
    const seconds = rows[0]?.seconds ?? null;
    if (seconds !== null) throw new ProblemError('code-locked', {}, seconds);
  }

  /** Forget subjects without a try for 25 hours. */
  async tidy(): Promise<void> {
    await deleteInBatches(this.#pool, 'code_tries', `last_at < now() - interval '25 hours'`);
  }
}
