import { setTimeout as sleep } from 'node:timers/promises';

/** After a look at the version nobody looks again for so many times as long as it took: callers who come meanwhile share the next look. */
const REST_TIMES = 1;
/** A value is built again at most once in so many milliseconds, however often its version changes. */
const BUILD_EVERY_MS = 50;

/** A value with its version: opaque texts, at least one of which differs after every change. */
interface Kept<Value> {
  version: readonly string[];
  value: Value;
}

/** Where a versioned value comes from. */
export interface Source<Value> {
  /** Cheap: it is read for every group of callers. */
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
 * Always what the database held at a moment after the call: a caller takes part in the next look at the version, never in one
 * that has begun. So there is nothing to invalidate, and another process's commit shows as soon as one's own.
 * One look, and one building, at a time; errors go to everybody who waited, and nothing is kept of them.
 */
export class VersionedValue<Value> {
  readonly #source: Source<Value>;
  #kept: Kept<Value> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Value> | undefined;
  /** When the next look may begin, in milliseconds of `performance.now()`. */
  #restsUntil = 0;

  constructor(source: Source<Value>) {
    this.#source = source;
  }

  read(): Promise<Value> {
    this.#next ??= this.#afterRunning();
    return this.#next;
  }

  async #afterRunning(): Promise<Value> {
    await this.#running.catch(() => {});
    const restMs = this.#restsUntil - performance.now();
    if (restMs > 0) await sleep(restMs);
    // Who calls from here on may know of a change that this look does not see.
    this.#next = undefined;
    const looking = this.#look();
    this.#running = looking;
    return looking;
  }

  async #look(): Promise<Value> {
    const began = performance.now();
    const version = await this.#source.version();
    this.#restsUntil = performance.now() + (performance.now() - began) * REST_TIMES;
    const before = this.#kept;
    if (before && version.every((part, place) => part === before.version[place])) return before.value;
    const value = await this.#source.build(version, before);
    this.#kept = { version, value };
    this.#restsUntil = Math.max(performance.now(), began + BUILD_EVERY_MS);
    return value;
  }
}
