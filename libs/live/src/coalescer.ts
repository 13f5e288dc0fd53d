/** The interval of a key is at least this many times the duration of its last run, so that its runs take at most a quarter of the time. */
const INTERVAL_PER_RUN = 4;
/** The machine has too little processor time when runs take this many times the processor time that they use. */
const STARVED_RATIO = 1.35;
/** The weight of one run in the moving average of that ratio, so that one slow run does not decide. */
const STARVED_WEIGHT = 0.2;

/** The interval between the starts of two runs of a key, in milliseconds. */
export interface Pace {
  /** The shortest interval. */
  intervalMs: number;
  /** The longest interval, which follows long runs. */
  intervalMaxMs: number;
  /** The longest interval while the machine has too little processor time. Default: `intervalMaxMs`. */
  intervalMaxStarvedMs?: number;
}

/**
 * Runs each key at most once in an interval: immediately after a quiet period, and again at the end of the interval if the key changed
 * within it, so that the last state is always run. Runs of one key never overlap. The interval grows with the duration of the runs, so that
 * pushes leave processor time for other work. A failed run is retried after the longest interval.
 */
export class Coalescer {
  readonly #pace: Pace;
  readonly #run: (key: string) => unknown;
  readonly #onError: (key: string, error: Error) => void;
  /** Keys whose last run failed. */
  readonly #failing = new Set<string>();
  /** The keys that run or are in their interval, and whether they changed since their last run started. */
  readonly #busy = new Map<string, { timer?: NodeJS.Timeout; changed: boolean }>();
  #closed = false;
  /** Moving average of the time that a run takes, as a multiple of the processor time that it uses. */
  #starvedRatio = 1;

  /**
   * @param run the work for a key; may return a promise
   * @param onError is called with the error of a failed run, once until a run of that key succeeds
   */
  constructor(pace: Pace, run: (key: string) => unknown, onError: (key: string, error: Error) => void) {
    this.#pace = pace;
    this.#run = run;
    this.#onError = onError;
  }

  /** Runs a key immediately, or at the end of its interval. */
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
    const used = process.cpuUsage();
    try {
      await this.#run(key);
      this.#failing.delete(key);
    } catch (error) {
      busy.changed = true;
      if (!this.#failing.has(key)) this.#onError(key, error as Error);
      this.#failing.add(key);
    }
    const took = performance.now() - started;
    if (this.#closed) return;
    const { user, system } = process.cpuUsage(used);
    const interval = this.#intervalAfter(took, (user + system) / 1_000);
    busy.timer = setTimeout(
      () => {
        this.#busy.delete(key);
        if (busy.changed) void this.#start(key);
      },
      this.#failing.has(key) ? this.#pace.intervalMaxMs : Math.max(0, interval - took),
    );
  }

  #intervalAfter(tookMs: number, usedMs: number): number {
    const { intervalMs, intervalMaxMs, intervalMaxStarvedMs = intervalMaxMs } = this.#pace;
    this.#starvedRatio += (tookMs / Math.max(usedMs, 0.001) - this.#starvedRatio) * STARVED_WEIGHT;
    const max = this.#starvedRatio > STARVED_RATIO ? intervalMaxStarvedMs : intervalMaxMs;
    return Math.min(Math.max(intervalMs, tookMs * INTERVAL_PER_RUN), max);
  }
}
