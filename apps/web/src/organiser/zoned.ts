const MINUTE_MS = 60_000;
/** Every offset from UTC is smaller, in milliseconds. */
const OFFSET_MAX_MS = 24 * 60 * MINUTE_MS;

/**
 * What a clock on a wall of this zone shows at an instant, to the minute: `2026-11-24T14:30`, as `<input type="datetime-local">` has it.
 * @param timeZone of IANA, as `Europe/Paris`
 */
export function wallTime(instant: string, timeZone: string): string {
  return shownAt(Date.parse(instant), timeZone);
}

/**
 * The instant at which that clock shows it; where it does twice, because the clock is put back, the first. Undefined where it
 * never does: the clock is put forward over it, or it is no time at all.
 */
export function instantOf(wall: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The zone's offsets a day before and a day after: around a change of the clock, both there are.
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
  // A year that is not typed to its end is one of the first centuries.
  return `${year?.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`;
}
