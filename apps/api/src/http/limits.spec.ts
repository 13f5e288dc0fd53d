import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openRedis } from '#platform';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.ts';
import { BoundedMemory, Limits } from './limits.ts';

let server: TestRedis;
const connections: Redis[] = [];
function limitsOfAProcess(): Limits {
  const redis = openRedis(server.url, {
    name: 'limits-spec',
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
  connections.push(redis);
  return new Limits(redis);
}
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  for (const redis of connections) redis.disconnect();
  await server?.stop();
});

/** Waits for simultaneous counts, and returns how many were allowed. */
async function passed(counts: Promise<void>[]): Promise<number> {
  return (await Promise.allSettled(counts)).filter(({ status }) => status === 'fulfilled').length;
}
const ready = (redis: Redis) => new Promise<void>((resolve) => redis.once('ready', () => resolve()));

describe('a limit', () => {
  it('is shared by all processes, also for simultaneous counts, and contains the time to wait', async () => {
    const options = { name: 'shared', points: 10, seconds: 60 };
    const [one, other] = [limitsOfAProcess().limit(options), limitsOfAProcess().limit(options)];
    await Promise.all(connections.map(ready));
    expect(await passed(Array.from({ length: 50 }, (_, at) => (at % 2 ? one : other).count('a')))).toBe(10);
    await expect(one.count('a')).rejects.toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 60 });
    await other.count('b');
    await expect(other.count('b', 10)).rejects.toMatchObject({ code: 'too-many-requests' });
    expect([await one.has('a'), await one.has('nobody')]).toEqual([true, false]);
  });

  it('is kept by each process while Redis is unavailable, and shared again afterwards', async () => {
    const limits = limitsOfAProcess();
    const limit = limits.limit({ name: 'away', points: 10, seconds: 60 });
    const redis = connections.at(-1) as Redis;
    await ready(redis);
    await limit.count('a', 10);
    await server.pause();
    expect(await passed(Array.from({ length: 20 }, () => limit.count('a')))).toBe(10);
    await server.resume();
    await ready(redis);
    await expect(limit.count('a')).rejects.toMatchObject({ code: 'too-many-requests' });
  });
});

describe('the memory while Redis is unavailable', () => {
  it('is limited, and removes only the oldest key', async () => {
    const memory = new BoundedMemory({ keyPrefix: 'x', points: 1, duration: 60, keysMax: 100 });
    for (let key = 0; key < 150; key++) await memory.consume(`key ${key}`);
    const known = [];
    for (let key = 0; key < 150; key++) known.push((await memory.get(`key ${key}`)) !== null);
    expect(known).toEqual(Array.from({ length: 150 }, (_, key) => key >= 50));
    await expect(memory.consume('key 149')).rejects.toMatchObject({ consumedPoints: 2 });
  });
});
