import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '#platform';
import { appCommand } from '../../../apps/local/src/apps.ts';
import { freePort } from '../../../apps/local/src/ports.ts';
import { isRunning, launch, stopProcess } from '../../../apps/local/src/processes.ts';
import { type PostgresServer, startPostgres } from '../../../apps/local/src/servers/postgres.ts';
import { type RedisServer, startRedis } from '../../../apps/local/src/servers/redis.ts';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';
import type { ClaimerTask } from './claimer.ts';
import type { MutantName } from './mutants.ts';

const WORKERS = 2;
const WORKER_CONNECTIONS = 4;
const STOP_MS = 12_000;
/** The longest time from a commit until the claimer is killed, in milliseconds: less than the pause of the mutant. */
const KILL_MS_MAX = 20;
/** The processes and servers of one stack. They end with this process. */
const CHILDREN = 8;

/** Separate servers, two workers, a sink, and a process that claims seats. Faults can stop each of them. */
export interface MailStack {
  sink: SmtpSink;
  workers: number;
  /** Runs one query on a connection of its own. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Resolves when every person has claimed. */
  allAsked(): Promise<void>;
  /** Kills the claimer (`kill -9`) shortly after the commit of a seat, at a moment that `chance` (0 to 1) selects, and starts it again. */
  killClaimer(chance: number): Promise<void>;
  /** Kills a worker (`kill -9`) and starts it again. Resolves when the worker has ended. */
  killWorker(index: number, between: () => Promise<void>): Promise<void>;
  pauseWorker(index: number, milliseconds: number): Promise<void>;
  flushRedis(): Promise<void>;
  /** Stops Redis for a time; `empty`: also deletes its files. */
  stopRedis(milliseconds: number, options: { empty: boolean }): Promise<void>;
  restartPostgres(): Promise<void>;
  close(): Promise<void>;
}

interface MailStackOptions {
  people: number;
  /** The pause between two claims, in milliseconds. */
  claimPauseMs: number;
  mutant?: MutantName;
  /** A migrated database of a server that no fault restarts. Default: a separate Postgres. */
  databaseUrl?: string | undefined;
}

export async function openMailStack({
  people: count,
  claimPauseMs,
  mutant,
  databaseUrl: given,
}: MailStackOptions): Promise<MailStack> {
  process.setMaxListeners(process.getMaxListeners() + CHILDREN);
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-faults-'));
  const redisFolder = path.join(folder, 'redis');
  const [postgresPort, redisPort] = [await freePort(), await freePort()];
  // A restart is a clean shutdown, so commits need not be on disk.
  const openPostgres = () =>
    startPostgres({ folder: path.join(folder, 'postgres'), port: postgresPort, durable: false });
  const openRedisServer = () => startRedis({ folder: redisFolder, port: redisPort });
  let postgres: PostgresServer | undefined = given ? undefined : await openPostgres();
  let redis: RedisServer = await openRedisServer();
  const sink = await startSmtpSink();
  const databaseUrl = given ?? postgres?.url('postgres') ?? '';
  if (!given) await migrate(databaseUrl);

  const query: MailStack['query'] = async (text, values) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };

  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  // The Cafés start late, so that no reminder is due.
  const { cafeIds } = await buildEvent(client, [{ seats: 100_000, startsAfterMinutes: 3 * 24 * 60 }]);
  const peopleFile = path.join(folder, 'people');
  await writeFile(peopleFile, (await buildPeople(client, count)).join('\n'));
  if (mutant === 'outbox-outside') await client.query(dropMessages);
  await client.end();

  let claimed = 0;
  const task: Omit<ClaimerTask, 'first'> = {
    databaseUrl,
    cafeId: cafeIds[0] as string,
    peopleFile,
    pauseMs: claimPauseMs,
    enqueuesAfterCommit: mutant === 'outbox-outside',
  };
  function startClaimer(): ChildProcess {
    const child = fork('test/faults/mail/claimer.ts', [JSON.stringify({ ...task, first: claimed })]);
    child.on('message', (place: number) => {
      claimed = place;
    });
    return child;
  }
  let claimer = startClaimer();
  /** Resolves when one more seat is committed, or every person has claimed. */
  async function seatCommitted(): Promise<void> {
    const connection = new pg.Client({ connectionString: databaseUrl });
    await connection.connect();
    const seats = async () =>
      (await connection.query<{ count: string }>('select count(*) from registration')).rows[0]?.count;
    const before = await seats();
    while (claimed < count && (await seats()) === before) await sleep(1);
    await connection.end();
  }

  const ports = await Promise.all(Array.from({ length: WORKERS }, () => freePort()));
  function startWorker(index: number): ChildProcess {
    const preload = mutant ? ['--import', './test/faults/mail/mutate.ts'] : [];
    return launch(process.execPath, [...preload, ...appCommand('worker')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        WORKER_PORT: String(ports[index]),
        METRICS_PORT: '0',
        DATABASE_URL: databaseUrl,
        REDIS_URL: redis.url,
        SMTP_URL: sink.url,
        APP_SECRET: 'a secret of the faults, for the faults alone',
        MAIL_CONNECTIONS_MAX: String(WORKER_CONNECTIONS),
        LOG_LEVEL: 'fatal',
        ...(mutant && { FAULTS_MUTANT: mutant }),
      },
    });
  }
  const workers = ports.map((_, index) => startWorker(index));

  return {
    sink,
    workers: WORKERS,
    query,
    async allAsked() {
      while (claimed < count) {
        if (!isRunning(claimer)) throw new Error('the claimer ended before its time');
        await sleep(20);
      }
    },
    async killClaimer(chance) {
      await seatCommitted();
      await sleep(chance * KILL_MS_MAX);
      if (claimed >= count || !isRunning(claimer)) return;
      const ended = once(claimer, 'exit');
      claimer.kill('SIGKILL');
      await ended;
      claimer = startClaimer();
    },
    async killWorker(index, between) {
      const worker = workers[index] as ChildProcess;
      const ended = once(worker, 'exit');
      worker.kill('SIGKILL');
      await ended;
      await between();
      workers[index] = startWorker(index);
    },
    async pauseWorker(index, milliseconds) {
      const worker = workers[index] as ChildProcess;
      worker.kill('SIGSTOP');
      await sleep(milliseconds);
      worker.kill('SIGCONT');
    },
    async flushRedis() {
      const { Redis } = await import('ioredis');
      const connection = new Redis(redis.url);
      await connection.flushall();
      connection.disconnect();
    },
    async stopRedis(milliseconds, { empty }) {
      await redis.stop();
      if (empty) await rm(redisFolder, { recursive: true, force: true });
      await sleep(milliseconds);
      redis = await openRedisServer();
    },
    async restartPostgres() {
      if (!postgres) throw new Error('This Postgres is shared.');
      await postgres.stop();
      postgres = await openPostgres();
    },
    async close() {
      claimer.kill('SIGKILL');
      await Promise.all(workers.map((worker) => stopProcess(worker, 'SIGTERM', STOP_MS)));
      await sink.stop();
      await redis.stop();
      await postgres?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The part of the mutant in Postgres: the messages that the transaction of a seat writes are deleted. Only those that the claimer writes
 * later stay.
 */
const dropMessages = `
  create function drop_messages() returns trigger language plpgsql as $$ begin return null; end $$;
  create trigger drop_messages before insert on outbox_batch for each row execute function drop_messages();`;
