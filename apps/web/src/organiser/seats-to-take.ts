import type { DashboardCafe } from '#contract';

type Counted = Pick<DashboardCafe, 'state' | 'endsAt' | 'seats'>;

/** Returns the number of seats that people can still take: the free seats of open Cafés that have not ended. @param now in milliseconds since 1970 */
export function seatsToTake(cafes: Counted[], now: number): number {
  return cafes
    .filter(({ state, endsAt }) => state === 'open' && Date.parse(endsAt) > now)
    .reduce((sum, { seats }) => sum + seats.free, 0);
}
