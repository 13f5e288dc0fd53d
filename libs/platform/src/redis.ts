import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** The maximum pause between two attempts to reconnect, in milliseconds. */
const RECONNECT_MAX_MS = 2_000;

/**
 * Opens a connection to Redis that reconnects without limit. Its errors never end the process. With the default `maxRetriesPerRequest:
 * null`, which BullMQ's workers require, commands wait for the connection. A publisher passes a small number, so that its commands fail
 * instead.
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
      logger?.warn(
        { error: error.message || (error as { code?: string }).code, connection: name },
        'Redis is away; retrying',
      );
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger?.info({ connection: name }, 'Redis is back');
    away = false;
  });
  return redis;
}
