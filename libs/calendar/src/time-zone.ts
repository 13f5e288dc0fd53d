import { DateTime, IANAZone } from 'luxon';
import { tzlib_get_ical_block, tzlib_get_offset } from 'timezones-ical-library';

/** A period: ISO 8601 instants, and the time zone in which a calendar shows it (IANA). */
export interface ZonedPeriod {
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

/** The parts of a time zone in iCalendar. */
interface CalendarZone {
  /** Its name in the file; the current name if `timeZone` is an alias (`Asia/Calcutta`). */
  name: string;
  /** Its VTIMEZONE component (RFC 5545, 3.6.5). */
  component: string;
}

/** A period in the form of iCalendar: in a zone with a VTIMEZONE component, or in UTC. */
export interface CalendarPeriod {
  /** The name of the zone in the file; null for UTC. */
  timeZone: string | null;
  start: DateTime;
  end: DateTime;
}

/** The VTIMEZONE component of UTC, for a calendar without entries. */
export const UTC_COMPONENT = [
  'BEGIN:VTIMEZONE',
  'TZID:Etc/UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'TZNAME:UTC',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n');

/** The package takes 0.4 ms for a component or an offset. The Cafés of an event share zones and times, so results are cached. */
const zones = new Map<string, CalendarZone | undefined>();
const periods = new Map<string, CalendarPeriod>();
const CACHED_MAX = 1_000;

/** Returns a period in its zone, or in UTC if its local time is ambiguous, or if the VTIMEZONE component is wrong for it. */
export function calendarPeriodOf({ startsAt, endsAt, timeZone }: ZonedPeriod): CalendarPeriod {
  return cached(periods, `${timeZone} ${startsAt} ${endsAt}`, () => {
    const isWritable = [startsAt, endsAt].every((instant) => isWritableInZone(instant, timeZone));
    const zone = isWritable ? zoneOf(timeZone)?.name : undefined;
    const [start, end] = [startsAt, endsAt].map((instant) => DateTime.fromISO(instant, { zone: zone ?? 'utc' }));
    return { timeZone: zone ?? null, start: start as DateTime, end: end as DateTime };
  });
}

/** Returns the VTIMEZONE component of the zone of a `CalendarPeriod`. */
export function timeZoneComponent(name: string): string | null {
  return zoneOf(name)?.component ?? null;
}

/**
 * A local time that occurs twice, when clocks are put back, cannot be expressed in iCalendar (RFC 5545, 3.3.5). A component contains the
 * current rule of a zone, which is wrong for other years if a country changed its rule. The offset must therefore equal the offset of the
 * runtime.
 */
function isWritableInZone(instant: string, timeZone: string): boolean {
  const local = DateTime.fromISO(instant, { zone: timeZone });
  if (!zoneOf(timeZone) || local.getPossibleOffsets().length > 1) return false;
  return tzlib_get_offset(timeZone, local.toFormat('yyyy-MM-dd'), local.toFormat('HH:mm')) === local.toFormat('ZZZ');
}

function zoneOf(timeZone: string): CalendarZone | undefined {
  return cached(zones, timeZone, () => {
    const [component, parameter] = tzlib_get_ical_block(timeZone);
    const name = parameter?.replace('TZID=', '');
    return component && name && IANAZone.isValidZone(name) ? { name, component } : undefined;
  });
}

function cached<Value>(cache: Map<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined || cache.has(key)) return known as Value;
  if (cache.size >= CACHED_MAX) cache.clear();
  const value = make();
  cache.set(key, value);
  return value;
}
