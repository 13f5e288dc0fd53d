import type { Logger } from 'pino';

/** The period in which equal lines are counted, in milliseconds. */
const WINDOW_MS = 60_000;
/** The maximum number of different lines that are written in that period. Further lines are only counted. */
const LINES_MAX = 100;

type Fields = Record<string, string | number | undefined>;

/**
 * A log for lines that any client can cause repeatedly. It writes the first of equal lines immediately, and the number of the others
 * (`times`) at the end of the minute. After a hundred different lines in a minute it writes only the number of further lines.
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

  /** Writes the counted lines. The next line starts a new minute. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { level, fields, text, times } of this.#lines.values()) {
      if (times > 0) this.#logger[level]({ ...fields, times }, text);
    }
    if (this.#others > 0)
      this.#logger.warn({ times: this.#others }, 'lines over the limit of this minute were not written');
    this.#lines.clear();
    this.#others = 0;
  }
}
