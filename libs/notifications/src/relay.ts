import { randomInt, randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';
import { type MailJob, queues } from '#contract';
import { type Database, inTransaction, openRedis, prepared, within } from '#platform';

/** How often a job is tried: time ends it (a day), not a count. */
const ATTEMPTS_MAX = 100_000;
/** The most rows handed over in one transaction; as many messages are opened for it, and what their last batches have more. */
const HANDED_OVER_MAX = 500;
/** The most batches of messages of which one statement makes rows. */
const OPENED_BATCHES_MAX = 20;
/** How often the relay looks without being woken, in milliseconds. */
const POLL_MS = 1_000;
/** How long the queue may take to accept what is handed over, in milliseconds; then it counts as away, and is said to. */
const HAND_OVER_WITHIN_MS = 5_000;
const NO_ANSWER = 'the queue does not answer';
/** A row handed over this long ago and not done is handed over again, when the queue has fewer jobs than there are such rows. */
const LOST_AFTER_SECONDS = 20;
const SWEEP_EVERY_MS = 10_000;
/** The most messages whose time to be kept is over that one sweep deletes. */
const FORGOTTEN_MAX = 1_000;
/** Is there as long as Redis has what it was given: one that was emptied, or is another, does not have it. */
const MARK = 'comptoir:outbox:mark';

export abstract class Relay {
  abstract start(): void;
  /** Stop; what is under way is finished first. */
  abstract close(): Promise<void>;
}

/** A number for a worker, and for its leases. */
export function workerNumber(): number {
  return randomInt(1, 2 ** 31 - 1);
}

/**
 * Moves outbox rows to the queue, in order, in batches; any number of relays may run. Redis may be emptied at any time: what
 * it lost is handed over again.
 * @param options.worker the number of this worker: while its relay runs, what the worker took is its own (openOutbox).
 */
export function openRelay(options: {
  database: Database;
  databaseUrl: string;
  redisUrl: string;
  worker: number;
  logger: Pick<Logger, 'warn' | 'info'>;
}): Relay {
  const { database, databaseUrl, redisUrl, worker, logger } = options;
  const { pool } = database;
  const redis = openRedis(redisUrl, {
    name: 'comptoir-relay',
    logger,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // A Redis that takes commands and answers none is away, too.
    commandTimeout: HAND_OVER_WITHIN_MS,
  });
  const queue = new Queue<MailJob>(queues.mail.name, { connection: redis, skipVersionCheck: true });
  queue.on('error', () => {});
  let stopping = false;
  let woken = true;
  let wake = () => {};
  let loop: Promise<void> = Promise.resolve();
  let session: pg.Client | undefined;
  let sweptAt = 0;
  let away = false;

  /** Make rows of what is owed in batches, enough to be handed over at once. Resolves with how many messages those were. */
  async function openBatches(): Promise<number> {
    let messages = 0;
    let opened: number;
    do {
      const made = await pool.query<{ rows: number }>(prepared('select outbox_open($1) as rows', [OPENED_BATCHES_MAX]));
      opened = made.rows[0]?.rows ?? 0;
      messages += opened;
    } while (opened > 0 && messages < HANDED_OVER_MAX);
    return messages;
  }

  async function handOver(): Promise<number> {
    return inTransaction(pool, async (client) => {
      const rows = await client.query<{ id: string }>(
        // Nothing goes ahead of a batch that was committed before it, and of which there are no rows yet.
        prepared(
          `select id from outbox
           where queued_at is null and id < coalesce((select b.id from outbox_batch b order by b.id limit 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
           order by id limit $1 for update skip locked`,
          [HANDED_OVER_MAX],
        ),
      );
      const ids = rows.rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await within(HAND_OVER_WITHIN_MS, queue.addBulk(ids.map(jobFor)), NO_ANSWER);
      // Emptied since we looked: who finds that out does not see these rows yet.
      if (!(await redis.exists(MARK))) throw new Error('Redis was emptied');
      await client.query(prepared('update outbox set queued_at = now() where id = any ($1)', [ids]));
      return ids.length;
    });
  }

  /** Everything that is owed goes to the start again when Redis does not have what it was given. */
  async function findEmptied(): Promise<void> {
    if (await within(HAND_OVER_WITHIN_MS, redis.exists(MARK), NO_ANSWER)) return;
    const lost = await pool.query('update outbox set queued_at = null where done_at is null and queued_at is not null');
    // Several relays may find it at once: a job that is there is not made twice.
    await redis.set(MARK, randomUUID(), 'NX');
    if (lost.rowCount) logger.warn({ messages: lost.rowCount }, 'Redis was emptied; what it had is handed over again');
  }

  /** A part was lost (a crash of Redis' machine): there are fewer jobs than rows that wait for theirs. */
  async function findLost(): Promise<void> {
    if (Date.now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = Date.now();
    await pool.query('select outbox_forget($1)', [FORGOTTEN_MAX]);
    const overdue = await pool.query<{ rows: number; old: boolean }>(
      `select count(*)::integer as rows, coalesce(min(queued_at) < now() - make_interval(secs => $1), false) as old
       from outbox where done_at is null and queued_at is not null`,
      [LOST_AFTER_SECONDS],
    );
    const { rows = 0, old = false } = overdue.rows[0] ?? {};
    if (!old || (await queue.getJobCountByTypes('wait', 'active', 'delayed', 'prioritized')) >= rows) return;
    await pool.query(
      `update outbox set queued_at = null where done_at is null and queued_at < now() - make_interval(secs => $1)`,
      [LOST_AFTER_SECONDS],
    );
  }

  /** Our session with the database: it wakes us, and while it lasts this worker is there. */
  async function openSession(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'comptoir-relay' });
    client.on('error', () => {});
    client.on('end', () => {
      if (session === client) session = undefined;
      wake();
    });
    client.on('notification', () => {
      woken = true;
      wake();
    });
    try {
      await client.connect();
      await client.query('select pg_advisory_lock(outbox_worker_lock(), $1)', [worker]);
      await client.query('listen outbox');
      session = client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false;
      try {
        if (!session) await openSession();
        await findEmptied();
        await findLost();
        while (!stopping) {
          const handedOver = await handOver();
          if (handedOver < HANDED_OVER_MAX && (await openBatches()) === 0) break;
        }
        if (away) logger.info({}, 'the relay hands over again');
        away = false;
      } catch (error) {
        if (!away) logger.warn({ fault: (error as Error).message }, 'the relay cannot hand over; it tries again');
        away = true;
      }
      if (woken && !away) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopping) wake();
      });
    }
  }

  return {
    start() {
      loop = run();
    },
    async close() {
      stopping = true;
      wake();
      await loop;
      await session?.end().catch(() => {});
      redis.disconnect();
    },
  };
}

function jobFor(outboxId: string) {
  return {
    name: 'send',
    data: { outboxId },
    opts: {
      jobId: outboxId,
      attempts: ATTEMPTS_MAX,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}
