import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MAIL_IS_OFF, MailSwitch } from '#notifications';
import { AppLogger } from '#platform';

/** How often the worker reads whether mail is on, in milliseconds. */
const READ_EVERY_MS = 2_000;

/** Reads repeatedly whether mail is on, and logs each change. Before the first read, mail is off. */
@Injectable()
export class MailWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #switch: MailSwitch;
  readonly #logger: AppLogger;
  #logged: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(mailSwitch: MailSwitch, logger: AppLogger) {
    this.#switch = mailSwitch;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#reading = this.#read();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#reading;
  }

  async #read(): Promise<void> {
    // While the database is unavailable, the state is unknown, and nothing can be sent.
    await this.#switch.read().catch(() => {});
    this.#log();
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => {
      this.#reading = this.#read();
    }, READ_EVERY_MS);
  }

  #log(): void {
    const reason = this.#switch.offBecause();
    if (reason === 'unknown' || reason === this.#logged) return;
    if (reason) this.#logger.warn({ reason }, MAIL_IS_OFF[reason]);
    else this.#logger.info({}, 'mail is on');
    this.#logged = reason;
  }
}
