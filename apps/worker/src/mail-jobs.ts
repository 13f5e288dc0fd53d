import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Job, Worker } from 'bullmq';
import { Counter } from 'prom-client';
import { MailJob } from '#contract';
import { MailFault, type MailTransport } from '#mail';
import { MAIL_QUEUE, type Outbox, type OwedMail } from '#outbox';
import { openRedis } from '#platform';
import { MailFacts } from './mail-facts.ts';
import { PARTS, type Parts } from './parts.ts';

/** How many messages are written and sent at once. */
const CONCURRENCY = 4;
/** The pause before the second attempt, doubled with each, in milliseconds; up to a half of it is chance. */
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 15_000;
/** A message that could not be sent for so long is given up, in milliseconds. */
const GIVEN_UP_AFTER_MS = 24 * 3_600_000;

/** Sends what the queue says is owed. What happens to a message is written to Postgres; the queue only carries it. */
@Injectable()
export class MailJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #outbox: Outbox;
  readonly #transport: MailTransport;
  readonly #parts: Parts;
  readonly #facts: MailFacts;
  readonly #outcomes: Counter<'outcome'>;
  #worker: Worker<MailJob> | undefined;
  #redis: ReturnType<typeof openRedis> | undefined;
  #away = false;

  constructor(@Inject(PARTS) parts: Parts, @Inject(MailFacts) facts: MailFacts) {
    this.#parts = parts;
    this.#facts = facts;
    this.#outbox = parts.outbox;
    this.#transport = parts.transport;
    this.#outcomes = new Counter({
      name: 'comptoir_mail_total',
      help: 'Messages by what became of an attempt to send them',
      labelNames: ['outcome'],
      registers: [parts.metrics.registry],
    });
  }

  onApplicationBootstrap(): void {
    const { configuration, logger } = this.#parts;
    const connection = openRedis(configuration.REDIS_URL, { name: 'comptoir-mail', logger });
    this.#redis = connection;
    this.#worker = new Worker<MailJob>(MAIL_QUEUE, (job) => this.#send(job), {
      connection,
      concurrency: CONCURRENCY,
      skipVersionCheck: true,
      settings: {
        backoffStrategy: (attempt = 1) =>
          Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2),
      },
    });
    this.#worker.on('error', () => {});
    // What is not about mail is about us: a database that is away, or a fault to mend.
    this.#worker.on('failed', (_job, fault) => {
      if (!(fault instanceof MailFault)) logger.warn({ fault: fault.message }, 'a message waits for another try');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#worker?.close();
    this.#redis?.disconnect();
    this.#transport.close();
  }

  async #send(job: Job<MailJob>): Promise<void> {
    const { outboxId } = MailJob.parse(job.data);
    const owed = await this.#outbox.take(outboxId);
    if (owed === 'done') return;
    if (owed === 'leased') throw new Error('another worker has this message');
    try {
      const outgoing = await this.#facts.write(owed);
      if (!outgoing) {
        await this.#outbox.overtaken(outboxId);
        this.#outcomes.inc({ outcome: 'overtaken' });
        return;
      }
      await this.#transport.send(outgoing);
    } catch (error) {
      await this.#failed(owed, error as Error);
      return;
    }
    await this.#outbox.sent(outboxId);
    this.#outcomes.inc({ outcome: 'sent' });
    if (this.#away) this.#parts.logger.info({}, 'mail is accepted again');
    this.#away = false;
  }

  /** Record it, and let the queue try again where that may help. */
  async #failed(owed: OwedMail, fault: Error): Promise<void> {
    const late = Date.now() - owed.createdAt.getTime() > GIVEN_UP_AFTER_MS;
    if (late || (fault instanceof MailFault && fault.permanent)) {
      await this.#outbox.bounced(owed.outboxId, fault.message);
      this.#outcomes.inc({ outcome: 'bounced' });
      return;
    }
    await this.#outbox.deferred(owed.outboxId, fault.message);
    this.#outcomes.inc({ outcome: 'deferred' });
    if (!this.#away) this.#parts.logger.warn({ fault: fault.message }, 'mail is not accepted; it is tried again');
    this.#away = true;
    throw fault;
  }
}
