import { createHmac } from 'node:crypto';
import { ProblemError } from '#contract';
import { type Database, prepared } from '#platform';
import { derivedKey, type InstallationSecret } from './secrets.ts';

/**
 * Limits the tries of codes over all processes: 10 in an hour and 30 in a day for one subject (an address, or the id of a registration).
 * The SQL function `code_try` contains the limits. The table stores a keyed digest of the subject for 25 hours, because a visitor may type
 * the address of another person.
 */
export class CodeTries {
  readonly #pool: Database['pool'];
  readonly #key: Buffer;

  constructor({ pool }: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#pool = pool;
    this.#key = derivedKey(secret, 'code-tries');
  }

  /** Counts a try. Call it before the code is compared. @throws ProblemError `code-locked` with the time to wait. */
  async count(subject: string): Promise<void> {
    const digest = createHmac('sha256', this.#key).update(subject).digest('base64url').slice(0, 22);
    const { rows } = await this.#pool.query<{ seconds: number | null }>(
      prepared('select code_try($1) as seconds', [digest]),
    );
    const seconds = rows[0]?.seconds ?? null;
    if (seconds !== null) throw new ProblemError('code-locked', {}, seconds);
  }
}
