import type { OnApplicationShutdown } from '@nestjs/common';
import { type Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from '#contract';

/** The most keys that one limit remembers in this process while Redis is away; the oldest key goes for a new one. */
const KEYS_MAX = 50_000;

export interface LimitOptions {
  /** Part of the key in Redis: each limit has its own. */
  name: string;
  /** So many of something … */
  points: number;
  /** … within this time, from the first of them, in seconds. */
  seconds: number;
}

/** What a key has used of a limit. */
export interface Used {
  count: number;
  /** When the key begins anew, in seconds from now. */
  secondsLeft: number;
}

/**
 * So many of something in a window of time, by key. All processes count together in Redis. While Redis is away each process counts for
 * itself in bounded memory, and a key is forgotten alone, never all keys at once.
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

  /** Count one more, or several. @throws ProblemError `too-many-requests` with the time to wait. */
  async count(key: string, by = 1): Promise<void> {
    const { count, secondsLeft } = await this.use(key, by);
    if (count > this.points) throw new ProblemError('too-many-requests', {}, secondsLeft);
  }

  /** Count one more, or several, and refuse nothing. */
  async use(key: string, by = 1): Promise<Used> {
    try {
      return used(await this.#limiter.consume(key, by));
    } catch (result) {
      // Above its points, the library throws what was used.
      if (result instanceof RateLimiterRes) return used(result);
      throw result;
    }
  }

  /** Take back one that was counted. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key);
  }

  /** Whether a key has used anything, without counting. */
  async knows(key: string): Promise<boolean> {
    return (await this.#limiter.get(key)) !== null;
  }
}

/** The limits of one API process, each made where it is used, on one connection to Redis. */
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

/** The library's counting in memory, which has no bound of its own, with one. */
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
