import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openPeople } from '#people';
import { type Database, migrate, openDatabase } from '#platform';
import { freePort } from '../../apps/local/src/ports.ts';
import { buildEvent, buildPeople } from '../support/build.ts';
import type { BenchOptions, BenchResult } from './main.ts';
import { machine, median, round } from './measure.ts';
import { withBenchServers } from './servers.ts';

const CONNECTIONS = 200;
const SECRET = 'a secret of the bench, for the bench alone';
/** More people than a round can register, on any machine that this was run on. */
const PEOPLE_A_SECOND_MAX = 25_000;

interface Measured {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  answers: Record<string, number>;
  errors: number;
  cookiesUsedUp: boolean;
}

/**
 * `npm run bench -- seats`: registrations a second into one hot Café over 200 connections (signed in, validated, on
 * disk when answered), beside a bare Fastify echo of the same body and beside one row-locking transaction a request.
 * The three take turns; each figure is the median of its rounds.
 */
export async function benchSeats({ quick, say }: BenchOptions): Promise<BenchResult> {
  const seconds = quick ? 3 : 6;
  const rounds = quick ? 2 : 4;
  return withBenchServers(async ({ postgresUrl, redisUrl, folder }) => {
    await migrate(postgresUrl);
    const database = openDatabase({ url: postgresUrl, connectionsMax: 4, applicationName: 'bench' });
    const cookiesFile = path.join(folder, 'cookies');
    const children: ChildProcess[] = [];
    try {
      const api = await startApi(postgresUrl, redisUrl, children);
      const echo = await startServer('echo-server.js', [], children);
      const people = openPeople({ database, secret: SECRET, publicUrl: api.url });
      const found: Record<'echo' | 'seats' | 'rowLock', Measured[]> = { echo: [], seats: [], rowLock: [] };

      const perRound = seconds * PEOPLE_A_SECOND_MAX;
      for (let turn = 0; turn <= rounds; turn++) {
        const { cafeIds } = await buildEvent(database.pool, [
          { seats: 100_000 },
          { seats: 100_000, startsAfterMinutes: 60 },
        ]);
        const [ours, theirs] = cafeIds as [string, string];
        const attendees = await buildPeople(database.pool, perRound);
        await writeFile(
          cookiesFile,
          attendees.map((id) => `comptoir_session=${people.openSession(id).cookie}`).join('\n'),
        );
        // What the set-up left to do (statistics, dirty pages) is not part of what is measured.
        await database.pool.query('vacuum (analyze)');
        await database.pool.query('checkpoint');
        const load = { body: '{}', cookiesFile, connections: CONNECTIONS, seconds: turn === 0 ? 2 : seconds };
        const echoed = await runLoad({ ...load, url: `http://127.0.0.1:${echo}/echo` });
        const seated = await runLoad({ ...load, url: `${api.url}/api/v1/cafes/${ours}/registrations` });
        await expectAllSeated(database, ours, seated);

        const rowLock = await startServer('row-lock-server.js', [postgresUrl, theirs], children);
        await writeFile(cookiesFile, attendees.join('\n'));
        const locked = await runLoad({ ...load, url: `http://127.0.0.1:${rowLock}/claim` });
        children.pop()?.kill();
        if (turn === 0) continue; // warm-up
        found.echo.push(echoed);
        found.seats.push(seated);
        found.rowLock.push(locked);
        say(`round ${turn}: echo ${echoed.perSecond}/s, seats ${seated.perSecond}/s, row lock ${locked.perSecond}/s`);
      }
      return report(found, memoryMb(api.child));
    } finally {
      for (const child of children) child.kill();
      await database.close();
    }
  });
}

/** A figure counts only when every answer was a registration, and the database agrees with their number. */
async function expectAllSeated(database: Database, cafeId: string, measured: Measured): Promise<void> {
  const { rows } = await database.pool.query('select taken, waitlisted, capacity from cafe_seats where cafe_id = $1', [
    cafeId,
  ]);
  const registered = rows[0].taken + rows[0].waitlisted;
  const answered = measured.answers[201] ?? 0;
  const refused = Object.keys(measured.answers).filter((status) => status !== '201');
  // The last request of each connection may be on disk without its answer having been read.
  if (refused.length > 0 || measured.errors > 0 || registered < answered || registered > answered + CONNECTIONS) {
    throw new Error(`The load went wrong: ${JSON.stringify({ ...measured, registered })}`);
  }
  // The rival writes registrations of its own beside, without counters: only this Café is ours to recount.
  const recount = await database.pool.query('select * from seats_recount() where id = $1', [cafeId]);
  if (recount.rows.length > 0) throw new Error(`Counters differ from recounts: ${JSON.stringify(recount.rows)}`);
}

function report(found: Record<'echo' | 'seats' | 'rowLock', Measured[]>, apiMemoryMb: number): BenchResult {
  const of = (measured: Measured[]) => ({
    perSecond: Math.round(median(measured.map((each) => each.perSecond))),
    p50Ms: median(measured.map((each) => each.p50Ms)),
    p99Ms: median(measured.map((each) => each.p99Ms)),
  });
  const figures = { echo: of(found.echo), seats: of(found.seats), rowLock: of(found.rowLock), apiMemoryMb };
  const ratios = {
    shareOfEcho: round(figures.seats.perSecond / figures.echo.perSecond),
    timesRowLock: round(figures.seats.perSecond / figures.rowLock.perSecond),
  };
  const line = (name: string, { perSecond, p50Ms, p99Ms }: (typeof figures)['echo']) =>
    `${name.padEnd(42)} ${String(perSecond).padStart(7)}/s   p50 ${p50Ms} ms   p99 ${p99Ms} ms`;
  return {
    bench: 'seats',
    machine: machine(),
    ratios,
    figures,
    text: [
      `share of the echo   ${ratios.shareOfEcho}`,
      `times the row lock  ${ratios.timesRowLock}`,
      '',
      line('bare Fastify echo', figures.echo),
      line('registrations into one hot Café', figures.seats),
      line('one row-locking transaction a request', figures.rowLock),
      `memory of the API after it: ${apiMemoryMb} MB`,
      `${CONNECTIONS} connections, the load on the same processors; ${machine()}`,
    ],
  };
}

async function runLoad(load: Record<string, unknown>): Promise<Measured> {
  const child = spawn(process.execPath, ['dist/test/bench/load.js', JSON.stringify(load)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  return JSON.parse(output) as Measured;
}

/** A small server of this folder, which prints its port when it listens. */
async function startServer(file: string, args: string[], children: ChildProcess[]): Promise<number> {
  const child = spawn(process.execPath, [`dist/test/bench/${file}`, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return Number(line);
}

async function startApi(databaseUrl: string, redisUrl: string, children: ChildProcess[]) {
  const port = await freePort();
  const child = spawn(process.execPath, ['dist/apps/api/src/main.js'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SMTP_URL: 'smtp://127.0.0.1:1',
      APP_SECRET: SECRET,
      LOG_LEVEL: 'warn',
    },
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while (
    !(await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('The API did not start.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, child };
}

/** The resident memory of a process now, in MB. */
function memoryMb(child: ChildProcess): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
