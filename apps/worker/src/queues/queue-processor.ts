import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Job, Worker, type WorkerOptions } from 'bullmq';
import type * as z from 'zod/mini';
import { queues } from '#contract';
import { type AppLogger, type BoundedLog, type Configuration, openRedis } from '#platform';

export type QueueName = keyof typeof queues;
export type JobOf<Name extends QueueName> = z.infer<(typeof queues)[Name]['payload']>;

/** The time after which a worker that does not renew the lock of a job loses it to another worker, in milliseconds. */
const LOCK_MS = 15_000;
/** How often BullMQ looks for jobs of lost workers, in milliseconds. */
const STALLED_EVERY_MS = 5_000;

/** The parts that each processor needs. */
export interface ProcessorParts {
  configuration: Configuration;
  logger: AppLogger;
  /** The log for lines that any client can cause repeatedly. */
  log: BoundedLog;
}

/**
 * Processes the jobs of one queue of the contract, from boot to shutdown. A subclass names its queue and processes one job. A queue without
 * a processor, or with two, stops the boot (queues.module.ts). docs/adr/0022 explains why this does not use `@nestjs/bullmq`.
 */
@Injectable()
export abstract class QueueProcessor<Name extends QueueName = QueueName>
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  abstract readonly queue: Name;
  readonly #parts: ProcessorParts;
  readonly #current = new Set<Promise<void>>();
  #worker: Worker | undefined;
  #redis: ReturnType<typeof openRedis> | undefined;

  constructor(parts: ProcessorParts) {
    this.#parts = parts;
  }

  /** The options of the BullMQ worker of this queue; at least `concurrency`. */
  protected abstract options(): Partial<WorkerOptions> & { concurrency: number };

  /** Processes one job with a parsed payload. If it throws, BullMQ retries the job while attempts are left. */
  protected abstract process(payload: JobOf<Name>, job: Job): Promise<void>;

  /** Whether the connection to Redis is ready. */
  protected get isConnected(): boolean {
    return this.#redis?.status === 'ready';
  }

  /** Called with the error of each failed job; does nothing by default. */
  protected onFailed(_error: Error): void {}

  onApplicationBootstrap(): void {
    const { configuration, logger } = this.#parts;
    // BullMQ's worker waits for Redis without a limit.
    const connection = openRedis(configuration.REDIS_URL, { name: `comptoir-${this.queue}`, logger });
    this.#redis = connection;
    this.#worker = new Worker(queues[this.queue].name, (job) => this.#track(this.#parse(job)), {
      connection,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      // Also applies to jobs without these options.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      skipVersionCheck: true,
      ...this.options(),
    });
    this.#worker.on('error', () => {});
    this.#worker.on('failed', (_job, error) => this.onFailed(error));
  }

  /**
   * Takes no more jobs, and finishes the current ones. While Redis is unavailable, BullMQ 6.7 would wait for its blocking connection
   * without a limit, so the connections are closed. Postgres contains the remaining messages.
   */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.#close(), ...this.#current]);
  }

  async #close(): Promise<void> {
    await this.#worker?.close(!this.isConnected);
    this.#redis?.disconnect();
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#current.delete(tracked));
    this.#current.add(tracked);
    return tracked;
  }

  /** A job may be older than this code, and other programs may write to Redis. A payload that does not match its schema is dropped. */
  async #parse(job: Job): Promise<void> {
    const { data, success } = queues[this.queue].payload.safeParse(job.data);
    if (success) await this.process(data as JobOf<Name>, job);
    else
      this.#parts.log.write(
        'warn',
        { queue: this.queue },
        'a job was dropped, because its payload does not match its queue',
      );
  }
}
