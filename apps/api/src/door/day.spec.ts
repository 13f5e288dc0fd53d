import { expect, it } from '@jest/globals';
import { isOnAnotherDay } from './day.ts';

const cafe = (startsAt: string, endsAt: string) => ({ startsAt, endsAt });

it.each([
  ['that runs now', cafe('2035-06-01T08:00:00Z', '2035-06-01T09:00:00Z'), '2035-06-01T08:30:00Z', false],
  ['later that day', cafe('2035-06-01T20:00:00Z', '2035-06-01T21:00:00Z'), '2035-05-31T22:30:00Z', false],
  ['of tomorrow', cafe('2035-06-01T22:30:00Z', '2035-06-01T23:00:00Z'), '2035-06-01T21:30:00Z', true],
  ['of yesterday', cafe('2035-05-31T20:00:00Z', '2035-05-31T21:00:00Z'), '2035-05-31T22:30:00Z', true],
  ['that began yesterday', cafe('2035-05-31T20:00:00Z', '2035-05-31T23:00:00Z'), '2035-05-31T22:30:00Z', false],
])('compares the days of a Café %s with today in Paris', (_, timed, now, expected) => {
  expect(isOnAnotherDay(timed, 'Europe/Paris', Date.parse(now))).toBe(expected);
});
