import type { Cafe, CafeSeats } from '#contract';

/**
 * How many seats a Café's room has left at every time that it shares; `Infinity` where the room has one for each seat of its Cafés.
 * @param counts the newest counts of any Café. A time stands as it was read for as long as those of one are not known, or are older.
 * @param givenBack the Café of which a seat is given back for this one
 */
export function leftInRoom(
  { roomSlots = [] }: Pick<Cafe, 'roomSlots'>,
  counts: (cafeId: string) => Pick<CafeSeats, 'taken' | 'version'> | undefined,
  givenBack = '',
): number {
  const left = roomSlots.map((read) => {
    const known = read.cafeIds.flatMap((id) => counts(id) ?? []);
    const newer = known.length === read.cafeIds.length && sum(known, 'version') > read.version;
    const own = read.cafeIds.includes(givenBack) ? 1 : 0;
    return Math.max(0, read.capacity - (newer ? sum(known, 'taken') : read.taken) + own);
  });
  return Math.min(...left);
}

function sum<Key extends string>(of: Record<Key, number>[], what: Key): number {
  return of.reduce((total, each) => total + each[what], 0);
}
