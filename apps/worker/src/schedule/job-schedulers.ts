import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queues, type ScheduledJob, type ScheduledTask } from '#contract';
import { openRedis } from '#platform';

/** How often each task is done, in milliseconds. A hold or a pending change ends within a second of its time; a reminder is not so exact. */
const everyMs: Record<ScheduledTask, number> = {
  'expire-seats': 500,
  'enqueue-due-mail': 20_000,
  'tidy-mail': 3_600_000,
};
/** A Redis that takes longer to answer counts as away, in milliseconds. */
export const REDIS_WITHIN_MS = 3_000;
/** A task that is late by so long lost its schedule; and so often that is looked at, in milliseconds. */
const LOST_AFTER_MS = 5_000;

/** How many tasks there are. */
export const TASKS = Object.keys(everyMs).length;

/** BullMQ's job schedulers of the queue `scheduled`, one a task, which Redis may lose at any time. */
export class JobSchedulers {
  readonly #redis: Redis;
  readonly #queue: Queue<ScheduledJob>;
  #madeAt = 0;

  constructor(redisUrl: string) {
    // Unlike the worker, whoever looks after the schedulers is told at once that Redis is away.
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
   * Make the schedulers at the start, and again whenever they are gone or late. Made again, a scheduler is the same one.
   * @throws Error where Redis is away
   */
  async keep(): Promise<void> {
    const isFirst = this.#madeAt === 0;
    if (!isFirst && Date.now() - this.#madeAt < LOST_AFTER_MS) return;
    const found = await this.#queue.getJobSchedulers();
    // An earlier build had tasks of other names.
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
