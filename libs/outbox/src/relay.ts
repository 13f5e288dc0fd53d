import { Queue } from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';
import type { MailJob } from '#contract';
import { type Database, inTransaction, openRedis } from '#platform';

/** The queue of messages to send. Its jobs carry the outbox row's id and nothing else. */
export const MAIL_QUEUE = 'mail';

/** How often a job is tried before the sweep takes over. */
const ATTEMPTS_MAX = 10;
/** The most rows handed over in one transaction. */
const BATCH_ROWS_MAX = 500;
/** How often the relay looks without being woken, in milliseconds. */
const POLL_MS = 1_000;
/** How long the queue may take to accept a batch, in milliseconds; then it counts as away. */
const HAND_OVER_WITHIN_MS = 5_000;
/** A row handed over this long ago and not done may have been lost with Redis: it is handed over again. */
const LOST_AFTER = '2 minutes';
const SWEEP_EVERY_MS = 30_000;

export interface Relay {
  start(): void;
  /** Stop; what is under way is finished first. */
  close(): Promise<void>;
}

/**
 * Moves outbox rows to the queue, in order, in batches; any number of relays may run. A row whose job was lost is handed
 * over again, so the queue may be emptied at any time.
 */
export function openRelay(options: {
  database: Database;
  databaseUrl: string;
  redisUrl: string;
  logger: Pick<Logger, 'warn' | 'info'>;
}): Relay {
  const { database, databaseUrl, redisUrl, logger } = options;
  const redis = openRedis(redisUrl, {
    name: 'comptoir-relay',
    logger,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
  const queue = new Queue<MailJob>(MAIL_QUEUE, { connection: redis, skipVersionCheck: true });
  queue.on('error', () => {});
  let stopping = false;
  let woken = true;
  let wake = () => {};
  let loop: Promise<void> = Promise.resolve();
  let listener: pg.Client | undefined;
  let sweptAt = 0;
  let away = false;

  async function handOver(): Promise<number> {
    return inTransaction(database.pool, async (client) => {
      const rows = await client.query<{ id: string }>(
        'select id from outbox where queued_at is null order by id limit $1 for update skip locked',
        [BATCH_ROWS_MAX],
      );
      const ids = rows.rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await within(HAND_OVER_WITHIN_MS, queue.addBulk(ids.map(jobFor)));
      await client.query('update outbox set queued_at = now() where id = any ($1)', [ids]);
      return ids.length;
    });
  }

  /** Rows whose job may be lost go to the start again; a job that is still there is not made twice. */
  async function sweep(): Promise<void> {
    if (Date.now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = Date.now();
    await database.pool.query(
      `update outbox set queued_at = null where done_at is null and queued_at < now() - $1::interval`,
      [LOST_AFTER],
    );
  }

  async function listen(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'comptoir-relay' });
    client.on('error', () => {});
    client.on('end', () => {
      if (listener === client) listener = undefined;
    });
    client.on('notification', () => {
      woken = true;
      wake();
    });
    try {
      await client.connect();
      await client.query('listen outbox');
      listener = client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false;
      try {
        if (!listener) await listen();
        await sweep();
        while (!stopping && (await handOver()) === BATCH_ROWS_MAX);
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
      await listener?.end().catch(() => {});
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

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the queue does not answer')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
