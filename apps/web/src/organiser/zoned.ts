const MINUTE_MS = 60_000;
/** An upper limit of the offsets of time zones from UTC, in milliseconds. */
const OFFSET_MAX_MS = 24 * 60 * MINUTE_MS;

/**
 * Returns the local time of a time zone at an instant, to the minute, in the format of `<input type="datetime-local">`: `2026-11-24T14:30`.
 * @param timeZone an IANA time zone, for example `Europe/Paris`
 */
export function wallTime(instant: string, timeZone: string): string {
  return shownAt(Date.parse(instant), timeZone);
}

/**
 * Returns the instant of a local time. If the local time occurs twice because of a clock change, returns the first instant. Undefined if a clock
 * change skips the local time, or if the text is not a local time.
 */
export function instantOf(wall: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offsets of the zone a day before and a day after: around a clock change they differ.
  const found = [asUtc - OFFSET_MAX_MS, asUtc + OFFSET_MAX_MS]
    .map((near) => asUtc - (Date.parse(`${shownAt(near, timeZone)}Z`) - near))
    .filter((each) => shownAt(each, timeZone) === wall);
  return found.length === 0 ? undefined : new Date(Math.min(...found)).toISOString();
}

function shownAt(milliseconds: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(milliseconds);
  const { year, month, day, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  // While the year is being typed, it has fewer than four digits.
  return `${year?.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`;
}
