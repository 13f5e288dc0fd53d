import { expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { timeLine } from './time-line.ts';

const at = (id: string, from: string, to: string) =>
  ({ id, startsAt: `2026-11-${from}:00Z`, endsAt: `2026-11-${to}:00Z` }) as Registration;

const inParis = () => 'Europe/Paris';

it('sorts a plan by day and time, with the pauses of five minutes or more', () => {
  const { days, over } = timeLine(
    [
      at('third', '26T09:00', '26T10:00'),
      at('second', '25T11:00', '25T12:00'),
      at('first', '25T09:00', '25T10:00'),
      at('soon after', '25T12:04', '25T13:00'),
      at('past', '24T09:00', '24T10:00'),
    ],
    Date.parse('2026-11-25T08:00:00Z'),
    inParis,
  );
  expect(days.map((items) => items.map((item) => [item.registration.id, item.freeBeforeMs / 60_000]))).toEqual([
    [
      ['first', 0],
      ['second', 60],
      ['soon after', 0],
    ],
    [['third', 0]],
  ]);
  expect(over.map(({ id }) => id)).toEqual(['past']);
});

it('counts no pause during a longer Café, and groups by day in the event’s time zone', () => {
  const { days } = timeLine(
    [at('long', '25T09:00', '25T12:00'), at('within', '25T10:00', '25T10:30'), at('after', '25T12:30', '25T13:00')],
    0,
    inParis,
  );
  expect(days[0]?.map(({ freeBeforeMs }) => freeBeforeMs / 60_000)).toEqual([0, 0, 30]);
  const late = timeLine([at('evening', '25T20:00', '25T21:00'), at('night', '25T23:30', '26T00:30')], 0, inParis);
  expect(late.days).toHaveLength(2);
  const inMartinique = timeLine(
    [at('evening', '25T20:00', '25T21:00'), at('night', '25T23:30', '26T00:30')],
    0,
    () => 'America/Martinique',
  );
  expect(inMartinique.days).toHaveLength(1);
});
