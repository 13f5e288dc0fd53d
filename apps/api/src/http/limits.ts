import type { OnApplicationShutdown } from '@nestjs/common';
import { type Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from '#contract';

/** The maximum number of keys that this process counts for one limit while Redis is unavailable. A new key replaces the oldest. */
const KEYS_MAX = 50_000;

export interface LimitOptions {
  /** The part of the key in Redis that identifies the limit. */
  name: string;
  /** The number of uses that the limit allows in a period. */
  points: number;
  /** The length of the period in seconds. The period begins with the first use. */
  seconds: number;
}

/** The uses of a key. */
export interface Used {
  count: number;
  /** When the period of the key ends, in seconds from now. */
  secondsLeft: number;
}

/**
 * Limits how often a key is used in a period. All processes count together in Redis. While Redis is unavailable, each process counts
 * separately in limited memory. When the memory is full, only the oldest key is removed; the other counts stay.
 */
export class Limit {
  readonly points: number;
  readonly #limiter: RateLimiterRedis;

  constructor(redis: Redis, { name, points, seconds }: LimitOptions) {
    this.points = points;
    this.#limiter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `comptoir:limit:${name}`,
      points,
      duration: seconds,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new BoundedMemory({ keyPrefix: name, points, duration: seconds }),
    });
  }

  /** Counts one or more uses. @throws ProblemError `too-many-requests` with the time to wait. */
  async count(key: string, by = 1): Promise<void> {
    const { count, secondsLeft } = await this.use(key, by);
    if (count > this.points) throw new ProblemError('too-many-requests', {}, secondsLeft);
  }

  /** Counts one or more uses and returns the count. Does not throw above the limit. */
  async use(key: string, by = 1): Promise<Used> {
    try {
      return used(await this.#limiter.consume(key, by));
    } catch (result) {
      // The library throws its result when the limit is exceeded.
      if (result instanceof RateLimiterRes) return used(result);
      throw result;
    }
  }

  /** Subtracts one counted use. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key);
  }

  /** Returns whether a key was used in the current period. Does not count a use. */
  async has(key: string): Promise<boolean> {
    return (await this.#limiter.get(key)) !== null;
  }
}

/** The limits of one API process, on one connection to Redis. Each limit is created where it is used. */
export class Limits implements OnApplicationShutdown {
  readonly #redis: Redis;

  /** @param redis is disconnected at the shutdown */
  constructor(redis: Redis) {
    this.#redis = redis;
  }

  limit(options: LimitOptions): Limit {
    return new Limit(this.#redis, options);
  }

  onApplicationShutdown(): void {
    this.#redis.disconnect();
  }
}

function used({ consumedPoints, msBeforeNext }: RateLimiterRes): Used {
  return { count: consumedPoints, secondsLeft: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
}

/** Counts in memory as the library does, but with a maximum number of keys. The library has no such maximum. */
export class BoundedMemory extends RateLimiterMemory {
  readonly #keys = new Set<string>();
  readonly #keysMax: number;

  constructor({
    keysMax = KEYS_MAX,
    ...options
  }: { keyPrefix: string; points: number; duration: number; keysMax?: number }) {
    super(options);
    this.#keysMax = keysMax;
  }

  override consume(...[key, ...rest]: Parameters<RateLimiterMemory['consume']>): Promise<RateLimiterRes> {
    const text = String(key);
    if (!this.#keys.has(text)) {
      this.#keys.add(text);
      const [oldest] = this.#keys;
      if (this.#keys.size > this.#keysMax && oldest !== undefined) {
        this.#keys.delete(oldest);
        void super.delete(oldest);
      }
    }
    return super.consume(key, ...rest);
  }
}
