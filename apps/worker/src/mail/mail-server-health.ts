import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MailError, MailTransport } from '#mail';
import { AppLogger, PartError } from '#platform';

/** How long after the last news of the mail server the worker asks it, in milliseconds. */
const ASK_AFTER_MS = 60_000;
/** How often the worker asks while the server does not accept mail, in milliseconds. */
const ASK_AGAIN_MS = 10_000;
/** The number of consecutive messages, each refused for its own reason, after which the server counts as accepting none. */
const REFUSED_IN_A_ROW = 5;

/**
 * Whether the mail server accepts mail. The worker knows it from the messages that it sends. It also asks the server at the start and while
 * it sends nothing. Without the mail server, the worker serves, and messages wait in Postgres.
 */
@Injectable()
export class MailServerHealth implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #transport: MailTransport;
  readonly #logger: AppLogger;
  #error: MailError | undefined;
  #refused = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(transport: MailTransport, logger: AppLogger) {
    this.#transport = transport;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    void this.#ask();
  }

  onApplicationShutdown(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
  }

  /** Records the result of an attempt to send a message. */
  record(error?: MailError): void {
    if (!error) {
      this.#refused = 0;
      this.#set(undefined);
    } else if (error.kind === 'connection') {
      this.#set(error);
    } else {
      this.#refused += 1;
      if (this.#refused >= REFUSED_IN_A_ROW) this.#set(error);
    }
    this.#askLater();
  }

  /** @throws PartError `away` or `refuses` */
  async check(): Promise<void> {
    if (this.#error) throw new PartError(this.#error.isAnswer ? 'refuses' : 'away', this.#error.message);
  }

  async #ask(): Promise<void> {
    try {
      await this.#transport.verify();
      // For a server that accepts the sign-in and refuses messages, only the results of messages count.
      if (this.#error?.kind === 'connection') this.#set(undefined);
    } catch (error) {
      if (error instanceof MailError) this.#set(error);
    }
    this.#askLater();
  }

  #askLater(): void {
    clearTimeout(this.#timer);
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => void this.#ask(), this.#error ? ASK_AGAIN_MS : ASK_AFTER_MS).unref();
  }

  #set(error: MailError | undefined): void {
    if (this.#isStopping || (error === undefined) === (this.#error === undefined)) return;
    this.#error = error;
    if (error)
      this.#logger.warn({ error: error.message }, 'the mail server does not accept messages; they are retried');
    else this.#logger.info({}, 'the mail server accepts messages again');
  }
}
