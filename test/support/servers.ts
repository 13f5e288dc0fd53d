import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../apps/local/src/ports.ts';
import { startPostgres } from '../../apps/local/src/servers/postgres.ts';
import { prepareTemplate } from './template.ts';

/** The Postgres of a test run, with the migrated template that `createTestDatabase` clones. */
export interface TestServers {
  postgresUrl: string;
  /** The name of the template database. */
  template: string;
  /** Called when the run ends. */
  release(): Promise<void>;
}

/** The folder of the servers that stay up between runs. */
export const SERVERS_FOLDER = path.resolve('.local/test');
/** The JSON file in `SERVERS_FOLDER` that exists while the servers are up: `{postgresUrl}`. */
export const SERVERS_FILE = path.join(SERVERS_FOLDER, 'servers.json');
const START_WITHIN_MS = 60_000;
const POLL_MS = 50;

/** Starts servers for one run, in a temporary folder. `release` stops them and removes the folder. */
export async function startOwnServers(): Promise<TestServers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-'));
  const server = await startPostgres({
    folder: path.join(folder, 'postgres'),
    port: await freePort(),
    durable: false,
  });
  const postgresUrl = server.url('postgres');
  return {
    postgresUrl,
    template: await prepareTemplate(postgresUrl),
    async release() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Uses the servers that stay up between runs, and starts them when they are not up (`long-running-servers.ts`). They stop when they are not
 * used for some time.
 * @throws Error that names their log, when they do not start within a minute
 */
export async function useLongRunningServers(): Promise<TestServers> {
  const { postgresUrl, presence } = (await connectRunning()) ?? (await startRunning());
  return {
    postgresUrl,
    template: await prepareTemplate(postgresUrl),
    release: () => presence.end(),
  };
}

interface RunningServers {
  postgresUrl: string;
  /** While this connection is open, the servers stay up. */
  presence: pg.Client;
}

async function connectRunning(): Promise<RunningServers | undefined> {
  const text = await readFile(SERVERS_FILE, 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const { postgresUrl } = JSON.parse(text) as { postgresUrl: string };
  const presence = new pg.Client({
    connectionString: postgresUrl,
    application_name: 'comptoir-test-run',
    connectionTimeoutMillis: 2_000,
  });
  presence.on('error', () => {});
  try {
    await presence.connect();
    return { postgresUrl, presence };
  } catch {
    await presence.end().catch(() => {});
    return undefined;
  }
}

async function startRunning(): Promise<RunningServers> {
  await mkdir(SERVERS_FOLDER, { recursive: true });
  const logFile = path.join(SERVERS_FOLDER, 'log');
  const log = openSync(logFile, 'w', 0o600);
  const program = path.resolve(import.meta.dirname, 'long-running-servers.ts');
  // Runs in its own session, so that it outlives this run, and Ctrl-C in the terminal does not reach it.
  spawn(process.execPath, ['--no-warnings', program], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_OPTIONS: '' },
  }).unref();
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline) {
    const running = await connectRunning();
    if (running) return running;
    await sleep(POLL_MS);
  }
  throw new Error(`The test servers did not start within ${START_WITHIN_MS / 1_000} s: see ${logFile}.`);
}
