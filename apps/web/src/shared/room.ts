import type { Cafe, CafeSeats } from '#contract';

/**
 * Returns the smallest number of seats that the room has left in any room slot of a Café; `Infinity` if the Café has no room slot.
 * @param counts returns the newest counts of a Café. A room slot uses them only if it has newer ones of all its Cafés.
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
