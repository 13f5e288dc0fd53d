const MINUTE_MS = 60_000;
/** The largest offset from UTC, in milliseconds. */
const OFFSET_MAX_MS = 24 * 60 * MINUTE_MS;

/**
 * The local time of a time zone at an instant, to the minute, in the format of `<input type="datetime-local">`: `2026-11-24T14:30`.
 * @param timeZone of IANA, as `Europe/Paris`
 */
export function wallTime(instant: string, timeZone: string): string {
  return shownAt(Date.parse(instant), timeZone);
}

/**
 * The instant of a local time. Where a clock change gives two instants, the first; undefined where the clock change skips the local time, or
 * the text is not a time.
 */
export function instantOf(wall: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The zone's offsets a day before and a day after: these are the two offsets around a clock change.
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
  // While a year is being typed it is one of the first centuries.
  return `${year?.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`;
}
