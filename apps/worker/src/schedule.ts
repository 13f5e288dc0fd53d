import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Job, Queue, Worker } from 'bullmq';
import { queues, type ScheduledJob, type ScheduledTask } from '#contract';
import { openRedis } from '#platform';
import { closeJobs } from './close-jobs.ts';
import { PARTS, type Parts } from './parts.ts';

/** How often each task is done, in milliseconds. A hold or a pending change ends within a second of its time; a reminder is not so exact. */
const everyMs: Record<ScheduledTask, number> = { 'expire-seats': 500, 'owe-scheduled-mail': 20_000 };
/** How often a worker looks whether the schedules are there, in milliseconds: Redis may be emptied at any time. */
const LOOK_EVERY_MS = 500;
/** A Redis that takes longer to answer counts as away, in milliseconds. */
const REDIS_WITHIN_MS = 3_000;
/** A task that is late by so long lost its schedule, in milliseconds. */
const LOST_AFTER_MS = 5_000;
/** A worker that says nothing for so long has lost its task to another, in milliseconds. */
const LOCK_MS = 15_000;
const STALLED_EVERY_MS = 5_000;

/**
 * What is done again and again, by one worker at a time however many there are. Every task decides in Postgres what is due and is
 * safe to run twice; Redis only says when, and whose turn it is. While it is away, seats still end in time: each worker looks
 * by itself.
 */
@Injectable()
export class Schedule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: Parts;
  #redis: ReturnType<typeof openRedis> | undefined;
  #lookRedis: ReturnType<typeof openRedis> | undefined;
  #queue: Queue<ScheduledJob> | undefined;
  #worker: Worker<ScheduledJob> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #lookedAt = 0;
  #stopped = false;
  #failing = new Set<ScheduledTask>();

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  onApplicationBootstrap(): void {
    const { configuration, logger } = this.#parts;
    const { name } = queues.scheduled;
    // The worker waits for Redis as long as it takes; whoever looks after the schedules is told at once that it is away.
    this.#redis = openRedis(configuration.REDIS_URL, { name: 'comptoir-schedule', logger });
    this.#lookRedis = openRedis(configuration.REDIS_URL, {
      name: 'comptoir-schedule-look',
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      commandTimeout: REDIS_WITHIN_MS,
    });
    this.#queue = new Queue<ScheduledJob>(name, { connection: this.#lookRedis, skipVersionCheck: true });
    this.#queue.on('error', () => {});
    this.#worker = new Worker<ScheduledJob>(name, (job) => this.#do(job), {
      connection: this.#redis,
      concurrency: Object.keys(everyMs).length,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      skipVersionCheck: true,
      // Also of a job that does not ask for it.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.#worker.on('error', () => {});
    this.#looking = this.#look();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await closeJobs(this.#worker, this.#redis);
    this.#lookRedis?.disconnect();
  }

  async #do(job: Job<ScheduledJob>): Promise<void> {
    const { data, success } = queues.scheduled.payload.safeParse(job.data);
    if (success) await this.#run(data.task);
    else this.#parts.log.write('warn', {}, 'a job of no task was dropped');
  }

  /** Never throws: what fails now is done at the next time. */
  async #run(task: ScheduledTask): Promise<void> {
    const { figures, logger } = this.#parts;
    try {
      await this.#tasks[task]();
      figures.tasks.inc({ task, outcome: 'done' });
      if (this.#failing.delete(task)) logger.info({ task }, 'a scheduled task is done again');
    } catch (error) {
      figures.tasks.inc({ task, outcome: 'failed' });
      if (!this.#failing.has(task))
        logger.warn({ task, fault: (error as Error).message }, 'a scheduled task failed; it is tried again');
      this.#failing.add(task);
    }
  }

  readonly #tasks: Record<ScheduledTask, () => Promise<void>> = {
    'expire-seats': async () => {
      await this.#parts.seats.applyDue();
      await this.#parts.seats.expireDue();
    },
    'owe-scheduled-mail': async () => {
      await this.#parts.scheduledMail.oweDue();
    },
  };

  async #look(): Promise<void> {
    if (!(await this.#keep())) await this.#run('expire-seats');
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look();
    }, LOOK_EVERY_MS);
  }

  /** Whether Redis says when, as far as can be told: it is there, and has the schedules. */
  async #keep(): Promise<boolean> {
    if (this.#redis?.status !== 'ready') return false;
    return this.#makeSchedules().then(
      () => true,
      () => false,
    );
  }

  /** At the start, and whenever they are gone or late. Made again, a schedule is the same one. */
  async #makeSchedules(): Promise<void> {
    const first = this.#lookedAt === 0;
    if (!first && Date.now() - this.#lookedAt < LOST_AFTER_MS) return;
    const queue = this.#queue as Queue<ScheduledJob>;
    const next = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler.next ?? 0]));
    for (const [task, every] of Object.entries(everyMs) as [ScheduledTask, number][]) {
      const onTime = (next.get(task) ?? 0) + every + LOST_AFTER_MS > Date.now();
      if (!first && onTime) continue;
      const opts = { removeOnComplete: true, removeOnFail: true };
      await queue.upsertJobScheduler(task, { every }, { name: task, data: { task }, opts });
    }
    this.#lookedAt = Date.now();
  }
}
