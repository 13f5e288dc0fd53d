import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../apps/local/src/ports.ts';
import { startPostgres } from '../../apps/local/src/servers/postgres.ts';
import { startRedis } from '../../apps/local/src/servers/redis.ts';

/** Runs a bench on its own Postgres (durable commits, the settings of `npm start`) and its own Redis, and removes both after it. */
export async function withBenchServers<T>(
  work: (servers: { postgresUrl: string; redisUrl: string; folder: string }) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-bench-'));
  const postgres = await startPostgres({ folder: path.join(folder, 'postgres'), port: await freePort() });
  try {
    const redis = await startRedis({ folder: path.join(folder, 'redis'), port: await freePort() });
    try {
      return await work({ postgresUrl: postgres.url('postgres'), redisUrl: redis.url, folder });
    } finally {
      await redis.stop();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
