import { CAPACITY_MAX } from '#contract';
import { timeZoneError } from '../time-zone.ts';
import { readClock, readDay } from './times.ts';

/**
 * What a person set by hand, by the path of a field (`FindingField.path`):
 *
 * - `event.title`, `event.slug`, `event.timeZone`, `event.language`
 * - `defaults.day`, `.start`, `.minutes`, `.order` (`together`, `one-after-another`), `.room`, `.capacity`, `.host`, `.dateOrder` (`month-first`),
 *   `.zulu` (`utc`, `local`): for every entry that has none of its own
 * - `rooms.CODE.capacity`
 * - `entries.KEY.title`, `.day`, `.start`, `.end`, `.minutes`, `.room`, `.capacity`, `.language`, `.speakers`, `.hosts`, `.summary`,
 *   `.columns` (`as-it-is`), `.skip`
 * - in a document of our own: the path of the value, `cafes.3.endsAt`
 */
export type Answers = Record<string, string | number | boolean>;

/** What a value must be, by the last part of the path. Paths that are not named take any text. */
const CHECKS: Record<string, (value: string | number | boolean) => boolean> = {
  day: (value) => !readDay(String(value)).fault,
  start: (value) => !readClock(String(value)).fault,
  end: (value) => !readClock(String(value)).fault,
  minutes: (value) => isCount(value, 1, 1_440),
  capacity: (value) => isCount(value, 0, CAPACITY_MAX),
  timeZone: (value) => timeZoneError(String(value)) === undefined,
  slug: (value) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(String(value)) && String(value).length <= 80,
  language: (value) => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(String(value)),
  order: (value) => ['together', 'one-after-another'].includes(String(value)),
  dateOrder: (value) => ['day-first', 'month-first'].includes(String(value)),
  zulu: (value) => ['utc', 'local'].includes(String(value)),
  skip: (value) => typeof value === 'boolean',
};

/** The most seats and minutes are those that a document may have. */
function isCount(value: unknown, min: number, max: number): boolean {
  const number = Number(value);
  return value !== '' && typeof value !== 'boolean' && Number.isInteger(number) && number >= min && number <= max;
}

/** The answers that can be read. What cannot be read is not an answer: its finding stays. */
function validAnswers(answers: Answers): Answers {
  return Object.fromEntries(
    Object.entries(answers).filter(([path, value]) => {
      const check = CHECKS[path.split('.').at(-1) ?? ''];
      return check && /^(?:event|defaults|rooms|entries)\./.test(path) ? check(value) : String(value).trim() !== '';
    }),
  );
}

/** Reads answers by path. `text`, `number`: undefined where nothing was set. */
export class AnswerReader {
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = validAnswers(answers);
  }

  has(path: string): boolean {
    return Object.hasOwn(this.#answers, path);
  }

  text(path: string): string | undefined {
    return this.has(path) ? String(this.#answers[path]).trim() : undefined;
  }

  number(path: string): number | undefined {
    return this.has(path) ? Number(this.#answers[path]) : undefined;
  }

  isSkipped(key: string): boolean {
    return this.#answers[`entries.${key}.skip`] === true;
  }

  /** The keys of rows with too many cells that are read as they are. */
  acceptedRows(): Set<string> {
    const accepted = Object.keys(this.#answers).flatMap((path) => /^entries\.(.+)\.columns$/.exec(path)?.[1] ?? []);
    return new Set(accepted);
  }

  /** The answers with their paths, in a document of our own. */
  paths(): [string, string | number | boolean][] {
    return Object.entries(this.#answers);
  }
}
