import { randomInt, randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { type MailJob, queues } from '#contract';
import { type Database, inTransaction, openRedis, prepared, redisPartError, within } from '#platform';
import { RelaySession } from './relay-session.ts';

/** The most attempts of a job. In practice, attempts end after a day. */
const ATTEMPTS_MAX = 100_000;
/** The most rows that one transaction enqueues. The relay turns batches into rows until it has about this number of messages. */
const ENQUEUED_MAX = 500;
/** The most batches that one statement turns into rows. */
const OPENED_BATCHES_MAX = 20;
/** How often the relay checks the outbox without a notification, in milliseconds. */
const POLL_MS = 1_000;
/** How long the queue may take to accept jobs, in milliseconds. After that, Redis counts as unavailable. */
const ENQUEUE_WITHIN_MS = 5_000;
const NO_ANSWER = 'the queue does not answer';
/**
 * A row that was enqueued longer ago than this and is not done is enqueued again when the queue has fewer jobs than there are such rows.
 */
const LOST_AFTER_SECONDS = 20;
const SWEEP_EVERY_MS = 10_000;
/** The mark: a key that shows that Redis still has its jobs. An emptied Redis, or a new one, does not have the key. */
const MARK = 'comptoir:outbox:mark';

// Keeps the order of commits: a row that was committed after a batch waits until the batch has its rows.
const OLDEST_ROWS = `
  select id from outbox
  where queued_at is null and id < coalesce((select b.id from outbox_batch b order by b.id limit 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  order by id limit $1 for update skip locked`;

/** Enqueues the rows of the outbox, in their order. */
export abstract class Relay {
  abstract start(): void;
  /** Rejects while the relay cannot enqueue. The error is a `PartError` when Redis is reachable and refuses. */
  abstract check(): Promise<void>;
  /** Finishes the current transaction, then stops. */
  abstract close(): Promise<void>;
}

/** Returns a random number that identifies a worker and its leases. */
export function workerNumber(): number {
  return randomInt(1, 2 ** 31 - 1);
}

/**
 * Enqueues outbox rows, in order, in batches. Any number of relays may run. Redis may be emptied at any time: the relay then enqueues the
 * lost jobs again.
 *
 * @param options.databaseUrl the address of Postgres itself: the session of the relay listens and holds a lock, which a connection pooler
 *   does not support
 * @param options.isMailOn while it returns false, nothing is enqueued
 * @param options.worker the number of this worker. The worker keeps its leases while its relay runs (openDeliveries).
 */
export function openRelay(options: {
  database: Database;
  databaseUrl: string;
  redisUrl: string;
  worker: number;
  logger: Pick<Logger, 'warn' | 'info'>;
  isMailOn?: () => boolean;
}): Relay {
  const { database, databaseUrl, redisUrl, worker, logger, isMailOn = () => true } = options;
  const { pool } = database;
  const redis = openRedis(redisUrl, {
    name: 'comptoir-relay',
    logger,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // A Redis that accepts commands without answering counts as unavailable.
    commandTimeout: ENQUEUE_WITHIN_MS,
  });
  const queue = new Queue<MailJob>(queues.mail.name, { connection: redis, skipVersionCheck: true });
  queue.on('error', () => {});
  let stopping = false;
  let woken = true;
  let wake = () => {};
  let loop: Promise<void> = Promise.resolve();
  let sweptAt = 0;
  let failure: Error | undefined;
  const session = new RelaySession({
    databaseUrl,
    worker,
    onNotified() {
      woken = true;
      wake();
    },
    onEnded: () => wake(),
  });

  /** Turns batches into rows, until there are enough to enqueue or no batch is left. Returns the number of messages. */
  async function openBatches(): Promise<number> {
    let messages = 0;
    let opened: number;
    do {
      const made = await pool.query<{ rows: number }>(prepared('select outbox_open($1) as rows', [OPENED_BATCHES_MAX]));
      opened = made.rows[0]?.rows ?? 0;
      messages += opened;
    } while (opened > 0 && messages < ENQUEUED_MAX);
    return messages;
  }

  async function enqueueRows(): Promise<number> {
    return inTransaction(pool, async (client) => {
      const rows = await client.query<{ id: string }>(prepared(OLDEST_ROWS, [ENQUEUED_MAX]));
      const ids = rows.rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await within(ENQUEUE_WITHIN_MS, queue.addBulk(ids.map(jobFor)), NO_ANSWER);
      // Redis was emptied during this transaction. The relay that finds this out does not see these rows yet.
      if (!(await redis.exists(MARK))) throw new Error('Redis was emptied');
      await client.query(prepared('update outbox set queued_at = now() where id = any ($1)', [ids]));
      return ids.length;
    });
  }

  /** When Redis was emptied, marks all rows that are not done as not enqueued. */
  async function findEmptied(): Promise<void> {
    if (await within(ENQUEUE_WITHIN_MS, redis.exists(MARK), NO_ANSWER)) return;
    const lost = await pool.query('update outbox set queued_at = null where done_at is null and queued_at is not null');
    // Several relays may find this out at the same time. BullMQ does not add a job whose id exists.
    await redis.set(MARK, randomUUID(), 'NX');
    if (lost.rowCount) logger.warn({ messages: lost.rowCount }, 'Redis was emptied; its jobs are enqueued again');
  }

  /** When Redis lost some jobs (its machine crashed), marks old rows as not enqueued: there are fewer jobs than rows that wait. */
  async function findLost(): Promise<void> {
    if (Date.now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = Date.now();
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

  async function work(): Promise<void> {
    await session.keep();
    if (!isMailOn()) return;
    await findEmptied();
    await findLost();
    while (!stopping) {
      const enqueued = await enqueueRows();
      if (enqueued < ENQUEUED_MAX && (await openBatches()) === 0) return;
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false;
      try {
        await work();
        if (failure) logger.info({}, 'the relay enqueues again');
        failure = undefined;
      } catch (error) {
        if (!failure) logger.warn({ error: (error as Error).message }, 'the relay cannot enqueue; it retries');
        failure = error as Error;
      }
      if (woken && !failure) continue;
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
    async check() {
      if (failure) throw redisPartError(failure) ?? failure;
    },
    async close() {
      stopping = true;
      wake();
      await loop;
      await session.close();
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
