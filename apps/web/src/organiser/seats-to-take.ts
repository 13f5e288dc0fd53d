import type { DashboardCafe } from '#contract';

type Counted = Pick<DashboardCafe, 'state' | 'endsAt' | 'seats'>;

/** How many seats somebody can still take: the free seats of Cafés that are open and not over. @param now milliseconds since 1970 */
export function seatsToTake(cafes: Counted[], now: number): number {
  return cafes
    .filter(({ state, endsAt }) => state === 'open' && Date.parse(endsAt) > now)
    .reduce((sum, { seats }) => sum + seats.free, 0);
}
