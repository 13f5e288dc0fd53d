/**
 * Says “changed” at most once an interval for each key: at once after a quiet time, and once more at the end of the interval
 * if anything changed within it. The last state always goes out.
 */
export class Coalescer {
  readonly #intervalMs: number;
  readonly #run: (key: string) => void;
  /** Keys in their interval, and whether something changed since they last ran. */
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout; changed: boolean }>();

  constructor(intervalMs: number, run: (key: string) => void) {
    this.#intervalMs = intervalMs;
    this.#run = run;
  }

  changed(key: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.changed = true;
      return;
    }
    this.#start(key);
    this.#run(key);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #start(key: string): void {
    const timer = setTimeout(() => {
      const waiting = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (!waiting?.changed) return;
      this.#start(key);
      this.#run(key);
    }, this.#intervalMs);
    this.#waiting.set(key, { timer, changed: false });
  }
}
