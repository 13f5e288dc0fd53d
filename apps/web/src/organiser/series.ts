import type { Dashboard } from '#contract';

type Series = Dashboard['registrationsOverTime'];

/**
 * Returns the total number of registrations at each minute that had any, from zero before the first minute to the total now. `times` are in seconds
 * since 1970. @param now in milliseconds since 1970
 */
export function cumulative(series: Series, now: number): { times: number[]; counts: number[] } {
  const first = series[0];
  if (!first) return { times: [], counts: [] };
  const times = [Date.parse(first.minute) / 1_000 - 60];
  const counts = [0];
  let total = 0;
  for (const { minute, count } of series) {
    total += count;
    times.push(Date.parse(minute) / 1_000);
    counts.push(total);
  }
  const end = Math.floor(now / 1_000);
  if (end > (times.at(-1) as number)) {
    times.push(end);
    counts.push(total);
  }
  return { times, counts };
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
/** The possible steps between the labels below the chart, in seconds. With them no two labels are the same. */
export const TIME_STEPS_S = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_S),
  ...[1, 2, 3, 7, 14, 28, 91, 182].map((days) => days * DAY_S),
];

interface LabelFormats {
  /** Formats a time, as “14 h 30”. */
  time: (instant: string) => string;
  /** Formats a day, as “24 nov.”. */
  date: (instant: string) => string;
}

/** Returns the labels below the chart at these times (in seconds): the time, and below it the day if it differs from the previous label. */
export function timeLabels(seconds: number[], step: number, { time, date }: LabelFormats): string[] {
  const instants = seconds.map((each) => new Date(each * 1_000).toISOString());
  const days = instants.map(date);
  if (step >= DAY_S) return days;
  const oneDay = new Set(days).size === 1;
  return instants.map((each, place) =>
    oneDay || days[place] === days[place - 1] ? time(each) : `${time(each)}\n${days[place]}`,
  );
}

/** Returns the number of registrations of each hour, the latest first. */
export function byHour(series: Series): { hour: string; count: number }[] {
  const hours = new Map<string, number>();
  for (const { minute, count } of series) {
    const hour = `${minute.slice(0, 13)}:00:00.000Z`;
    hours.set(hour, (hours.get(hour) ?? 0) + count);
  }
  return [...hours].map(([hour, count]) => ({ hour, count })).reverse();
}
