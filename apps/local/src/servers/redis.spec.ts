import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { freePort } from '../ports.ts';
import { keepRedis, startRedis } from './redis.ts';

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

it('is started again with its data after it was killed, and not after it was stopped', async () => {
  const folder = path.join(parent, 'kept');
  const lines: string[] = [];
  const server = await keepRedis({ folder, port: await freePort(), say: (line) => lines.push(line) });
  const client = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => {});
  try {
    await client.config('SET', 'appendfsync', 'always');
    await client.set('key', 'value');
    process.kill(Number(await readFile(path.join(folder, 'redis.pid'), 'utf8')), 'SIGKILL');
    await waitFor(() => lines.length > 0, { what: 'the line' });
    expect(lines).toEqual(['Redis ended by itself (SIGKILL); starting it again']);
    await waitFor(async () => (await client.get('key')) === 'value', { what: 'the client to be served again' });
  } finally {
    client.disconnect();
    await server.stop();
  }
  expect(lines).toHaveLength(1);
});
