import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Job, Worker, type WorkerOptions } from 'bullmq';
import type * as z from 'zod/mini';
import { queues } from '#contract';
import { type AppLogger, type BoundedLog, type Configuration, openRedis } from '#platform';

export type QueueName = keyof typeof queues;
export type JobOf<Name extends QueueName> = z.infer<(typeof queues)[Name]['payload']>;

/** A worker that says nothing for so long has lost its jobs to the others, in milliseconds. */
const LOCK_MS = 15_000;
/** How often jobs of lost workers are looked for, in milliseconds. */
const STALLED_EVERY_MS = 5_000;

/** What every processor stands on. */
export interface ProcessorParts {
  configuration: Configuration;
  logger: AppLogger;
  /** For what strangers can cause at will. */
  log: BoundedLog;
}

/**
 * Does the jobs of one queue of the contract, from boot to shutdown. A subclass names its queue and does one job; a queue without a processor, or with
 * two, stops the boot (queues.module.ts). Why this is not `@nestjs/bullmq`: docs/adr/0022.
 */
@Injectable()
export abstract class QueueProcessor<Name extends QueueName = QueueName>
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  abstract readonly queue: Name;
  readonly #parts: ProcessorParts;
  readonly #inHand = new Set<Promise<void>>();
  #worker: Worker | undefined;
  #redis: ReturnType<typeof openRedis> | undefined;

  constructor(parts: ProcessorParts) {
    this.#parts = parts;
  }

  /** What the worker of this queue does differently; `concurrency` at least. */
  protected abstract options(): Partial<WorkerOptions> & { concurrency: number };

  /** Do one job, whose payload was parsed. What it throws makes BullMQ try the job again, where that has attempts left. */
  protected abstract process(payload: JobOf<Name>, job: Job): Promise<void>;

  /** Whether Redis is there, as far as is known. */
  protected get isConnected(): boolean {
    return this.#redis?.status === 'ready';
  }

  /** Hears of jobs that failed; nothing by default. */
  protected onFailed(_error: Error): void {}

  onApplicationBootstrap(): void {
    const { configuration, logger } = this.#parts;
    // BullMQ's worker waits for Redis as long as it takes.
    const connection = openRedis(configuration.REDIS_URL, { name: `comptoir-${this.queue}`, logger });
    this.#redis = connection;
    this.#worker = new Worker(queues[this.queue].name, (job) => this.#hold(this.#parse(job)), {
      connection,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      // Also of a job that does not ask for it.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      skipVersionCheck: true,
      ...this.options(),
    });
    this.#worker.on('error', () => {});
    this.#worker.on('failed', (_job, error) => this.onFailed(error));
  }

  /**
   * Take no more jobs, and finish those in hand, whether or not Redis hears of it. Where Redis is away, or only coming back, BullMQ 6.7 would
   * wait for its blocking connection for ever: then the connections are ended, and Postgres knows what is left to do.
   */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.#close(), ...this.#inHand]);
  }

  async #close(): Promise<void> {
    await this.#worker?.close(!this.isConnected);
    this.#redis?.disconnect();
  }

  #hold(work: Promise<void>): Promise<void> {
    const held = work.finally(() => this.#inHand.delete(held));
    this.#inHand.add(held);
    return held;
  }

  /** A job outlives the code that made it, and Redis may hold jobs that we did not make: what does not fit its schema is dropped. */
  async #parse(job: Job): Promise<void> {
    const { data, success } = queues[this.queue].payload.safeParse(job.data);
    if (success) await this.process(data as JobOf<Name>, job);
    else this.#parts.log.write('warn', { queue: this.queue }, 'a job whose payload does not fit its queue was dropped');
  }
}
