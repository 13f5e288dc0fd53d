import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a value is returned after a check of its version without another check, in milliseconds. A commit of another process shows by then.
 * Pages wait longer than that before they ask for a change that was pushed to them (`ASK_AFTER_MS` of programme-changes.ts).
 */
export const FRESH_MS = 100;
/** The shortest time between two builds of a value, in milliseconds, however often its version changes. */
const BUILD_EVERY_MS = 50;

/** A value with its version: opaque texts, at least one of which differs after every change. */
interface Kept<Value> {
  version: readonly string[];
  value: Value;
}

/** Where a versioned value comes from. */
export interface Source<Value> {
  /** Reads the version. It must be cheap, because every check reads it. */
  version(): Promise<readonly string[]>;
  /**
   * What the database holds now. Read after the version, so it may be newer than that, and is never older.
   * @param before the value to replace, of which parts may still hold
   */
  build(version: readonly string[], before: Kept<Value> | undefined): Promise<Value>;
}

/**
 * A value of the database that is built again only when its version changed.
 *
 * It is at most `FRESH_MS` old, and never older than the last `expire()`. Callers who need a look wait for the next one together: never for one that
 * has begun, which may not see what they know of. One look, and one building, at a time; errors go to everybody who waited, and nothing
 * is kept of them.
 */
export class VersionedValue<Value> {
  readonly #source: Source<Value>;
  #kept: Kept<Value> | undefined;
  /** When the look began that found what is kept, in milliseconds of `performance.now()`. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #expiredAt = Number.NEGATIVE_INFINITY;
  #builtAt = Number.NEGATIVE_INFINITY;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Value> | undefined;

  constructor(source: Source<Value>) {
    this.#source = source;
  }

  async read(): Promise<Value> {
    const fresh = this.#lookedAt > this.#expiredAt && performance.now() - this.#lookedAt < FRESH_MS;
    if (fresh && this.#kept) return this.#kept.value;
    this.#next ??= this.#lookAfterRunning();
    return this.#next;
  }

  /** Expires the value: later reads get a value that is read after this call. */
  expire(): void {
    this.#expiredAt = performance.now();
  }

  async #lookAfterRunning(): Promise<Value> {
    await this.#running.catch(() => {});
    const restMs = this.#builtAt + BUILD_EVERY_MS - performance.now();
    if (restMs > 0) await sleep(restMs);
    this.#next = undefined;
    const looking = this.#look();
    this.#running = looking;
    return looking;
  }

  async #look(): Promise<Value> {
    const began = performance.now();
    const version = await this.#source.version();
    const before = this.#kept;
    if (!before || version.some((part, place) => part !== before.version[place])) {
      this.#kept = { version, value: await this.#source.build(version, before) };
      this.#builtAt = performance.now();
    }
    this.#lookedAt = began;
    return (this.#kept as Kept<Value>).value;
  }
}
