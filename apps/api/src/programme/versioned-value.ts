import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a value is returned after a check of its version without another check, in milliseconds. A commit of another process is visible
 * after that time. Pages wait longer before they fetch a change that was pushed to them (`ASK_AFTER_MS` of programme-changes.ts).
 */
export const FRESH_MS = 100;
/** The minimum time between two builds of a value, in milliseconds, whatever the number of changes. */
const BUILD_EVERY_MS = 50;

/** A value with its version: opaque texts, at least one of which differs after each change. */
interface Versioned<Value> {
  version: readonly string[];
  value: Value;
}

/** The source of a versioned value. */
export interface Source<Value> {
  /** Reads the version. It must be cheap, because every check reads it. */
  version(): Promise<readonly string[]>;
  /**
   * Builds the current value. It is read after the version, so it may be newer than the version, and is never older.
   * @param before the value to replace, parts of which may still be current
   */
  build(version: readonly string[], before: Versioned<Value> | undefined): Promise<Value>;
}

/**
 * A value of the database that is built again only when its version changed.
 *
 * It is at most `FRESH_MS` old, and never older than the last `expire()`. Callers that need a check wait together for the next one. They do
 * not use a check in progress, which may miss a change that they know of. Checks and builds run one at a time. All callers that waited get
 * an error, and it is not cached.
 */
export class VersionedValue<Value> {
  readonly #source: Source<Value>;
  #cached: Versioned<Value> | undefined;
  /** When the check began that found the cached value, in milliseconds of `performance.now()`. */
  #checkedAt = Number.NEGATIVE_INFINITY;
  #expiredAt = Number.NEGATIVE_INFINITY;
  #builtAt = Number.NEGATIVE_INFINITY;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Value> | undefined;

  constructor(source: Source<Value>) {
    this.#source = source;
  }

  async read(): Promise<Value> {
    const fresh = this.#checkedAt > this.#expiredAt && performance.now() - this.#checkedAt < FRESH_MS;
    if (fresh && this.#cached) return this.#cached.value;
    this.#next ??= this.#checkAfterRunning();
    return this.#next;
  }

  /** Expires the value: later reads get a value that is read after this call. */
  expire(): void {
    this.#expiredAt = performance.now();
  }

  async #checkAfterRunning(): Promise<Value> {
    await this.#running.catch(() => {});
    const restMs = this.#builtAt + BUILD_EVERY_MS - performance.now();
    if (restMs > 0) await sleep(restMs);
    this.#next = undefined;
    const check = this.#check();
    this.#running = check;
    return check;
  }

  async #check(): Promise<Value> {
    const began = performance.now();
    const version = await this.#source.version();
    const before = this.#cached;
    if (!before || version.some((part, place) => part !== before.version[place])) {
      this.#cached = { version, value: await this.#source.build(version, before) };
      this.#builtAt = performance.now();
    }
    this.#checkedAt = began;
    return (this.#cached as Versioned<Value>).value;
  }
}
