import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { PartError, type PartErrorCode } from './health.ts';

/** The key that a check writes, and how long Redis keeps it, in milliseconds. */
const PROBE_KEY = 'comptoir:health';
const PROBE_TTL_MS = 60_000;

/** The error codes of a part by the first word of an error of Redis, with a message for the operator. */
const PART_ERRORS: Record<string, [PartErrorCode, string]> = {
  READONLY: ['read-only', 'Redis is a read-only replica: REDIS_URL must lead to the primary'],
  OOM: ['full', 'Redis is full: raise its maxmemory'],
  MISCONF: ['read-only', 'Redis cannot write its files and takes no writes: look at its log'],
  NOREPLICAS: ['read-only', 'Redis takes no writes without its replicas'],
  MOVED: ['cluster', 'Redis runs as a cluster: REDIS_URL must lead to a server without cluster mode'],
  CROSSSLOT: ['cluster', 'Redis runs as a cluster: REDIS_URL must lead to a server without cluster mode'],
  CLUSTERDOWN: ['cluster', 'Redis runs as a cluster: REDIS_URL must lead to a server without cluster mode'],
  NOAUTH: ['refuses', 'Redis wants a password that REDIS_URL does not have'],
  WRONGPASS: ['refuses', 'Redis refuses the password of REDIS_URL'],
  NOPERM: ['refuses', 'the user of REDIS_URL may not run the commands of the product'],
};

/** Returns the part error of an error that Redis answered; undefined for any other error. */
export function redisPartError(error: unknown): PartError | undefined {
  const { message = '' } = (error ?? {}) as { message?: unknown };
  const word = String(message)
    .match(/\b[A-Z]{3,}\b/g)
    ?.find((each) => Object.hasOwn(PART_ERRORS, each));
  const found = word && PART_ERRORS[word];
  return found ? new PartError(...found) : undefined;
}

/**
 * Checks that Redis keeps its data: it accepts a write, is not a cluster, and evicts nothing.
 * @throws PartError `read-only`, `full`, `cluster`, `refuses`, or `evicts`, with which an app still serves; any other error while Redis is
 * unavailable
 */
export async function checkRedis(redis: Redis): Promise<void> {
  try {
    await redis.set(PROBE_KEY, '', 'PX', PROBE_TTL_MS);
  } catch (error) {
    throw redisPartError(error) ?? error;
  }
  // The user may not be allowed to run this command. The settings are then unknown.
  const facts = await redis.info().catch(() => '');
  if (/^cluster_enabled:1/m.test(facts)) throw new PartError(...(PART_ERRORS.MOVED as [PartErrorCode, string]));
  const policy = /^maxmemory_policy:(\S+)/m.exec(facts)?.[1] ?? 'noeviction';
  if (policy !== 'noeviction') {
    throw new PartError(
      'evicts',
      `Redis deletes keys when it is full (maxmemory-policy ${policy}): set it to noeviction`,
      {
        degradesOnly: true,
      },
    );
  }
}

/** Checks Redis after each connection, and logs a warning if it cannot do its work. */
export function warnOfRedis(redis: Redis, logger: Pick<Logger, 'warn'>): void {
  redis.on('ready', () => {
    checkRedis(redis).catch((error: Error) => {
      if (error instanceof PartError) logger.warn({ part: 'redis', state: error.code }, error.message);
    });
  });
}
