import type { AnswerReader } from './answers.ts';
import type { Report } from './finding.ts';
import type { ImportedEntry, Moment } from './imported.ts';
import { instantOf, localOf, offsetAt, readClock, readDay } from './times.ts';

const DAY_MINUTES = 1_440;

/** The times of an entry as far as they are known: instants, and the day of the programme to which it belongs. */
export interface EntryTimes {
  startsAt?: string;
  endsAt?: string;
  day?: string;
}

interface TimeSettings {
  timeZone: string;
  answers: AnswerReader;
  report: Report;
  /** The fields that have a finding already. */
  reported: ReadonlySet<string>;
  /** What the event has for an entry of which the file says nothing. */
  existing?: EntryTimes;
}

/** What is the same for all entries and is asked for once. */
export class MissingTimes {
  withoutDay = 0;
  withoutStart = 0;
  readAsLocal = 0;
  /** For entries one after another: when the last one of each room ended. */
  readonly endOfRoom = new Map<string, string>();

  /** Reports what is missing for all entries together. `entries`: how many there are. */
  report(report: Report, answers: AnswerReader, timeZone: string): void {
    const { withoutDay, withoutStart, readAsLocal } = this;
    const field = (path: string, type: 'date' | 'time' | 'number') => ({
      path: `defaults.${path}`,
      type,
      value: answers.text(`defaults.${path}`),
    });
    const order = { path: 'defaults.order', type: 'choice' as const, choices: ['together', 'one-after-another'] };
    const times = [field('start', 'time'), field('minutes', 'number'), order];
    if (withoutStart > 0) {
      const fields = withoutDay > 0 ? [field('day', 'date'), ...times] : times;
      report({ level: 'error', code: 'no-times', values: { entries: withoutStart }, fields });
    } else if (withoutDay > 0) {
      report({ level: 'error', code: 'no-day', values: { entries: withoutDay }, fields: [field('day', 'date')] });
    }
    if (readAsLocal > 0 && !answers.has('defaults.zulu')) {
      const fields = [{ path: 'defaults.zulu', type: 'choice' as const, value: 'local', choices: ['local', 'utc'] }];
      report({ level: 'warning', code: 'zulu-is-local', values: { entries: readAsLocal, timeZone }, fields });
    }
  }
}

/** The times of one entry: what was set by hand, what the file says, what was set for all, what the event has. */
export function timesOf(entry: ImportedEntry, settings: TimeSettings, missing: MissingTimes): EntryTimes {
  const { answers, report, existing } = settings;
  const path = `entries.${entry.key}`;
  const start = startOf(entry, settings, missing);
  if (start.startsAt === undefined) {
    if (existing?.startsAt) return existing;
    if (settings.reported.has(`${path}.start`) || settings.reported.has(`${path}.day`)) return { day: start.day };
    if (start.clock === undefined) missing.withoutStart++;
    if (start.day === undefined) missing.withoutDay++;
    return { day: start.day };
  }
  if (start.shifted)
    report({
      level: 'warning',
      code: 'clock-skipped',
      values: { clock: start.clock ?? '' },
      place: entry.place,
      entry: entry.key,
    });
  const endsAt = endOf(entry, { ...start, startsAt: start.startsAt }, settings);
  if (endsAt && answers.text('defaults.order') === 'one-after-another') missing.endOfRoom.set(entry.room ?? '', endsAt);
  const day = entry.day ?? localOf(start.startsAt, settings.timeZone).day;
  return { startsAt: start.startsAt, endsAt: endsAt && checked(entry, start.startsAt, endsAt, settings), day };
}

function startOf(entry: ImportedEntry, { timeZone, answers }: TimeSettings, missing: MissingTimes) {
  const path = `entries.${entry.key}`;
  const setDay = dayAnswer(answers, `${path}.day`);
  const setClock = clockAnswer(answers, `${path}.start`);
  const own = entry.start && localMoment(entry.start, { timeZone, answers, missing });
  if (own?.instant && !setDay && !setClock)
    return { startsAt: own.instant, clock: own.clock, day: own.day, shifted: false };
  const day = setDay ?? own?.day ?? entry.day ?? dayAnswer(answers, 'defaults.day');
  const clock = setClock ?? own?.clock;
  if (clock === undefined && day !== undefined) return startByDefault(entry, day, { timeZone, answers }, missing);
  if (clock === undefined || day === undefined) return { day, clock, shifted: false };
  const { instant, shifted } = instantOf(day, clock, timeZone);
  return { startsAt: instant, day, clock, shifted };
}

