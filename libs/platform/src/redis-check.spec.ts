import { afterEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis, waitFor } from '../../../test/support/index.ts';
import { openRedis } from './redis.ts';
import { checkRedis, redisPartError, warnOfRedis } from './redis-check.ts';

let server: TestRedis;
const open: Redis[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.disconnect();
  await server.stop();
});

async function start(settings?: Record<string, string>): Promise<Redis> {
  server = await startTestRedis(settings);
  const redis = new Redis(server.url);
  open.push(redis);
  return redis;
}

it('accepts a Redis with the settings of npm start', async () => {
  const redis = await start();
  await expect(checkRedis(redis)).resolves.toBeUndefined();
});

it.each<[string, [string, string][], object]>([
  ['evicts keys', [['maxmemory-policy', 'allkeys-lru']], { code: 'evicts', degradesOnly: true }],
  ['evicts keys that expire', [['maxmemory-policy', 'volatile-lru']], { code: 'evicts', degradesOnly: true }],
  ['is full', [['maxmemory', '1']], { code: 'full', degradesOnly: false }],
])('rejects a Redis that %s, and accepts it after the settings are corrected', async (_, settings, error) => {
  const redis = await start();
  for (const [name, value] of settings) await redis.config('SET', name, value);
  await expect(checkRedis(redis)).rejects.toMatchObject(error);
  await redis.config('SET', 'maxmemory', '0');
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await expect(checkRedis(redis)).resolves.toBeUndefined();
});

it('rejects a replica, which accepts no writes', async () => {
  const redis = await start();
  await redis.replicaof('127.0.0.1', 1);
  await expect(checkRedis(redis)).rejects.toMatchObject({ code: 'read-only', degradesOnly: false });
});

it('rejects a cluster, even when it accepts a write: the queues do not work on a cluster', async () => {
  const redis = await start({ 'cluster-enabled': 'yes' });
  await expect(checkRedis(redis)).rejects.toMatchObject({ code: 'cluster' });
  await redis.call('cluster', 'addslotsrange', '0', '16383');
  await waitFor(async () => String(await redis.cluster('INFO')).includes('cluster_state:ok'), { what: 'the cluster' });
  await redis.set('key', 'value');
  await expect(checkRedis(redis)).rejects.toMatchObject({ code: 'cluster' });
});

it('logs a warning for a connection to a Redis that evicts keys, with each key of the log line once', async () => {
  const operator = await start();
  await operator.config('SET', 'maxmemory-policy', 'allkeys-lfu');
  const lines: [object, string][] = [];
  const write = (fields: object, text: string) => void lines.push([fields, text]);
  const redis = openRedis(server.url, { name: 'spec', logger: { warn: write, info: write } as never });
  open.push(redis);
  warnOfRedis(redis, { warn: write } as never);
  await waitFor(() => lines.length > 0, { what: 'the warning' });
  expect(lines).toEqual([
    [
      { part: 'redis', state: 'evicts' },
      'Redis deletes keys when it is full (maxmemory-policy allkeys-lfu): set it to noeviction',
    ],
  ]);
});

it.each([
  ['MOVED 3999 10.0.0.1:6381', 'cluster'],
  ['ERR Error running script: @user_script: -CROSSSLOT Keys in request do not hash to the same slot', 'cluster'],
  ['NOAUTH Authentication required.', 'refuses'],
  ['MISCONF Redis is configured to save RDB snapshots', 'read-only'],
  ['connect ECONNREFUSED 127.0.0.1:6379', undefined],
  ['Connection is closed.', undefined],
])('maps the error %j to the error code %s', (message, code) => {
  expect(redisPartError(new Error(message))?.code).toBe(code);
});
