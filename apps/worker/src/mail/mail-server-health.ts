import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MailError, MailTransport } from '#mail';
import { AppLogger, PartError } from '#platform';

/** How long the worker goes on without news of the mail server before it asks, in milliseconds. */
const ASK_AFTER_MS = 60_000;
/** How often it asks while the server does not take mail, in milliseconds. */
const ASK_AGAIN_MS = 10_000;
/** So many messages in a row that the server did not take, each for a reason of its own, mean that it takes none. */
const REFUSED_IN_A_ROW = 5;

/**
 * Whether the mail server takes mail: learned from the messages that are sent, and by asking it at the start and while nothing is sent.
 * Without it the worker serves: messages wait in Postgres.
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

  /** Records what became of an attempt to send a message. */
  heard(error?: MailError): void {
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
      // A server that lets us in and takes no message is heard of from the messages.
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