/** All entries at the time that was set for all, or each after the one before it in its room. */
function startByDefault(
  { room = '' }: ImportedEntry,
  day: string,
  { timeZone, answers }: { timeZone: string; answers: AnswerReader },
  missing: MissingTimes,
) {
  const before = missing.endOfRoom.get(room);
  if (before) return { startsAt: before, day, clock: localOf(before, timeZone).clock, shifted: false };
  const clock = clockAnswer(answers, 'defaults.start');
  if (clock === undefined) return { day, shifted: false };
  const { instant, shifted } = instantOf(day, clock, timeZone);
  return { startsAt: instant, day, clock, shifted };
}

/** A moment as it counts: an instant that is written as UTC beside the same local clock is local, unless a person says that it is not. */
function localMoment(
  moment: Moment,
  { timeZone, answers, missing }: { timeZone: string; answers: AnswerReader; missing: MissingTimes },
): { instant?: string; day?: string; clock: string } {
  if (moment.instant === undefined) return moment;
  const { written, instant } = moment;
  const isLocal = written && answers.text('defaults.zulu') !== 'utc' && offsetAt(instant, timeZone) !== 0;
  if (!isLocal) return { instant, ...localOf(instant, timeZone) };
  missing.readAsLocal++;
  return written;
}

/** The end by hand, by the file or by a duration. An end at night that is before an evening start is on the next day. */
function endOf(
  entry: ImportedEntry,
  { startsAt, clock }: { startsAt: string; clock?: string },
  { timeZone, answers, report, reported }: TimeSettings,
): string | undefined {
  const path = `entries.${entry.key}`;
  const { day } = localOf(startsAt, timeZone);
  const setEnd = clockAnswer(answers, `${path}.end`);
  const setMinutes = answers.number(`${path}.minutes`);
  const after = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString();
  const at = (end: string, endDay = day) => {
    const startClock = clock ?? localOf(startsAt, timeZone).clock;
    const isNight = end <= '06:00' && startClock >= '18:00' && endDay === day;
    const { instant } = instantOf(isNight ? nextDay(endDay) : endDay, end, timeZone);
    return instant;
  };
  if (setEnd) return at(setEnd);
  if (setMinutes) return after(setMinutes);
  const { end, minutes } = entry;
  if (end?.instant !== undefined) return end.instant;
  if (end) return at(end.clock as string, end.day ?? day);
  if (minutes !== undefined) return after(minutes);
  const byDefault = answers.number('defaults.minutes');
  if (byDefault) return after(byDefault);
  if (!reported.has(`${path}.end`) && !reported.has(`${path}.minutes`)) {
    const fields = [
      { path: `${path}.end`, type: 'time' as const },
      { path: 'defaults.minutes', type: 'number' as const },
    ];
    report({ level: 'doubt', code: 'end-missing', place: entry.place, fields, entry: entry.key, blocks: true });
  }
  return undefined;
}

/** The end, unless it is before the start or more than a day after it. */
function checked(
  { key, place }: ImportedEntry,
  startsAt: string,
  endsAt: string,
  { timeZone, report }: TimeSettings,
): string | undefined {
  const minutes = (Date.parse(endsAt) - Date.parse(startsAt)) / 60_000;
  if (minutes > 0 && minutes <= DAY_MINUTES) return endsAt;
  const values = {
    start: localOf(startsAt, timeZone).clock,
    end: localOf(endsAt, timeZone).clock,
    hours: Math.round(minutes / 60),
  };
  const fields = [
    { path: `entries.${key}.end`, type: 'time' as const },
    { path: `entries.${key}.start`, type: 'time' as const },
    { path: `entries.${key}.minutes`, type: 'number' as const },
  ];
  report({
    level: 'error',
    code: minutes > 0 ? 'longer-than-a-day' : 'ends-before-start',
    values,
    place,
    fields,
    entry: key,
  });
  return undefined;
}

function clockAnswer(answers: AnswerReader, path: string): string | undefined {
  const read = answers.has(path) ? readClock(answers.text(path) as string) : undefined;
  return read && !read.fault ? read.clock : undefined;
}

function dayAnswer(answers: AnswerReader, path: string): string | undefined {
  const read = answers.has(path) ? readDay(answers.text(path) as string) : undefined;
  return read && !read.fault ? read.day : undefined;
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + DAY_MINUTES * 60_000).toISOString().slice(0, 10);
}
