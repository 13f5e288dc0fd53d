import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Database, migrate, openDatabase } from '#platform';
import { appCommand } from '../../../apps/local/src/apps.ts';
import { freePort } from '../../../apps/local/src/ports.ts';
import { endWithUs } from '../../../apps/local/src/processes.ts';
import { openIdentity } from '../../support/identity.ts';
import type { withBenchServers } from '../servers.ts';

/** The connections: people of a large event who are online at once. */
export const CONNECTIONS = 200;
/** The secret of the bench's sessions. */
export const SECRET = 'a secret of the bench, for the bench alone';

/** The results of a load. */
export interface Measured {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  answers: Record<string, number>;
  errors: number;
  cookiesUsedUp: boolean;
}

/** A load: its target, its people (a cookie each), and its duration or number of requests. */
export interface Load {
  origin: string;
  paths: string[];
  cookies: string[];
  seconds?: number;
  requests?: number;
}

/** The servers of the measurements over HTTP: the API and an echo, each in a separate process. */
export interface ApiBench {
  database: Database;
  databaseUrl: string;
  apiOrigin: string;
  echoOrigin: string;
  /** The cookies of these people, who are signed in. */
  sessions(attendeeIds: string[]): string[];
  /** Runs the load until it ends. */
  load(load: Load): Promise<Measured>;
  /** Sends GETs to one address for a number of seconds. */
  loadGets(url: string, headers: Record<string, string>, seconds: number): Promise<Measured>;
  /** Runs `work` with a server of the bench's folder. */
  withServer<T>(file: string, args: string[], work: (origin: string) => Promise<T>): Promise<T>;
  /** The most memory that the API ever used, in MB. */
  apiMemoryMb(): number;
}

type BenchServers = Parameters<Parameters<typeof withBenchServers>[0]>[0];

/** Starts the servers, runs `work`, and stops the servers. */
export async function withApiBench<T>(servers: BenchServers, work: (bench: ApiBench) => Promise<T>): Promise<T> {
  await migrate(servers.postgresUrl);
  const database = openDatabase({ url: servers.postgresUrl, connectionsMax: 4, applicationName: 'bench' });
  const children: ChildProcess[] = [];
  const cookiesFile = path.join(servers.folder, 'cookies');
  try {
    const api = await startApi(servers, children);
    const people = openIdentity({ database, secret: SECRET, publicUrl: api.origin });
    const bench: ApiBench = {
      database,
      databaseUrl: servers.postgresUrl,
      apiOrigin: api.origin,
      echoOrigin: (await startServer('echo-server.ts', [], children)).origin,
      sessions: (attendeeIds) => attendeeIds.map((id) => `comptoir_session=${people.sessions.open(id).cookie}`),
      async load({ cookies, ...load }) {
        await writeFile(cookiesFile, cookies.join('\n'));
        return runLoad({ ...load, cookiesFile, body: '{}', connections: CONNECTIONS });
      },
      async loadGets(url, headers, seconds) {
        await writeFile(cookiesFile, '');
        const { origin, pathname, search } = new URL(url);
        const paths = [pathname + search];
        return runLoad({ origin, paths, method: 'GET', headers, seconds, cookiesFile, connections: CONNECTIONS });
      },
      async withServer(file, args, work) {
        const { origin, child } = await startServer(file, args, children);
        try {
          return await work(origin);
        } finally {
          child.kill();
        }
      },
      apiMemoryMb: () => peakMemoryMb(api.child),
    };
    return await work(bench);
  } finally {
    for (const child of children) child.kill();
    await database.close();
  }
}

/** The path of a claim. The benches send claims without the typed client, because its own work would be measured too. */
export function claimPath(cafeId: string): string {
  return `/api/v1/cafes/${cafeId}/registrations`;
}

/** Finishes the work that a set-up left (statistics, dirty pages) before the measurement. */
export async function settle(pool: Pick<Database['pool'], 'query'>): Promise<void> {
  await pool.query('vacuum (analyze)');
  await pool.query('checkpoint');
}

async function runLoad(load: Record<string, unknown>): Promise<Measured> {
  const child = endWithUs(
    spawn(process.execPath, ['test/bench/load.ts', JSON.stringify(load)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`The load ended before its time: ${signal ?? `code ${code}`}.`);
  return JSON.parse(output) as Measured;
}

/** Starts a small server of the bench's folder, which prints its port when it listens. */
async function startServer(file: string, args: string[], children: ChildProcess[]) {
  const child = endWithUs(
    spawn(process.execPath, [`test/bench/${file}`, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  children.push(child);
  const [port] = await once(createInterface(child.stdout), 'line');
  return { origin: `http://127.0.0.1:${port}`, child };
}

async function startApi({ postgresUrl, redisUrl }: BenchServers, children: ChildProcess[]) {
  const port = await freePort();
  const child = endWithUs(
    spawn(process.execPath, appCommand('api'), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(port),
        METRICS_PORT: '0',
        DATABASE_URL: postgresUrl,
        REDIS_URL: redisUrl,
        SMTP_URL: 'smtp://127.0.0.1:1',
        APP_SECRET: SECRET,
        LOG_LEVEL: 'warn',
      },
    }),
  );
  children.push(child);
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while (
    !(await fetch(`${origin}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('The API did not start.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { origin, child };
}

/** The peak of a process's resident memory, in MB. */
function peakMemoryMb(child: ChildProcess): number {
  const kb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
