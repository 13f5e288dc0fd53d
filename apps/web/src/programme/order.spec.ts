import { expect, it } from '@jest/globals';
import type { Cafe } from '#contract';
import { byTime } from './order.ts';

const cafe = (id: string, from: string, to: string) =>
  ({ id, startsAt: `2026-11-25T${from}:00Z`, endsAt: `2026-11-25T${to}:00Z` }) as Cafe;
const programme = [
  cafe('late', '14:00', '15:00'),
  cafe('over', '08:00', '09:00'),
  cafe('now', '09:30', '10:30'),
  cafe('next', '11:00', '12:00'),
  cafe('also next', '11:00', '12:30'),
];
const at = (time: string) => byTime(programme, Date.parse(`2026-11-25T${time}:00Z`));

it('puts the Cafés that run now first, then the next ones, and puts those that have ended in a separate list', () => {
  const { rounds, over } = at('10:00');
  expect(rounds.map(({ when, cafes }) => [when, ...cafes.map(({ id }) => id)])).toEqual([
    ['now', 'now'],
    ['next', 'next'],
    ['next', 'also next'],
    ['later', 'late'],
  ]);
  expect(over.map(({ id }) => id)).toEqual(['over']);
});

it('a Café runs from its start until just before its end', () => {
  expect(at('11:00').rounds[0]?.when).toBe('now');
  expect(at('12:30').over.map(({ id }) => id)).toContain('also next');
  expect(at('15:00').rounds).toEqual([]);
});
