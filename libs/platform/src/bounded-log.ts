import type { Logger } from 'pino';

/** How long equal lines are counted, in milliseconds. */
const WINDOW_MS = 60_000;
/** The most different lines that are written in that time. The others are only counted. */
const LINES_MAX = 100;

type Fields = Record<string, string | number | undefined>;

/**
 * A log for lines that a stranger can cause as often as they like. It writes the first of equal lines at once, and the number of the others
 * (`times`) at the end of the minute. After a hundred different lines in a minute it writes only their number.
 */
export class BoundedLog {
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  readonly #lines = new Map<string, { level: 'info' | 'warn'; fields: Fields; text: string; times: number }>();
  #others = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(logger: Pick<Logger, 'info' | 'warn'>) {
    this.#logger = logger;
  }

  /** @param fields ids and reasons; no addresses, names or tokens */
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

  /** Writes the counted lines, and starts a new minute with the next line. */
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
