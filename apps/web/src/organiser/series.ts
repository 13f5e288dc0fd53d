import type { Dashboard } from '#contract';

type Series = Dashboard['registrationsOverTime'];

/** Registrations so far at each minute that had any, from none before the first to all of them now. Times in seconds. */
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

/** The same by hour, the latest first. */
export function byHour(series: Series): { hour: string; count: number }[] {
  const hours = new Map<string, number>();
  for (const { minute, count } of series) {
    const hour = `${minute.slice(0, 13)}:00:00.000Z`;
    hours.set(hour, (hours.get(hour) ?? 0) + count);
  }
  return [...hours].map(([hour, count]) => ({ hour, count })).reverse();
}
