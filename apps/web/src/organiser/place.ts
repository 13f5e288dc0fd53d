import type { CafePlace, DashboardCafe } from '#contract';
import { instantOf, wallTime } from './zoned.ts';

/** The typed values of a move. Times are local times of the event's time zone. */
export interface PlaceFields {
  roomId: string;
  startsAt: string;
  endsAt: string;
  /** Empty: the capacity does not change, but is limited to the capacity of the room. */
  capacity: string;
}

type Placed = Pick<DashboardCafe, 'roomId' | 'startsAt' | 'endsAt'>;

/**
 * Returns the values of the fields: the typed ones, else the current values of the Café. While no end is typed, the end moves with the start, so
 * that the duration of the Café does not change.
 */
export function fieldsOf(cafe: Placed, typed: Partial<PlaceFields>, timeZone: string): PlaceFields {
  const durationMs = Date.parse(cafe.endsAt) - Date.parse(cafe.startsAt);
  const begins = typed.startsAt === undefined ? undefined : instantOf(typed.startsAt, timeZone);
  const ends = begins ? new Date(Date.parse(begins) + durationMs).toISOString() : cafe.endsAt;
  return {
    roomId: cafe.roomId,
    startsAt: wallTime(cafe.startsAt, timeZone),
    endsAt: wallTime(ends, timeZone),
    capacity: '',
    ...typed,
  };
}

/** Returns the values of the fields that differ from the Café; undefined if a time is not valid. */
export function placeIn(cafe: Placed, fields: PlaceFields, timeZone: string): CafePlace | undefined {
  const place: CafePlace = {};
  if (fields.roomId !== cafe.roomId) place.roomId = fields.roomId;
  for (const name of ['startsAt', 'endsAt'] as const) {
    if (fields[name] === wallTime(cafe[name], timeZone)) continue;
    const instant = instantOf(fields[name], timeZone);
    if (!instant) return undefined;
    place[name] = instant;
  }
  if (fields.capacity !== '') place.capacity = Number(fields.capacity);
  return place;
}

/** Whether a Café at this time would begin before the event or end after it. */
export function isOutside(
  time: { startsAt: string; endsAt: string },
  event: { startsAt: string; endsAt: string },
): boolean {
  return Date.parse(time.startsAt) < Date.parse(event.startsAt) || Date.parse(time.endsAt) > Date.parse(event.endsAt);
}
