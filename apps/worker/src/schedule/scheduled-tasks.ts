import { Injectable } from '@nestjs/common';
import type { ScheduledTask } from '#contract';
import { MailRetention, MailSchedule } from '#notifications';
import { AppLogger } from '#platform';
import { PendingChanges, RegistrationChanges } from '#seats';
import { WorkerMetrics } from '../metrics/worker-metrics.ts';

/** Runs scheduled tasks. Each task reads in Postgres what is due, and may run twice and on several workers simultaneously. */
@Injectable()
export class ScheduledTasks {
  readonly #pending: PendingChanges;
  readonly #changes: RegistrationChanges;
  readonly #schedule: MailSchedule;
  readonly #retention: MailRetention;
  readonly #metrics: WorkerMetrics;
  readonly #logger: AppLogger;
  readonly #failing = new Set<ScheduledTask>();

  constructor(
    pending: PendingChanges,
    changes: RegistrationChanges,
    schedule: MailSchedule,
    retention: MailRetention,
    metrics: WorkerMetrics,
    logger: AppLogger,
  ) {
    this.#pending = pending;
    this.#changes = changes;
    this.#schedule = schedule;
    this.#retention = retention;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** Runs a task. Never throws: a failed task runs again at its next time. */
  async run(task: ScheduledTask): Promise<void> {
    try {
      await this.#tasks[task]();
      this.#metrics.tasks.inc({ task, outcome: 'done' });
      if (this.#failing.delete(task)) this.#logger.info({ task }, 'a scheduled task succeeds again');
    } catch (error) {
      this.#metrics.tasks.inc({ task, outcome: 'failed' });
      if (!this.#failing.has(task))
        this.#logger.warn({ task, error: (error as Error).message }, 'a scheduled task failed; it is retried');
      this.#failing.add(task);
    }
  }

  readonly #tasks: Record<ScheduledTask, () => Promise<void>> = {
    'expire-seats': async () => {
      await this.#pending.applyDue();
      await this.#changes.expireDue();
    },
    'enqueue-due-mail': async () => {
      await this.#schedule.enqueueDueMail();
    },
    'tidy-mail': () => this.#retention.tidy(),
  };
}
