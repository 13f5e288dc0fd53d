import { expect, it } from '@jest/globals';
import type { CafeSeats, DashboardCafe } from '#contract';
import { seatsToTake } from './seats-to-take.ts';

const NOW = Date.parse('2035-06-01T12:00:00Z');
const cafe = (state: DashboardCafe['state'], endsAt: string, free: number) => ({
  state,
  endsAt,
  seats: { free } as CafeSeats,
});

it('only seats of open Cafés that have not ended are counted as free', () => {
  const cafes = [
    cafe('open', '2035-06-01T13:00:00Z', 3),
    cafe('open', '2035-06-01T12:00:00Z', 5),
    cafe('closed', '2035-06-01T13:00:00Z', 7),
    cafe('cancelled', '2035-06-01T13:00:00Z', 11),
    cafe('draft', '2035-06-01T13:00:00Z', 13),
  ];
  expect(seatsToTake(cafes, NOW)).toBe(3);
});
