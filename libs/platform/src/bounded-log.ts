import type { Logger } from 'pino';

/** How long lines alike are counted before the next of them is written, in milliseconds. */
const WINDOW_MS = 60_000;
/** So many different lines are written in a window; the others are counted. */
const LINES_MAX = 100;

type Fields = Record<string, string | number | undefined>;

/**
 * Writes what strangers can cause at will. Of lines alike the first is written at once, and at the end of a minute one more with how
 * often they came (`times`); of more than a hundred different ones in a minute only the number is written.
 */
export class BoundedLog {
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  readonly #lines = new Map<string, { level: 'info' | 'warn'; fields: Fields; text: string; times: number }>();
  #others = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(logger: Pick<Logger, 'info' | 'warn'>) {
    this.#logger = logger;
  }

  /** @param fields ids and reasons; no addresses, names or tokens. */
  write(level: 'info' | 'warn', fields: Fields, text: string): void {
    this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS).unref();
    const key = `${text}${JSON.stringify(fields)}`;
    const line = this.#lines.get(key);
    if (line) line.times += 1;
    else if (this.#lines.size >= LINES_MAX) this.#others += 1;
    else {
      this.#lines.set(key, { level, fields, text, times: 0 });
      this.#logger[level](fields, text);
    }
  }

  /** Write what was counted, and begin anew. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { level, fields, text, times } of this.#lines.values()) {
      if (times > 0) this.#logger[level]({ ...fields, times }, text);
    }
    if (this.#others > 0)
      this.#logger.warn({ times: this.#others }, 'more lines than a minute may have were not written');
    this.#lines.clear();
    this.#others = 0;
  }
}
