import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Counter, Gauge } from 'prom-client';
import { queues } from '#contract';
import { MailSwitch, Outbox } from '#notifications';
import { Configuration, Metrics, openRedis, within } from '#platform';
import { addSeatMetrics } from '#seats';

/** How long reading a value may take, in milliseconds. The answer leaves out later values. */
const ANSWER_WITHIN_MS = 1_000;
const JOB_STATES = ['wait', 'active', 'delayed', 'prioritized', 'failed'] as const;

/** The metrics of the worker about queues and deliveries. */
@Injectable()
export class WorkerMetrics implements OnApplicationShutdown {
  /** Attempts to send a message, by outcome: `sent`, `deferred`, `bounced`, `overtaken` (out of date), `unknown-kind`. */
  readonly outcomes: Counter<'outcome'>;
  /** Messages to addresses that are not proved that were deferred because the budget of the hour was used up. */
  readonly budgetDeferred: Counter;
  /** Scheduled tasks that ran, by outcome. */
  readonly tasks: Counter<'task' | 'outcome'>;
  readonly #redis: ReturnType<typeof openRedis>;
  readonly #queues: Queue[];

  constructor({ registry }: Metrics, outbox: Outbox, { REDIS_URL }: Configuration, mailSwitch: MailSwitch) {
    const registers = [registry];
    addSeatMetrics(registry);
    this.#redis = openRedis(REDIS_URL, {
      name: 'comptoir-metrics',
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    });
    this.#queues = Object.values(queues).map(
      ({ name }) => new Queue(name, { connection: this.#redis, skipVersionCheck: true }),
    );
    for (const queue of this.#queues) queue.on('error', () => {});
    this.#addQueueGauge(registers);
    addMailGauges(registers, outbox);
    new Gauge({
      name: 'comptoir_mail_off',
      help: '1 while no message is sent: MAIL_OFF is 1, or the database looks like a copy',
      registers,
      collect() {
        this.set(mailSwitch.offBecause() === undefined ? 0 : 1);
      },
    });
    this.outcomes = new Counter({
      name: 'comptoir_mail_total',
      help: 'Messages by what became of an attempt to send them',
      labelNames: ['outcome'],
      registers,
    });
    this.budgetDeferred = new Counter({
      name: 'comptoir_mail_budget_deferred_total',
      help: 'Messages to addresses that are not proved that waited for the budget of another hour',
      registers,
    });
    this.tasks = new Counter({
      name: 'comptoir_scheduled_total',
      help: 'Scheduled tasks that ran, by how they ended',
      labelNames: ['task', 'outcome'],
      registers,
    });
  }

  onApplicationShutdown(): void {
    this.#redis.disconnect();
  }

  #addQueueGauge(registers: Metrics['registry'][]): void {
    const all = this.#queues;
    new Gauge({
      name: 'comptoir_queue_jobs',
      help: 'Jobs in Redis by queue and state',
      labelNames: ['queue', 'state'],
      registers,
      async collect() {
        for (const queue of all) {
          const counts = await inTime(queue.getJobCounts(...JOB_STATES));
          for (const [state, count] of Object.entries(counts ?? {})) this.set({ queue: queue.name, state }, count);
        }
      },
    });
  }
}

function addMailGauges(registers: Metrics['registry'][], outbox: Outbox): void {
  // The registry collects metrics in the order in which they were added, and reads each value after its own `collect`. A gauge that is set
  // by another gauge would show the value of the previous scrape, so each gauge reads its own value.
  new Gauge({
    name: 'comptoir_mail_oldest_seconds',
    help: 'Age of the oldest message that is not sent yet',
    registers,
    async collect() {
      const backlog = await inTime(outbox.backlog());
      if (backlog) this.set(backlog.oldestSeconds);
    },
  });
  new Gauge({
    name: 'comptoir_mail_messages',
    help: 'Messages in Postgres: sent, waiting, of these deferred, and given up',
    labelNames: ['state'],
    registers,
    async collect() {
      const [counts, backlog] = (await inTime(Promise.all([outbox.counts(), outbox.backlog()]))) ?? [];
      if (!counts || !backlog) return;
      const { sent, waiting, failed } = counts;
      for (const [state, count] of Object.entries({ sent, waiting, failed, deferred: backlog.deferred }))
        this.set({ state }, count);
    },
  });
}

/** Returns undefined if the value is late or cannot be read. The answer then contains the other metrics. */
async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  return within(ANSWER_WITHIN_MS, answer, 'late').catch(() => undefined);
}
