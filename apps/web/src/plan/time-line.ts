import type { Registration } from '#contract';

/** Shorter pauses are not shown as free time, because people need them to go to the next room. In milliseconds. */
const PAUSE_MIN_MS = 5 * 60_000;

/** A registration on the time line. `freeBeforeMs`: the free time before it, in milliseconds; 0 for the first one of a day. */
export interface PlanItem {
  registration: Registration;
  freeBeforeMs: number;
}

/**
 * Groups registrations by day in the time zone of their event, each day sorted by time. `over`: the registrations of Cafés that have ended.
 * @param now in milliseconds since 1970
 * @param timeZoneOf returns the IANA time zone of a registration's event
 */
export function timeLine(
  registrations: Registration[],
  now: number,
  timeZoneOf: (registration: Registration) => string | undefined,
): { days: PlanItem[][]; over: Registration[] } {
  const dayOf = (registration: Registration) =>
    new Intl.DateTimeFormat('en-CA', {
      timeZone: timeZoneOf(registration) ?? 'Europe/Paris',
      dateStyle: 'short',
    }).format(Date.parse(registration.startsAt));
  const sorted = registrations.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt));
  const days = new Map<string, PlanItem[]>();
  let busyUntil = 0;
  for (const registration of sorted) {
    const [startsAt, endsAt] = [Date.parse(registration.startsAt), Date.parse(registration.endsAt)];
    if (endsAt <= now) continue;
    const day = dayOf(registration);
    const items = days.get(day) ?? [];
    const pause = items.length > 0 ? startsAt - busyUntil : 0;
    items.push({ registration, freeBeforeMs: pause >= PAUSE_MIN_MS ? pause : 0 });
    days.set(day, items);
    busyUntil = Math.max(busyUntil, endsAt);
  }
  return { days: [...days.values()], over: sorted.filter(({ endsAt }) => Date.parse(endsAt) <= now) };
}
