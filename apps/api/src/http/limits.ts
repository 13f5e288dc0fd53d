import type { FastifyRequest } from 'fastify';
import { ProblemError } from '#contract';
import { networkOf } from '#platform';

/** The most keys that one limit remembers; the oldest are forgotten first. */
const KEYS_MAX = 50_000;

/** What the client of a request is counted by. */
export function clientOf(request: FastifyRequest): string {
  return networkOf(request.ip);
}

/** So many of something in a window of time, by key. In memory: each process counts for itself. */
export class Limit {
  readonly #max: number;
  readonly #windowMs: number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor(options: { max: number; windowSeconds: number }) {
    this.#max = options.max;
    this.#windowMs = options.windowSeconds * 1_000;
  }

  /** Count one more, or several. @throws ProblemError `too-many-requests` with the time to wait. */
  count(key: string, by = 1): void {
    const now = Date.now();
    let entry = this.#counts.get(key);
    if (!entry || entry.until <= now) {
      entry = { count: 0, until: now + this.#windowMs };
      this.#counts.delete(key);
      this.#counts.set(key, entry);
      if (this.#counts.size > KEYS_MAX) this.#counts.delete(this.#counts.keys().next().value as string);
    }
    entry.count += by;
    if (entry.count > this.#max) {
      throw new ProblemError('too-many-requests', {}, Math.max(1, Math.ceil((entry.until - now) / 1_000)));
    }
  }
}
