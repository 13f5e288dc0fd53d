/**
 * Returns whether a Café is on another day than now, in the time zone of its event: neither its start nor its end is today.
 * @param now milliseconds since 1970
 */
export function isOnAnotherDay(
  { startsAt, endsAt }: { startsAt: string; endsAt: string },
  timeZone: string,
  now = Date.now(),
): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const today = format.format(now);
  return [startsAt, endsAt].every((instant) => format.format(Date.parse(instant)) !== today);
}
