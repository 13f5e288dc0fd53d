import type { CafePlace, DashboardCafe } from '#contract';
import { instantOf, wallTime } from './zoned.ts';

/** The fields of a move, as they are typed; times are those on the wall of the event. */
export interface PlaceFields {
  roomId: string;
  startsAt: string;
  endsAt: string;
  /** Empty: as it is, as far as the room has it. */
  capacity: string;
}

type Placed = Pick<DashboardCafe, 'roomId' | 'startsAt' | 'endsAt'>;

/**
 * What stands in the fields: what was typed, else where the Café is. It stays as long as it is: while its end is not typed, it
 * moves along with its beginning.
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

/** What the fields ask for that is not so already; undefined where a time of theirs is none. */
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
