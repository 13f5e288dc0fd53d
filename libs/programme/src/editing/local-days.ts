import { ProblemError } from '#contract';

const DAY_MS = 86_400_000;

/** The whole days between the local day of an instant and a date (`2027-05-11`) in a time zone. */
export function daysUntil(instant: Date, date: string, timeZone: string): number {
  const { year, month, day } = localOf(instant.getTime(), timeZone);
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.UTC(year, month - 1, day)) / DAY_MS);
}

/**
 * The instant so many days later at the same local time: 09:30 stays 09:30, also across a change of the clocks. A local time that is there
 * twice is the first.
 * @throws ProblemError `local-time-missing` {localTime} where the clocks skip that time on that day
 */
export function shiftDays(instant: Date, days: number, timeZone: string): Date {
  const local = localOf(instant.getTime(), timeZone);
  const wanted = Date.UTC(local.year, local.month - 1, local.day + days, local.hour, local.minute);
  // The offsets of the day before and the day after: one of them is that of the local time, if it exists. The larger one is the earlier.
  const offsets = [wanted - DAY_MS, wanted + DAY_MS]
    .map((at) => offsetOf(at, timeZone))
    .sort((one, other) => other - one);
  for (const offset of offsets) {
    const candidate = wanted - offset;
    if (offsetOf(candidate, timeZone) === offset) return new Date(candidate);
  }
  throw new ProblemError('local-time-missing', { localTime: new Date(wanted).toISOString().slice(0, 16) });
}

/** How far the local time is ahead of UTC at an instant, in milliseconds. */
function offsetOf(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute } = localOf(instant, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instant / 60_000) * 60_000;
}

function localOf(instant: number, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}
