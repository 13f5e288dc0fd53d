import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PARTS, type Parts } from './parts.ts';

/** How often holds that ran out are looked for, in milliseconds: a hold ends within a second of its time. */
const EVERY_MS = 500;

/** Ends the holds whose time is over; the lines move up in the same commit. */
@Injectable()
export class Expiry implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: Parts;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #away = false;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { seats, feed, logger } = this.#parts;
    try {
      const { changed } = await seats.expireDue();
      if (changed.seats.length > 0) feed.publish(changed);
      if (this.#away) logger.info({}, 'holds are looked after again');
      this.#away = false;
    } catch (error) {
      if (!this.#away) logger.warn({ fault: (error as Error).message }, 'holds cannot be looked after; trying again');
      this.#away = true;
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, EVERY_MS);
  }
}
