import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Job, WorkerOptions } from 'bullmq';
import pRetry from 'p-retry';
import { MailComposer, MailError, MailTransport, type OutgoingMail, type TypedText } from '#mail';
import { Deliveries, MailData, MailSwitch, type OutboxMail, OverBudget, UnknownMailKind } from '#notifications';
import { AppLogger, BoundedLog, Configuration } from '#platform';
import { WorkerMetrics } from '../metrics/worker-metrics.ts';
import { type JobOf, QueueProcessor } from '../queues/queue-processor.ts';
import { MailServerHealth } from './mail-server-health.ts';
import { GIVEN_UP_AFTER_MS, LeasedByOtherWorker, MailSwitchedOff, pauseAfter } from './retries.ts';

/** The number of simultaneous jobs for each connection: while one message is sent, the next ones are rendered. */
const JOBS_PER_CONNECTION = 4;
/** The maximum number of times that a job may lose its worker. A lost worker is no reason to give up a message. */
const STALLED_MAX = 1_000_000;
/** The pauses between attempts to record a result, in milliseconds: the first pause, and the maximum after doubling. */
const RECORD_RETRY_MS = { first: 100, max: 2_000 };
/**
 * How long messages in progress may take after the worker began to stop, in milliseconds. After that, their connections are closed.
 */
const FINISH_WITHIN_MS = 6_000;
const HOUR_MS = 3_600_000;

