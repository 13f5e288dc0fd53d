import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queues, type ScheduledJob, type ScheduledTask } from '#contract';
import { openRedis } from '#platform';

/** The interval of each task, in milliseconds. Holds and pending changes end within a second of their time; reminders may be later. */
const everyMs: Record<ScheduledTask, number> = {
  'expire-seats': 500,
  'enqueue-due-mail': 20_000,
  'tidy-mail': 3_600_000,
};
/** How long Redis may take to answer before it counts as unavailable, in milliseconds. */
export const REDIS_WITHIN_MS = 3_000;
/** A task that is late by this time has lost its schedule, in milliseconds. The schedulers are checked at the same interval. */
const LOST_AFTER_MS = 5_000;

/** The number of tasks. */
export const TASKS = Object.keys(everyMs).length;

/** The BullMQ job schedulers of the queue `scheduled`, one for each task. Redis may lose them at any time. */
export class JobSchedulers {
  readonly #redis: Redis;
  readonly #queue: Queue<ScheduledJob>;
  #madeAt = 0;

  constructor(redisUrl: string) {
    // Commands fail immediately while Redis is unavailable. (The worker's connection waits.)
    this.#redis = openRedis(redisUrl, {
      name: 'comptoir-schedulers',
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      commandTimeout: REDIS_WITHIN_MS,
    });
    this.#queue = new Queue<ScheduledJob>(queues.scheduled.name, { connection: this.#redis, skipVersionCheck: true });
    this.#queue.on('error', () => {});
  }

  /**
   * Creates the schedulers at the start, and again if they are missing or late. Creating an existing scheduler changes nothing.
   * @throws Error if Redis is unavailable
   */
  async keep(): Promise<void> {
    const isFirst = this.#madeAt === 0;
    if (!isFirst && Date.now() - this.#madeAt < LOST_AFTER_MS) return;
    const found = await this.#queue.getJobSchedulers();
    // Earlier builds had tasks with other names.
    for (const { key } of found) if (!Object.hasOwn(everyMs, key)) await this.#queue.removeJobScheduler(key);
    const next = new Map(found.map((scheduler) => [scheduler.key, scheduler.next ?? 0]));
    for (const [task, every] of Object.entries(everyMs) as [ScheduledTask, number][]) {
      const onTime = (next.get(task) ?? 0) + every + LOST_AFTER_MS > Date.now();
      if (!isFirst && onTime) continue;
      const opts = { removeOnComplete: true, removeOnFail: true };
      await this.#queue.upsertJobScheduler(task, { every }, { name: task, data: { task }, opts });
    }
    this.#madeAt = Date.now();
  }

  close(): void {
    this.#redis.disconnect();
  }
}
