import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase } from '#platform';
import { appCommand } from '../../../apps/local/src/apps.ts';
import { freePort } from '../../../apps/local/src/ports.ts';
import { endWithUs } from '../../../apps/local/src/processes.ts';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { openSeats } from '../../support/seats.ts';
import type { withBenchServers } from '../servers.ts';
import type { SinkAnswer, SinkOrder } from './sink-server.ts';

/** The number of connections to the mail server, for the worker and for the bare loop. */
export const CONNECTIONS = 8;
const SECRET = 'a secret of the bench, for the bench alone';
/** The number of claims that run at the same time. */
const CLAIMS_AT_ONCE = 100;
/** The longest time of a step on a slow machine, in milliseconds. */
const ACCEPTED_WITHIN_MS = 300_000;

type BenchServers = Parameters<Parameters<typeof withBenchServers>[0]>[0];

/** A worker, a sink for its mails, and people who claim seats. */
export interface MailBench {
  database: ReturnType<typeof openDatabase>;
  /**
   * New people claim seats in a new Café. Returns the time from the first claim to the last message that the sink accepted, in
   * milliseconds.
   */
  confirm(count: number): Promise<number>;
  /** The same number of messages from a bare pooled nodemailer loop, with the bodies of the worker's first messages. */
  bareLoop(count: number): Promise<number>;
  /** The times of `times` claims in a new Café, one after the other, in milliseconds. */
  claimTimes(times: number): Promise<number[]>;
  /** The most memory that the worker ever used, in MB. */
  workerMemoryMb(): number;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
}

export async function withMailBench<T>(servers: BenchServers, work: (bench: MailBench) => Promise<T>): Promise<T> {
  await migrate(servers.postgresUrl);
  const database = openDatabase({ url: servers.postgresUrl, connectionsMax: 4, applicationName: 'bench' });
  const seats = openSeats({ database, holdTtlMinutes: 30 });
  const sink = endWithUs(fork('test/bench/mail/sink-server.ts'));
  const { port } = await answerOf<{ port: number }>(sink);
  let worker: ChildProcess | undefined;
  let memoryMb = 0;

  async function prepare(count: number) {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 100_000, startsAfterMinutes: 3 * 24 * 60 }]);
    return { cafeId: cafeIds[0] as string, people: await buildPeople(database.pool, count) };
  }

  const bench: MailBench = {
    database,
    async confirm(count) {
      const { cafeId, people } = await prepare(count);
      const accepted = ask<{ at: number }>(sink, { accepted: count });
      const began = performance.timeOrigin + performance.now();
      for (let first = 0; first < count; first += CLAIMS_AT_ONCE) {
        const asking = people.slice(first, first + CLAIMS_AT_ONCE);
        const answers = await Promise.all(
          asking.map((attendeeId) => seats.claims.claim({ cafeId, attendeeId, guest: false })),
        );
        const refused = answers.find(({ outcome }) => outcome !== 'created');
        if (refused) throw new Error(`The load went wrong: a claim ended as ${refused.outcome}.`);
      }
      return (await accepted).at - began;
    },

    async bareLoop(count) {
      const { sources } = await ask<{ sources: string[] }>(sink, { sources: true });
      const sourcesFile = path.join(servers.folder, 'sources.json');
      await writeFile(sourcesFile, JSON.stringify(sources));
      const loop = endWithUs(
        fork('test/bench/mail/bare-loop.ts', [JSON.stringify({ sourcesFile, port, connections: CONNECTIONS, count })]),
      );
      await once(loop, 'message');
      const accepted = ask<{ at: number }>(sink, { accepted: count });
      const began = performance.timeOrigin + performance.now();
      loop.send('go');
      const { at } = await accepted;
      if (loop.exitCode === null) await once(loop, 'exit');
      return at - began;
    },

    async claimTimes(times) {
      const { cafeId, people } = await prepare(times);
      const taken: number[] = [];
      for (const attendeeId of people) {
        const began = performance.now();
        await seats.claims.claim({ cafeId, attendeeId, guest: false });
        taken.push(performance.now() - began);
      }
      return taken;
    },

    workerMemoryMb: () => memoryMb,

    async startWorker() {
      worker = await start(servers, port);
    },

    async stopWorker() {
      if (!worker) return;
      memoryMb = Math.max(memoryMb, peakMemoryMb(worker));
      worker.kill('SIGTERM');
      await once(worker, 'exit');
      worker = undefined;
    },
  };
  try {
    return await work(bench);
  } finally {
    await bench.stopWorker();
    sink.kill();
    await database.close();
  }
}

async function answerOf<T extends SinkAnswer>(sink: ChildProcess): Promise<T> {
  const [message] = await once(sink, 'message', { signal: AbortSignal.timeout(ACCEPTED_WITHIN_MS) });
  return message as T;
}

function ask<T extends SinkAnswer>(sink: ChildProcess, what: SinkOrder): Promise<T> {
  const answer = answerOf<T>(sink);
  sink.send(what);
  return answer;
}

/** Starts the worker of the build. `BENCH_WORKER_FLAGS`: flags for its Node, for example a profiler. */
async function start({ postgresUrl, redisUrl }: BenchServers, smtpPort: number): Promise<ChildProcess> {
  const port = await freePort();
  const flags = (process.env.BENCH_WORKER_FLAGS ?? '').split(' ').filter(Boolean);
  const child = endWithUs(
    spawn(process.execPath, [...flags, ...appCommand('worker')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        WORKER_PORT: String(port),
        METRICS_PORT: '0',
        DATABASE_URL: postgresUrl,
        REDIS_URL: redisUrl,
        SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
        MAIL_CONNECTIONS_MAX: String(CONNECTIONS),
        APP_SECRET: SECRET,
        LOG_LEVEL: 'warn',
      },
    }),
  );
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error('The worker did not start.');
    await sleep(50);
  }
  return child;
}

/** The peak of a process's resident memory, in MB. */
function peakMemoryMb(child: ChildProcess): number {
  const kb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
