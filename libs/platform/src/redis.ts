import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** The longest pause between two attempts to reach Redis again, in milliseconds. */
const RECONNECT_MAX_MS = 2_000;

/**
 * A connection to Redis that comes back by itself, for ever, and never ends the process.
 * `maxRetriesPerRequest: null` is what BullMQ's workers need; a publisher passes a small number to fail instead of wait.
 */
export function openRedis(
  url: string,
  options: { name: string; logger?: Pick<Logger, 'warn' | 'info'> } & Pick<
    RedisOptions,
    'maxRetriesPerRequest' | 'enableOfflineQueue' | 'lazyConnect' | 'commandTimeout'
  >,
): Redis {
  const { name, logger, ...rest } = options;
  const redis = new Redis(url, {
    connectionName: name,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MAX_MS),
    ...rest,
  });
  let away = false;
  redis.on('error', (error) => {
    if (!away)
      logger?.warn({ fault: error.message || (error as { code?: string }).code, name }, 'Redis is away; trying again');
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger?.info({ name }, 'Redis is back');
    away = false;
  });
  return redis;
}