/** Sends the messages whose jobs are in the queue. The result of each message is stored in Postgres only. */
@Injectable()
export class MailProcessor extends QueueProcessor<'mail'> implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly queue = 'mail';
  readonly #configuration: Configuration;
  readonly #logger: AppLogger;
  readonly #log: BoundedLog;
  readonly #deliveries: Deliveries;
  readonly #data: MailData<TypedText>;
  readonly #composer: MailComposer;
  readonly #transport: MailTransport;
  readonly #metrics: WorkerMetrics;
  readonly #server: MailServerHealth;
  readonly #switch: MailSwitch;
  readonly #stopping = new AbortController();
  #forceTimer: NodeJS.Timeout | undefined;
  #loggedOverBudgetAt = Number.NEGATIVE_INFINITY;
  /** The unknown kinds that have been logged. */
  readonly #unknownKinds = new Set<string>();

  constructor(
    configuration: Configuration,
    logger: AppLogger,
    log: BoundedLog,
    deliveries: Deliveries,
    @Inject(MailData) data: MailData<TypedText>,
    composer: MailComposer,
    transport: MailTransport,
    metrics: WorkerMetrics,
    server: MailServerHealth,
    mailSwitch: MailSwitch,
  ) {
    super({ configuration, logger, log });
    this.#configuration = configuration;
    this.#logger = logger;
    this.#log = log;
    this.#deliveries = deliveries;
    this.#data = data;
    this.#composer = composer;
    this.#transport = transport;
    this.#metrics = metrics;
    this.#server = server;
    this.#switch = mailSwitch;
  }

  protected options(): Partial<WorkerOptions> & { concurrency: number } {
    const { MAIL_CONNECTIONS_MAX, MAIL_RATE_PER_SECOND_MAX } = this.#configuration;
    return {
      concurrency: MAIL_CONNECTIONS_MAX * JOBS_PER_CONNECTION,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: RECORD_RETRY_MS.max,
      ...(MAIL_RATE_PER_SECOND_MAX > 0 && { limiter: { max: MAIL_RATE_PER_SECOND_MAX, duration: 1_000 } }),
      settings: { backoffStrategy: (attempt = 1, _type, error) => pauseAfter(error, attempt, Math.random()) },
    };
  }

  /** Logs errors that are not about mail: the database is unavailable, or the code has an error. */
  protected override onFailed(error: Error): void {
    const isExpected = [MailError, MailSwitchedOff, LeasedByOtherWorker, OverBudget, UnknownMailKind].some(
      (kind) => error instanceof kind,
    );
    if (!isExpected) this.#logger.warn({ error: error.message }, 'a message waits for another attempt');
  }

  /** Finishes the messages in progress if the mail server answers in time. The others stay in the queue or in Postgres. */
  beforeApplicationShutdown(): void {
    this.#stopping.abort();
    this.#transport.close();
    this.#forceTimer = setTimeout(() => this.#transport.close({ force: true }), FINISH_WITHIN_MS);
  }

  override async onApplicationShutdown(): Promise<void> {
    await super.onApplicationShutdown();
    clearTimeout(this.#forceTimer);
  }

  protected async process({ outboxId }: JobOf<'mail'>, job: Job): Promise<void> {
    // The relay gives a job the id of its outbox row, so a job with another id was not made by a relay. Messages that are only in Postgres
    // are enqueued again.
    if (outboxId !== job.id) return this.#log.write('warn', {}, 'a job that no relay made was dropped');
    // A job of a copied Redis. The message stays in the outbox.
    if (this.#switch.offBecause()) throw new MailSwitchedOff();
    const mail = await this.#take(outboxId);
    if (mail === 'done') return;
    if (mail === 'leased') throw new LeasedByOtherWorker();
    let outgoing: OutgoingMail | undefined;
    try {
      outgoing = await this.#write(mail);
      if (outgoing) await this.#transport.send(outgoing);
    } catch (error) {
      await this.#failed(mail, error as Error);
      return;
    }
    // The mail server has accepted the message. The worker retries to record that as long as this process lives, even if Postgres is
    // unavailable.
    await this.#record(() => (outgoing ? this.#deliveries.sent(outboxId) : this.#deliveries.overtaken(outboxId)));
    this.#metrics.outcomes.inc({ outcome: outgoing ? 'sent' : 'overtaken' });
    if (outgoing) this.#server.record();
  }

  /** Leases a message. A message of an unknown kind is deferred, and each unknown kind is logged once as an error. */
  async #take(outboxId: string) {
    try {
      return await this.#deliveries.take(outboxId);
    } catch (error) {
      if (!(error instanceof UnknownMailKind)) throw error;
      if (!this.#unknownKinds.has(error.kind))
        this.#logger.error({ kind: error.kind }, 'messages of a kind that this build does not know stay in the outbox');
      this.#unknownKinds.add(error.kind);
      await this.#record(() => this.#deliveries.deferred(outboxId, error.message));
      this.#metrics.outcomes.inc({ outcome: 'unknown-kind' });
      throw error;
    }
  }

  /** Returns undefined if the message is out of date. */
  async #write(mail: OutboxMail): Promise<OutgoingMail | undefined> {
    const data = await this.#data.read(mail);
    return data && { messageId: mail.messageId, mail: await this.#composer.compose(data.message, data.to) };
  }

  /** Records a failed attempt. Throws if the queue must retry. */
  async #failed(mail: OutboxMail, error: Error): Promise<void> {
    const { outboxId } = mail;
    if (error instanceof OverBudget) {
      await this.#record(() => this.#deliveries.waitsForBudget(outboxId));
      this.#overBudget(mail, error);
      throw error;
    }
    if (error instanceof MailError) this.#server.record(error);
    const late = mail.takenAt.getTime() - mail.triedSince.getTime() > GIVEN_UP_AFTER_MS;
    if (late || (error instanceof MailError && error.kind === 'refused')) {
      await this.#record(async () => this.#deliveries.bounced(outboxId, error.message, await this.#data.eventOf(mail)));
      this.#metrics.outcomes.inc({ outcome: 'bounced' });
      return;
    }
    await this.#record(() => this.#deliveries.deferred(outboxId, error.message));
    this.#metrics.outcomes.inc({ outcome: 'deferred' });
    throw error;
  }

  /** Counts a message that waits for its budget, and logs that once an hour. */
  #overBudget({ kind }: OutboxMail, { waitMs }: OverBudget): void {
    this.#metrics.budgetDeferred.inc();
    if (performance.now() - this.#loggedOverBudgetAt < HOUR_MS) return;
    this.#loggedOverBudgetAt = performance.now();
    const waitMinutes = Math.ceil(waitMs / 60_000);
    this.#logger.warn(
      { kind, waitMinutes },
      'the hourly budget of mails to unproved addresses is used up; further mails wait',
    );
  }

  /** Retries a write to Postgres until it succeeds, or this worker stops. */
  async #record(write: () => Promise<unknown>): Promise<void> {
    const attempt = async () => {
      try {
        await write();
      } catch (error) {
        // p-retry retries neither TypeErrors nor errors of another realm.
        throw new Error((error as Error).message, { cause: error });
      }
    };
    await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: RECORD_RETRY_MS.first,
      maxTimeout: RECORD_RETRY_MS.max,
      shouldRetry: () => !this.#stopping.signal.aborted,
    });
  }
}
