import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Job, Worker } from 'bullmq';
import type { Counter } from 'prom-client';
import { type MailJob, queues } from '#contract';
import { MailError, type OutgoingMail } from '#mail';
import type { OwedMail } from '#notifications';
import { openRedis } from '#platform';
import { closeJobs } from './close-jobs.ts';
import { MailFacts } from './mail-facts.ts';
import { PARTS, type Parts } from './parts.ts';
import { GIVEN_UP_AFTER_MS, LeasedElsewhere, OverBudget, pauseAfter } from './retries.ts';

/** Messages in hand for each connection: while one is sent, the next are written. */
const IN_HAND_PER_CONNECTION = 4;
/** A worker that says nothing for so long has lost its jobs to the others, in milliseconds; what it has taken is still its own. */
const LOCK_MS = 15_000;
/** How often jobs of lost workers are looked for, in milliseconds. */
const STALLED_EVERY_MS = 5_000;
/** However often a job's worker is lost, it is tried again. */
const STALLED_MAX = 1_000_000;
/** The pauses between attempts to record what was sent, in milliseconds: the first, doubled up to the last. */
const RECORD_AGAIN_MS = { first: 100, max: 2_000 };
/** How long messages that are being sent may take once the worker stops, in milliseconds; then their connections are ended. */
const FINISH_WITHIN_MS = 6_000;

const HOUR_MS = 3_600_000;

/** Sends what the queue says is owed. What happens to a message is written to Postgres; the queue only carries it. */
@Injectable()
export class MailJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: Parts;
  readonly #facts: MailFacts;
  readonly #outcomes: Counter<'outcome'>;
  #worker: Worker<MailJob> | undefined;
  #redis: ReturnType<typeof openRedis> | undefined;
  readonly #inHand = new Set<Promise<void>>();
  #away = false;
  #saidOverBudgetAt = Number.NEGATIVE_INFINITY;
  #stopping = false;

  constructor(@Inject(PARTS) parts: Parts, @Inject(MailFacts) facts: MailFacts) {
    this.#parts = parts;
    this.#facts = facts;
    this.#outcomes = parts.figures.outcomes;
  }

  onApplicationBootstrap(): void {
    const { configuration, logger } = this.#parts;
    const { REDIS_URL, MAIL_CONNECTIONS_MAX, MAIL_RATE_PER_SECOND_MAX } = configuration;
    const connection = openRedis(REDIS_URL, { name: 'comptoir-mail', logger });
    this.#redis = connection;
    this.#worker = new Worker<MailJob>(queues.mail.name, (job) => this.#hold(this.#send(job)), {
      connection,
      concurrency: MAIL_CONNECTIONS_MAX * IN_HAND_PER_CONNECTION,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: RECORD_AGAIN_MS.max,
      // Also of a job that does not ask for it.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      skipVersionCheck: true,
      ...(MAIL_RATE_PER_SECOND_MAX > 0 && { limiter: { max: MAIL_RATE_PER_SECOND_MAX, duration: 1_000 } }),
      settings: { backoffStrategy: (attempt = 1, _type, fault) => pauseAfter(fault, attempt, Math.random()) },
    });
    this.#worker.on('error', () => {});
    // What is not about mail is about us: a database that is away, or a fault to mend.
    this.#worker.on('failed', (_job, fault) => {
      if (!(fault instanceof MailError || fault instanceof LeasedElsewhere || fault instanceof OverBudget))
        logger.warn({ fault: fault.message }, 'a message waits for another try');
    });
  }

  /** What is being sent is finished where the server answers in time; the rest goes back to the queue, or to Postgres. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    this.#parts.transport.close();
    const closed = closeJobs(this.#worker, this.#redis);
    const timer = setTimeout(() => this.#parts.transport.close({ force: true }), FINISH_WITHIN_MS);
    await Promise.allSettled([closed, ...this.#inHand]);
    clearTimeout(timer);
  }

  /** What is in hand is finished before this worker is gone, whether or not Redis hears of it. */
  #hold(work: Promise<void>): Promise<void> {
    const held = work.finally(() => this.#inHand.delete(held));
    this.#inHand.add(held);
    return held;
  }

  async #send(job: Job<MailJob>): Promise<void> {
    const { outbox, transport, log } = this.#parts;
    const { data, success } = queues.mail.payload.safeParse(job.data);
    // The relay names a job by its row. Another one is not ours; what is owed is in Postgres, and is handed over again.
    if (!success || data.outboxId !== job.id) return log.write('warn', {}, 'a job that no relay made was dropped');
    const { outboxId } = data;
    const owed = await outbox.take(outboxId);
    if (owed === 'done') return;
    if (owed === 'leased') throw new LeasedElsewhere();
    let outgoing: OutgoingMail | undefined;
    try {
      outgoing = await this.#write(owed);
      if (outgoing) await transport.send(outgoing);
    } catch (error) {
      await this.#failed(owed, error as Error);
      return;
    }
    // It is out: as long as this process lives, that is recorded, however long Postgres is away.
    await this.#record(() => (outgoing ? outbox.sent(outboxId) : outbox.overtaken(outboxId)));
    this.#outcomes.inc({ outcome: outgoing ? 'sent' : 'overtaken' });
    if (outgoing && this.#away) {
      this.#away = false;
      this.#parts.logger.info({}, 'mail is accepted again');
    }
  }

  /** Undefined when nobody need be told this any more. */
  async #write(owed: OwedMail): Promise<OutgoingMail | undefined> {
    if (!(await this.#parts.scheduledMail.stillDue(owed))) return undefined;
    return this.#facts.write(owed);
  }

  /** Record it, and let the queue try again where that may help. */
  async #failed(owed: OwedMail, fault: Error): Promise<void> {
    const { outbox, logger } = this.#parts;
    if (fault instanceof OverBudget) {
      await this.#record(() => outbox.waitsForBudget(owed.outboxId));
      this.#overBudget(owed, fault);
      throw fault;
    }
    const late = owed.takenAt.getTime() - owed.triedSince.getTime() > GIVEN_UP_AFTER_MS;
    if (late || (fault instanceof MailError && fault.kind === 'refused')) {
      await this.#record(() => outbox.bounced(owed.outboxId, fault.message));
      this.#outcomes.inc({ outcome: 'bounced' });
      return;
    }
    await this.#record(() => outbox.deferred(owed.outboxId, fault.message));
    this.#outcomes.inc({ outcome: 'deferred' });
    if (fault instanceof MailError && !this.#away && !this.#stopping) {
      this.#away = true;
      logger.warn({ fault: fault.message }, 'mail is not accepted; it is tried again');
    }
    throw fault;
  }

  /** Count it, and say it once an hour. */
  #overBudget({ kind }: OwedMail, { waitMs }: OverBudget): void {
    const { figures, logger } = this.#parts;
    figures.budgetDeferred.inc();
    if (performance.now() - this.#saidOverBudgetAt < HOUR_MS) return;
    this.#saidOverBudgetAt = performance.now();
    const waitMinutes = Math.ceil(waitMs / 60_000);
    logger.warn(
      { kind, waitMinutes },
      'mails to unproved addresses have reached their number for this hour; they wait',
    );
  }

  async #record(write: () => Promise<void>): Promise<void> {
    for (let pauseMs = RECORD_AGAIN_MS.first; ; pauseMs = Math.min(RECORD_AGAIN_MS.max, pauseMs * 2)) {
      try {
        await write();
        return;
      } catch (fault) {
        if (this.#stopping) throw fault;
        await sleep(pauseMs);
      }
    }
  }
}
