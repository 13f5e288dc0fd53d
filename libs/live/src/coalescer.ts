/** After a run that took long, the next begins after at least so many times as long: runs take a quarter of the time at most. */
const PAUSE_TIMES = 4;

/**
 * Runs at most once an interval for each key: at once after a quiet time, and once more at the end of the interval if
 * anything changed within it. The last state always goes out. Runs of one key never overlap, and where they take long the
 * interval stretches, up to `intervalMaxMs`, so that telling many does not starve what is told of.
 */
export class Coalescer {
  readonly #intervalMs: number;
  readonly #intervalMaxMs: number;
  readonly #run: (key: string) => unknown;
  /** Keys that run or are in their interval, and whether something changed since they last ran. */
  readonly #busy = new Map<string, { timer?: NodeJS.Timeout; changed: boolean }>();
  #closed = false;

  /** @param options.run what to do for a key; it may take its time (a promise), and never rejects. */
  constructor(options: { intervalMs: number; intervalMaxMs: number; run: (key: string) => unknown }) {
    this.#intervalMs = options.intervalMs;
    this.#intervalMaxMs = options.intervalMaxMs;
    this.#run = options.run;
  }

  changed(key: string): void {
    const busy = this.#busy.get(key);
    if (busy) busy.changed = true;
    else if (!this.#closed) void this.#start(key);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#busy.values()) clearTimeout(timer);
    this.#busy.clear();
  }

  async #start(key: string): Promise<void> {
    const busy: { timer?: NodeJS.Timeout; changed: boolean } = { changed: false };
    this.#busy.set(key, busy);
    const started = performance.now();
    await this.#run(key);
    const took = performance.now() - started;
    if (this.#closed) return;
    const interval = Math.min(Math.max(this.#intervalMs, took * PAUSE_TIMES), this.#intervalMaxMs);
    busy.timer = setTimeout(
      () => {
        this.#busy.delete(key);
        if (busy.changed) void this.#start(key);
      },
      Math.max(0, interval - took),
    );
  }
}
