import type { CafePlace, DashboardCafe } from '#contract';
import { instantOf, wallTime } from './zoned.ts';

/** The fields of a move as typed; times are local times of the event's time zone. */
export interface PlaceFields {
  roomId: string;
  startsAt: string;
  endsAt: string;
  /** Empty: the capacity stays, up to that of the room. */
  capacity: string;
}

type Placed = Pick<DashboardCafe, 'roomId' | 'startsAt' | 'endsAt'>;

/**
 * The values of the fields: what was typed, else the Café's present values. While no end is typed, the end follows the start, so that the Café
 * keeps its length.
 */
export function fieldsOf(cafe: Placed, typed: Partial<PlaceFields>, timeZone: string): PlaceFields {
  const lasts = Date.parse(cafe.endsAt) - Date.parse(cafe.startsAt);
  const begins = typed.startsAt === undefined ? undefined : instantOf(typed.startsAt, timeZone);
  const ends = begins ? new Date(Date.parse(begins) + lasts).toISOString() : cafe.endsAt;
  return {
    roomId: cafe.roomId,
    startsAt: wallTime(cafe.startsAt, timeZone),
    endsAt: wallTime(ends, timeZone),
    capacity: '',
    ...typed,
  };
}

/** The values of the fields that differ from the Café; undefined where a time is not valid. */
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

/** Whether a time is not within the event: the Café would begin before it or end after it. */
export function isOutside(
  time: { startsAt: string; endsAt: string },
  event: { startsAt: string; endsAt: string },
): boolean {
  return Date.parse(time.startsAt) < Date.parse(event.startsAt) || Date.parse(time.endsAt) > Date.parse(event.endsAt);
}
