/** After a run that took long, the next begins after at least so many times as long: runs take a quarter of the time at most. */
const PAUSE_TIMES = 4;
/** Runs that take so many times the processor time that they use wait for a processor: others need it more. */
const STARVED_TIMES = 1.35;
/** How much one run says of that: a machine is short of processors when several in turn say so. */
const STARVED_WEIGHT = 0.2;

/** How often something is run, in milliseconds. */
export interface Pace {
  /** Never sooner again than this. */
  intervalMs: number;
  /** Where a run takes long, the interval stretches up to this. */
  intervalMaxMs: number;
  /** The same while the machine is short of processors; as `intervalMaxMs` unless told. */
  intervalMaxStarvedMs?: number;
}

/**
 * Runs at most once an interval for each key: at once after a quiet time, and once more at the end of the interval if
 * anything changed within it. The last state always goes out. Runs of one key never overlap, and where they take long the
 * interval stretches, so that telling many does not starve what is told of. A run that failed is run again, after a
 * pause of the longest interval.
 */
export class Coalescer {
  readonly #pace: Pace;
  readonly #run: (key: string) => unknown;
  readonly #onFault: (key: string, fault: Error) => void;
  /** Keys whose last run failed. */
  readonly #failing = new Set<string>();
  /** Keys that run or are in their interval, and whether something changed since they last ran. */
  readonly #busy = new Map<string, { timer?: NodeJS.Timeout; changed: boolean }>();
  #closed = false;
  /** Time taken for processor time used, of late. */
  #takenForUsed = 1;

  /**
   * @param run what to do for a key; it may take its time (a promise).
   * @param onFault is told why a run failed, once until one does not.
   */
  constructor(pace: Pace, run: (key: string) => unknown, onFault: (key: string, fault: Error) => void) {
    this.#pace = pace;
    this.#run = run;
    this.#onFault = onFault;
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
    const used = process.cpuUsage();
    try {
      await this.#run(key);
      this.#failing.delete(key);
    } catch (fault) {
      busy.changed = true;
      if (!this.#failing.has(key)) this.#onFault(key, fault as Error);
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
    this.#takenForUsed += (tookMs / Math.max(usedMs, 0.001) - this.#takenForUsed) * STARVED_WEIGHT;
    const max = this.#takenForUsed > STARVED_TIMES ? intervalMaxStarvedMs : intervalMaxMs;
    return Math.min(Math.max(intervalMs, tookMs * PAUSE_TIMES), max);
  }
}
