/** One change of a zone's clock: from this instant on it is `to` minutes ahead of UTC, before it was `from`. */
interface Change {
  at: number;
  from: number;
  to: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Two changes of a clock are never closer than this. */
const STEP_DAYS = 5;
/** Parts once written, by zone and years. Events have few zones; beyond so many they are written anew. */
const written = new Map<string, string[]>();
const WRITTEN_MAX = 100;

/** How a zone's wall clock reads at an instant: `20261125T143000`. */
export function wallClock(instant: string, timeZone: string): string {
  const at = Date.parse(instant);
  return stamp(at + offsetAt(at, timeZone) * MINUTE_MS);
}

/** Whether a zone's clock shows what it shows at an instant a second time: it is put back just then, or was just before. */
export function isShownTwice(instant: string, timeZone: string): boolean {
  const at = Date.parse(instant);
  const offset = offsetAt(at, timeZone);
  return [at - DAY_MS, at + DAY_MS].some((around) => {
    const other = offsetAt(around, timeZone);
    const sameOnClock = at + (offset - other) * MINUTE_MS;
    return other !== offset && offsetAt(sameOnClock, timeZone) === other;
  });
}

/** `20261125T143000` of milliseconds that are taken as a wall clock's. */
export function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+Z$/g, '');
}

/**
 * The lines of a VTIMEZONE (RFC 5545, 3.6.5) that is right for these instants. Where the clocks change by the same rule
 * every year it says the rule, which is the form that every calendar knows; else it names each change.
 */
export function timeZonePart(timeZone: string, instants: string[]): string[] {
  const years = instants.map((instant) => new Date(instant).getUTCFullYear());
  const [first, last] = [Math.min(...years) - 1, Math.max(...years) + 1];
  const key = `${timeZone} ${first} ${last}`;
  if (written.size >= WRITTEN_MAX) written.clear();
  const lines = written.get(key) ?? ['BEGIN:VTIMEZONE', `TZID:${timeZone}`, ...observances(), 'END:VTIMEZONE'];
  written.set(key, lines);
  return lines;

  function observances(): string[] {
    const changes: Change[] = [];
    for (let year = first; year <= last; year++) changes.push(...changesOf(timeZone, year));
    if (changes.length === 0) {
      const offset = offsetAt(Date.UTC(first, 0), timeZone);
      return observance({ at: 0, from: offset, to: offset }, '19700101T000000');
    }
    const yearly = changes.filter(({ at }) => new Date(at).getUTCFullYear() === first);
    const habits = yearly.map(habitOf);
    const always =
      changes.length === yearly.length * (last - first + 1) && changes.every((each) => habits.includes(habitOf(each)));
    return always
      ? yearly.flatMap((change) => observance(change, undefined, ruleOf(change)))
      : changes.flatMap((change) => observance(change));
  }
}

function observance(change: Change, start = stamp(change.at + change.from * MINUTE_MS), rule?: string): string[] {
  const name = change.to > change.from ? 'DAYLIGHT' : 'STANDARD';
  return [
    `BEGIN:${name}`,
    `DTSTART:${start}`,
    `TZOFFSETFROM:${offsetText(change.from)}`,
    `TZOFFSETTO:${offsetText(change.to)}`,
    ...(rule ? [rule] : []),
    `END:${name}`,
  ];
}

/** “The last Sunday of March” or “the second Sunday of November”, as a rule of recurrence. */
function ruleOf({ at, from }: Change): string {
  const wall = new Date(at + from * MINUTE_MS);
  const day = wall.getUTCDate();
  const daysOfMonth = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  const which = day + 7 > daysOfMonth ? -1 : Math.ceil(day / 7);
  const weekday = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][wall.getUTCDay()];
  return `RRULE:FREQ=YEARLY;BYMONTH=${wall.getUTCMonth() + 1};BYDAY=${which}${weekday}`;
}

/** What must be the same every year for a rule to tell it: the day, the time and the offsets. */
function habitOf(change: Change): string {
  const { at, from, to } = change;
  return `${ruleOf(change)} ${stamp(at + from * MINUTE_MS).slice(9)} ${from} ${to}`;
}

function changesOf(timeZone: string, year: number): Change[] {
  const changes: Change[] = [];
  const end = Date.UTC(year + 1, 0);
  for (let at = Date.UTC(year, 0); at < end; at += STEP_DAYS * DAY_MS) {
    const until = Math.min(end, at + STEP_DAYS * DAY_MS);
    const [from, to] = [offsetAt(at, timeZone), offsetAt(until, timeZone)];
    if (from !== to) changes.push({ at: changeBetween(at, until, from, timeZone), from, to });
  }
  return changes;
}

/** The minute at which the clock leaves the offset that it has at `low`. */
function changeBetween(low: number, high: number, from: number, timeZone: string): number {
  let [before, after] = [low, high];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle, timeZone) === from) before = middle;
    else after = middle;
  }
  return after;
}

const offsetFormats = new Map<string, Intl.DateTimeFormat>();

/** Minutes ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  const format =
    offsetFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  offsetFormats.set(timeZone, format);
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
}
