import { createHash } from 'node:crypto';
import { ProblemError } from '#contract';
import { type Database, Prisma } from '#platform';

/** What was answered to a request: its HTTP status and body. */
export interface Answer {
  status: number;
  answer: unknown;
}

/** A request that may be sent twice. `scope`: the call, and second the attendee's id or address, in words; `body`: the parsed body. */
export interface RepeatableRequest {
  scope: string;
  key: string;
  body: unknown;
}

/**
 * Answers of requests with an `Idempotency-Key`, kept for a day. Within a process two equal requests at once share one run; over processes
 * the first answer stored is the one given, and what runs twice there must be safe to repeat by itself (a claim is).
 */
export class IdempotencyKeys {
  readonly #keys: Database['prisma']['idempotencyKey'];
  readonly #running = new Map<string, { hash: Buffer; answer: Promise<Answer> }>();

  constructor({ prisma }: Database) {
    this.#keys = prisma.idempotencyKey;
  }

  /** Runs once, and answers the same from then on for a day. @throws ProblemError `idempotency-mismatch` for another body. */
  async answerOnce({ scope, key, body }: RepeatableRequest, run: () => Promise<Answer>): Promise<Answer> {
    const hash = createHash('sha256')
      .update(JSON.stringify(body, withSortedMembers) ?? '')
      .digest();
    const name = JSON.stringify([scope, key]);
    const running = this.#running.get(name);
    if (running) {
      requireSameHash(running.hash, hash);
      return running.answer;
    }
    const answer = this.#answer(scope, key, hash, run).finally(() => this.#running.delete(name));
    this.#running.set(name, { hash, answer });
    return answer;
  }

  async #answer(scope: string, key: string, hash: Buffer, run: () => Promise<Answer>): Promise<Answer> {
    const before = await this.#stored(scope, key, hash);
    if (before) return before;
    const given = await run();
    const { count } = await this.#keys.createMany({
      data: { scope, key, requestHash: new Uint8Array(hash), status: given.status, answer: jsonOf(given.answer) },
      skipDuplicates: true,
    });
    return count === 1 ? given : ((await this.#stored(scope, key, hash)) ?? given);
  }

  async #stored(scope: string, key: string, hash: Buffer): Promise<Answer | undefined> {
    const found = await this.#keys.findUnique({ where: { scope_key: { scope, key } } });
    if (!found) return undefined;
    requireSameHash(found.requestHash, hash);
    return { status: found.status, answer: found.answer };
  }
}

function requireSameHash(one: Uint8Array, other: Uint8Array): void {
  if (Buffer.compare(one, other) !== 0) throw new ProblemError('idempotency-mismatch');
}

/** The answer as it is sent, for a column of JSON. */
function jsonOf(answer: unknown): Prisma.InputJsonValue | typeof Prisma.JsonNull {
  return JSON.parse(JSON.stringify(answer ?? null)) ?? Prisma.JsonNull;
}

/** For `JSON.stringify`: members in the order of their names, so that bodies that say the same have one text. */
function withSortedMembers(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
