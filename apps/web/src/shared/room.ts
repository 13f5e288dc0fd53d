import type { Cafe, CafeSeats } from '#contract';

/**
 * The fewest seats that a Café's room has left at any of its room slots; `Infinity` where the room is large enough for all its Cafés.
 * @param counts looks up the newest counts of a Café. A room slot keeps the counts that were read with it until newer ones of all its Cafés are known.
 * @param givenBack the Café whose seat the person would give back for this one
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
