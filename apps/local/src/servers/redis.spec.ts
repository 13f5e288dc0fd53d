import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { freePort } from '../ports.ts';
import { startRedis } from './redis.ts';

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'comptoir-test-redis-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

it('serves its connected clients again after it lost all its files', async () => {
  const folder = path.join(parent, 'redis');
  const port = await freePort();
  let server = await startRedis({ folder, port });
  const client = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => {});
  try {
    await client.set('key', 'value');
    const { url } = server;
    await server.stop();
    await rm(folder, { recursive: true });
    server = await startRedis({ folder, port });
    expect(server.url).toBe(url);
    await waitFor(() => client.status === 'ready', { what: 'the client to be connected again' });
    expect(await client.get('key')).toBeNull();
    expect((await stat(`${folder}.password`)).mode & 0o777).toBe(0o600);
  } finally {
    client.disconnect();
    await server.stop();
  }
});
