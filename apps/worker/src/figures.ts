import { Queue } from 'bullmq';
import { Counter, Gauge } from 'prom-client';
import { queues } from '#contract';
import type { Outbox } from '#notifications';
import { type Metrics, openRedis } from '#platform';

/** How long a figure may be asked for, in milliseconds; one that is late is left out, and the others are told. */
const ANSWER_WITHIN_MS = 1_000;
const JOB_STATES = ['wait', 'active', 'delayed', 'prioritized', 'failed'] as const;

/** What the worker tells on `/metrics` of queues and deliveries, besides its process. */
export interface WorkerFigures {
  /** Messages by what became of an attempt to send them: `sent`, `deferred`, `bounced`, `overtaken`. */
  outcomes: Counter<'outcome'>;
  /** Messages to addresses that are not proved that were deferred because the budget of the hour was used up. */
  budgetDeferred: Counter;
  /** Scheduled tasks that ran, by whether they ended well. */
  tasks: Counter<'task' | 'outcome'>;
  close(): Promise<void>;
}

export function openWorkerFigures(options: { metrics: Metrics; outbox: Outbox; redisUrl: string }): WorkerFigures {
  const { metrics, outbox, redisUrl } = options;
  const registers = [metrics.registry];
  const redis = openRedis(redisUrl, { name: 'comptoir-figures', maxRetriesPerRequest: 0, enableOfflineQueue: false });
  const mine = Object.values(queues).map(({ name }) => new Queue(name, { connection: redis, skipVersionCheck: true }));
  for (const queue of mine) queue.on('error', () => {});

  new Gauge({
    name: 'comptoir_queue_jobs',
    help: 'Jobs in Redis by queue and state',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      for (const queue of mine) {
        const counts = await inTime(queue.getJobCounts(...JOB_STATES));
        for (const [state, count] of Object.entries(counts ?? {})) this.set({ queue: queue.name, state }, count);
      }
    },
  });
  new Gauge({
    name: 'comptoir_mail_messages',
    help: 'Messages in Postgres: sent, owed and waiting, of these deferred, and given up',
    labelNames: ['state'],
    registers,
    async collect() {
      const [figures, backlog] = (await inTime(Promise.all([outbox.figures(), outbox.backlog()]))) ?? [];
      if (!figures || !backlog) return;
      const { sent, waiting, failed } = figures;
      for (const [state, count] of Object.entries({ sent, waiting, failed, deferred: backlog.deferred }))
        this.set({ state }, count);
      oldest.set(backlog.oldestSeconds);
    },
  });
  const oldest = new Gauge({
    name: 'comptoir_mail_oldest_seconds',
    help: 'How long the oldest message that is owed has waited',
    registers,
  });

  return {
    outcomes: new Counter({
      name: 'comptoir_mail_total',
      help: 'Messages by what became of an attempt to send them',
      labelNames: ['outcome'],
      registers,
    }),
    budgetDeferred: new Counter({
      name: 'comptoir_mail_budget_deferred_total',
      help: 'Messages to addresses that are not proved that waited for the budget of another hour',
      registers,
    }),
    tasks: new Counter({
      name: 'comptoir_scheduled_total',
      help: 'Scheduled tasks that ran, by how they ended',
      labelNames: ['task', 'outcome'],
      registers,
    }),
    async close() {
      redis.disconnect();
    },
  };
}

/** Undefined when the answer is late or fails: whoever asks for figures is not told of faults, only of what is known. */
async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS);
  });
  return Promise.race([answer.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}
