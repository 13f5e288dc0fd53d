import { afterEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis, waitFor } from '../../../test/support/index.ts';
import { openRedis } from './redis.ts';
import { checkRedis, redisFault, warnOfRedis } from './redis-check.ts';

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

it('finds nothing wrong with the settings that npm start gives', async () => {
  const redis = await start();
  await expect(checkRedis(redis)).resolves.toBeUndefined();
});

it.each<[string, [string, string][], object]>([
  ['evicts keys', [['maxmemory-policy', 'allkeys-lru']], { fault: 'evicts', degradesOnly: true }],
  ['evicts keys that expire', [['maxmemory-policy', 'volatile-lru']], { fault: 'evicts', degradesOnly: true }],
  ['is full', [['maxmemory', '1']], { fault: 'full', degradesOnly: false }],
])('notices a Redis that %s, and that it is well again', async (_, settings, fault) => {
  const redis = await start();
  for (const [name, value] of settings) await redis.config('SET', name, value);
  await expect(checkRedis(redis)).rejects.toMatchObject(fault);
  await redis.config('SET', 'maxmemory', '0');
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await expect(checkRedis(redis)).resolves.toBeUndefined();
});

it('notices a replica, which takes no writes', async () => {
  const redis = await start();
  await redis.replicaof('127.0.0.1', 1);
  await expect(checkRedis(redis)).rejects.toMatchObject({ fault: 'read-only', degradesOnly: false });
});

it('notices a cluster, on which the queues cannot work, also where it takes a write', async () => {
  const redis = await start({ 'cluster-enabled': 'yes' });
  await expect(checkRedis(redis)).rejects.toMatchObject({ fault: 'cluster' });
  await redis.call('cluster', 'addslotsrange', '0', '16383');
  await waitFor(async () => String(await redis.cluster('INFO')).includes('cluster_state:ok'), { what: 'the cluster' });
  await redis.set('key', 'value');
  await expect(checkRedis(redis)).rejects.toMatchObject({ fault: 'cluster' });
});

it('warns of each connection to such a Redis, in a line whose keys stand once', async () => {
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
])('reads of the error %j that the fault is %s', (message, fault) => {
  expect(redisFault(new Error(message))?.fault).toBe(fault);
});
