import type { FastifyRequest } from 'fastify';
import { ProblemError } from '#contract';
import { networkOf } from '#platform';

/** The most keys that one limit remembers; with more of them a window begins before its time. */
const KEYS_MAX = 50_000;

/** What the client of a request is counted by. */
export function clientOf(request: FastifyRequest): string {
  return networkOf(request.ip);
}

/**
 * So many of something in a window of time, by key. In memory: each process counts for itself. Windows begin for all keys at once, so
 * that what was counted is forgotten whole: a Map from which the oldest key goes with each new one leaves V8 a trail of tables.
 */
export class Limit {
  readonly #max: number;
  readonly #windowMs: number;
  #counts = new Map<string, number>();
  #until = 0;

  constructor(options: { max: number; windowSeconds: number }) {
    this.#max = options.max;
    this.#windowMs = options.windowSeconds * 1_000;
  }

  /** Count one more, or several. @throws ProblemError `too-many-requests` with the time to wait. */
  count(key: string, by = 1): void {
    const now = Date.now();
    if (this.#until <= now || this.#counts.size >= KEYS_MAX) {
      this.#counts = new Map();
      this.#until = now + this.#windowMs;
    }
    const count = (this.#counts.get(key) ?? 0) + by;
    this.#counts.set(key, count);
    if (count > this.#max) {
      throw new ProblemError('too-many-requests', {}, Math.max(1, Math.ceil((this.#until - now) / 1_000)));
    }
  }
}
