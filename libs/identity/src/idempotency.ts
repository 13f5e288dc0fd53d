import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { ProblemError } from '#contract';

/** What was answered to a request: its HTTP status and body. */
export interface Answer {
  status: number;
  answer: unknown;
}

/** A request that may be sent twice. `scope` is the person (or address) and the call; `body` is the parsed body. */
export interface RepeatableRequest {
  scope: string;
  key: string;
  body: unknown;
}

/**
 * The memory behind `Idempotency-Key`. Within a process two equal requests at once share one run; over processes the first
 * answer stored is the one given, and what runs twice there must be safe to repeat by itself (a claim is).
 */
export class Idempotency {
  readonly #pool: Pool;
  readonly #running = new Map<string, { hash: string; answer: Promise<Answer> }>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Run once, and answer the same from then on for a day. @throws ProblemError `idempotency-mismatch` for another body. */
  async once({ scope, key, body }: RepeatableRequest, run: () => Promise<Answer>): Promise<Answer> {
    const hash = createHash('sha256')
      .update(JSON.stringify(body, sorted) ?? '')
      .digest('hex');
    const name = JSON.stringify([scope, key]);
    const running = this.#running.get(name);
    if (running) {
      if (running.hash !== hash) throw new ProblemError('idempotency-mismatch');
      return running.answer;
    }
    const answer = this.#answer(scope, key, hash, run).finally(() => this.#running.delete(name));
    this.#running.set(name, { hash, answer });
    return answer;
  }

  /** Forget keys after a day. */
  async tidy(): Promise<void> {
    await this.#pool.query(`delete from idempotency_key where created_at < now() - interval '1 day'`);
  }

  async #answer(scope: string, key: string, hash: string, run: () => Promise<Answer>): Promise<Answer> {
    const before = await this.#stored(scope, key, hash);
    if (before) return before;
    const given = await run();
    const kept = await this.#pool.query(
      `insert into idempotency_key (scope, key, request_hash, status, answer) values ($1, $2, decode($3, 'hex'), $4, $5)
       on conflict do nothing`,
      [scope, key, hash, given.status, JSON.stringify(given.answer ?? null)],
    );
    return kept.rowCount === 1 ? given : ((await this.#stored(scope, key, hash)) ?? given);
  }

  async #stored(scope: string, key: string, hash: string): Promise<Answer | undefined> {
    const found = await this.#pool.query<{ hash: string; status: number; answer: unknown }>(
      `select encode(request_hash, 'hex') as hash, status, answer from idempotency_key where scope = $1 and key = $2`,
      [scope, key],
    );
    const row = found.rows[0];
    if (!row) return undefined;
    if (row.hash !== hash) throw new ProblemError('idempotency-mismatch');
    return { status: row.status, answer: row.answer };
  }
}

/** For `JSON.stringify`: members in the order of their names, so that bodies that say the same have one text. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
