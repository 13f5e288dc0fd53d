import type { Cafe, CafeSeats } from '#contract';

/**
 * How many seats a Café's room has left at every time that it shares; `Infinity` where the room has one for each seat of its Cafés.
 * @param counts the newest counts of any Café. Where those of one are not known, the time stands as it was read.
 * @param givenBack the Café of which a seat is given back for this one
 */
export function leftInRoom(
  { shares = [] }: Pick<Cafe, 'shares'>,
  counts: (cafeId: string) => Pick<CafeSeats, 'taken'> | undefined,
  givenBack = '',
): number {
  const left = shares.map(({ capacity, taken, cafeIds }) => {
    const found = cafeIds.map((id) => counts(id)?.taken ?? Number.NaN);
    const now = found.reduce((sum, each) => sum + each, 0);
    const own = cafeIds.includes(givenBack) ? 1 : 0;
    return Math.max(0, capacity - (Number.isNaN(now) ? taken : now) + own);
  });
  return Math.min(...left);
}
