import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Job, WorkerOptions } from 'bullmq';
import pRetry from 'p-retry';
import { MailComposer, MailError, MailTransport, type OutgoingMail, type TypedText } from '#mail';
import { Deliveries, MailData, MailSwitch, OverBudget, type OwedMail, UnknownMailKind } from '#notifications';
import { AppLogger, BoundedLog, Configuration } from '#platform';
import { WorkerMetrics } from '../metrics/worker-metrics.ts';
import { type JobOf, QueueProcessor } from '../queues/queue-processor.ts';
import { MailServerHealth } from './mail-server-health.ts';
import { GIVEN_UP_AFTER_MS, LeasedElsewhere, MailIsOff, pauseAfter } from './retries.ts';

/** Messages in hand for each connection: while one is sent, the next are written. */
const IN_HAND_PER_CONNECTION = 4;
/** However often a job's worker is lost, it is tried again. */
const STALLED_MAX = 1_000_000;
/** The pauses between attempts to record what happened to a message, in milliseconds: the first, doubled up to the last. */
const RECORD_AGAIN_MS = { first: 100, max: 2_000 };
/** How long messages that are being sent may take once the worker stops, in milliseconds; then their connections are ended. */
const FINISH_WITHIN_MS = 6_000;
const HOUR_MS = 3_600_000;

/** Sends what the queue says is owed. What happens to a message is written to Postgres; the queue only carries it. */
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
  #saidOverBudgetAt = Number.NEGATIVE_INFINITY;
  /** Those that were logged. */
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
      concurrency: MAIL_CONNECTIONS_MAX * IN_HAND_PER_CONNECTION,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: RECORD_AGAIN_MS.max,
      ...(MAIL_RATE_PER_SECOND_MAX > 0 && { limiter: { max: MAIL_RATE_PER_SECOND_MAX, duration: 1_000 } }),
      settings: { backoffStrategy: (attempt = 1, _type, error) => pauseAfter(error, attempt, Math.random()) },
    };
  }

  /** What is not about mail is about us: a database that is away, or an error to mend. */
  protected override onFailed(error: Error): void {
    const isExpected = [MailError, MailIsOff, LeasedElsewhere, OverBudget, UnknownMailKind].some(
      (kind) => error instanceof kind,
    );
    if (!isExpected) this.#logger.warn({ fault: error.message }, 'a message waits for another try');
  }

  /** What is being sent is finished where the server answers in time; the rest goes back to the queue, or to Postgres. */
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
    // The relay names a job by its row. Another one is not ours; what is owed is in Postgres, and is enqueued again.
    if (outboxId !== job.id) return this.#log.write('warn', {}, 'a job that no relay made was dropped');
    // Jobs that a copy of Redis has. The message stays owed.
    if (this.#switch.offBecause()) throw new MailIsOff();
    const owed = await this.#take(outboxId);
    if (owed === 'done') return;
    if (owed === 'leased') throw new LeasedElsewhere();
    let outgoing: OutgoingMail | undefined;
    try {
      outgoing = await this.#write(owed);
      if (outgoing) await this.#transport.send(outgoing);
    } catch (error) {
      await this.#failed(owed, error as Error);
      return;
    }
    // It is out: as long as this process lives, that is recorded, however long Postgres is away.
    await this.#record(() => (outgoing ? this.#deliveries.sent(outboxId) : this.#deliveries.overtaken(outboxId)));
    this.#metrics.outcomes.inc({ outcome: outgoing ? 'sent' : 'overtaken' });
    if (outgoing) this.#server.heard();
  }

  /** A message of an unknown kind stays owed: it is neither sent nor dropped nor given up here, and an error says so. */
  async #take(outboxId: string) {
    try {
      return await this.#deliveries.take(outboxId);
    } catch (error) {
      if (!(error instanceof UnknownMailKind)) throw error;
      if (!this.#unknownKinds.has(error.kind))
        this.#logger.error({ kind: error.kind }, 'messages of a kind that this build does not know stay owed');
      this.#unknownKinds.add(error.kind);
      await this.#record(() => this.#deliveries.deferred(outboxId, error.message));
      this.#metrics.outcomes.inc({ outcome: 'unknown-kind' });
      throw error;
    }
  }

  /** Undefined when the message is out of date. */
  async #write(owed: OwedMail): Promise<OutgoingMail | undefined> {
    const data = await this.#data.read(owed);
    return data && { messageId: owed.messageId, mail: await this.#composer.compose(data.message, data.to) };
  }

  /** Record it, and let the queue try again where that may help. */
  async #failed(owed: OwedMail, error: Error): Promise<void> {
    const { outboxId } = owed;
    if (error instanceof OverBudget) {
      await this.#record(() => this.#deliveries.waitsForBudget(outboxId));
      this.#overBudget(owed, error);
      throw error;
    }
    if (error instanceof MailError) this.#server.heard(error);
    const late = owed.takenAt.getTime() - owed.triedSince.getTime() > GIVEN_UP_AFTER_MS;
    if (late || (error instanceof MailError && error.kind === 'refused')) {
      await this.#record(async () => this.#deliveries.bounced(outboxId, error.message, await this.#data.eventOf(owed)));
      this.#metrics.outcomes.inc({ outcome: 'bounced' });
      return;
    }
    await this.#record(() => this.#deliveries.deferred(outboxId, error.message));
    this.#metrics.outcomes.inc({ outcome: 'deferred' });
    throw error;
  }

  /** Count it, and log it once an hour. */
  #overBudget({ kind }: OwedMail, { waitMs }: OverBudget): void {
    this.#metrics.budgetDeferred.inc();
    if (performance.now() - this.#saidOverBudgetAt < HOUR_MS) return;
    this.#saidOverBudgetAt = performance.now();
    const waitMinutes = Math.ceil(waitMs / 60_000);
    this.#logger.warn(
      { kind, waitMinutes },
      'mails to unproved addresses have reached their number for this hour; they wait',
    );
  }

  /** Write to Postgres until that succeeds, or this worker stops. */
  async #record(write: () => Promise<unknown>): Promise<void> {
    const attempt = async () => {
      try {
        await write();
      } catch (error) {
        // p-retry gives up what is no `Error` of its realm, and every TypeError.
        throw new Error((error as Error).message, { cause: error });
      }
    };
    await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: RECORD_AGAIN_MS.first,
      maxTimeout: RECORD_AGAIN_MS.max,
      shouldRetry: () => !this.#stopping.signal.aborted,
    });
  }
}
