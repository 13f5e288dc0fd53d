import { Injectable } from '@nestjs/common';
import { AppLogger, BoundedLog, Configuration, within } from '#platform';
import { type JobOf, QueueProcessor } from '../queues/queue-processor.ts';
import { JobSchedulers, REDIS_WITHIN_MS, TASKS } from './job-schedulers.ts';
import { ScheduledTasks } from './scheduled-tasks.ts';

/** How often a worker checks the schedulers, in milliseconds, because Redis may be emptied at any time. */
const LOOK_EVERY_MS = 500;

/**
 * Runs the scheduled tasks, each on one worker at a time. Redis decides when and on which worker. While Redis is unavailable, each worker
 * runs the tasks itself, so that holds still end in time.
 */
@Injectable()
export class ScheduleProcessor extends QueueProcessor<'scheduled'> {
  readonly queue = 'scheduled';
  readonly #tasks: ScheduledTasks;
  readonly #redisUrl: string;
  #schedulers: JobSchedulers | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(configuration: Configuration, logger: AppLogger, log: BoundedLog, tasks: ScheduledTasks) {
    super({ configuration, logger, log });
    this.#tasks = tasks;
    this.#redisUrl = configuration.REDIS_URL;
  }

  protected options() {
    return { concurrency: TASKS };
  }

  protected async process({ task }: JobOf<'scheduled'>): Promise<void> {
    await this.#tasks.run(task);
  }

  override onApplicationBootstrap(): void {
    super.onApplicationBootstrap();
    this.#schedulers = new JobSchedulers(this.#redisUrl);
    this.#looking = this.#look();
  }

  override async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await super.onApplicationShutdown();
    this.#schedulers?.close();
  }

  async #look(): Promise<void> {
    if (!(await this.#isScheduled())) await this.#tasks.run('expire-seats');
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look();
    }, LOOK_EVERY_MS);
  }

  /** Checks whether Redis is available and has the schedulers. */
  async #isScheduled(): Promise<boolean> {
    if (!this.isConnected) return false;
    const checked = this.#schedulers?.keep() ?? Promise.reject(new Error('not started'));
    // A new connection to a silent Redis has no time limit: BullMQ waits for it indefinitely.
    return within(REDIS_WITHIN_MS, checked, 'Redis does not answer').then(
      () => true,
      () => false,
    );
  }
}
