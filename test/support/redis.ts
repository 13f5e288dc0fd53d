import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../apps/local/src/ports.ts';
import { startRedis } from '../../apps/local/src/servers/redis.ts';

export interface TestRedis {
  url: string;
  /** Stops the server and keeps its files, as in an outage. */
  pause(): Promise<void>;
  /** Starts it again, on the same port and files. */
  resume(): Promise<void>;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** Starts a separate Redis on a free port, in a temporary folder. @param settings of redis.conf, in addition to those of the product */
export async function startTestRedis(settings?: Record<string, string>): Promise<TestRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-redis-'));
  const port = await freePort();
  const start = () => startRedis({ folder: path.join(folder, 'redis'), port, settings });
  let server = await start();
  return {
    url: server.url,
    pause: () => server.stop(),
    async resume() {
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
