import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { PartError, type PartFault } from './health.ts';

/** The key that a check writes, and how long it lives, in milliseconds. */
const PROBE_KEY = 'comptoir:health';
const PROBE_TTL_MS = 60_000;

/** The fault that the first word of an answer of Redis means, with what the operator does about it. */
const FAULTS: Record<string, [PartFault, string]> = {
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

/** The part error of an error that Redis answered; undefined for any other error. */
export function redisFault(error: unknown): PartError | undefined {
  const { message = '' } = (error ?? {}) as { message?: unknown };
  const word = String(message)
    .match(/\b[A-Z]{3,}\b/g)
    ?.find((each) => Object.hasOwn(FAULTS, each));
  const found = word && FAULTS[word];
  return found ? new PartError(...found) : undefined;
}

/**
 * Checks that Redis keeps what it is given: it takes a write, is not a cluster, and evicts nothing.
 * @throws PartError `read-only`, `full`, `cluster`, `refuses`, or `evicts`, which an app serves with; any other error while Redis is away
 */
export async function checkRedis(redis: Redis): Promise<void> {
  try {
    await redis.set(PROBE_KEY, '', 'PX', PROBE_TTL_MS);
  } catch (error) {
    throw redisFault(error) ?? error;
  }
  // A user may be forbidden to ask; then nothing is known.
  const facts = await redis.info().catch(() => '');
  if (/^cluster_enabled:1/m.test(facts)) throw new PartError(...(FAULTS.MOVED as [PartFault, string]));
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

/** Checks Redis each time that a connection to it is made, and logs what is wrong with it. */
export function warnOfRedis(redis: Redis, logger: Pick<Logger, 'warn'>): void {
  redis.on('ready', () => {
    checkRedis(redis).catch((error: Error) => {
      if (error instanceof PartError) logger.warn({ part: 'redis', state: error.fault }, error.message);
    });
  });
}
