import { describe, expect, it } from '@jest/globals';
import { formatOf } from '../shared/format.ts';
import { byHour, cumulative, TIME_STEPS_S, timeLabels } from './series.ts';

const series = [
  { minute: '2026-11-24T10:00:00.000Z', count: 2 },
  { minute: '2026-11-24T10:59:00.000Z', count: 1 },
  { minute: '2026-11-24T12:00:00.000Z', count: 4 },
];

describe('registrations over time', () => {
  it('grow from zero before the first one to the total now', () => {
    const { times, counts } = cumulative(series, Date.parse('2026-11-24T13:00:00.000Z'));
    expect(counts).toEqual([0, 2, 3, 7, 7]);
    expect(times.at(-1)).toBe(Date.parse('2026-11-24T13:00:00.000Z') / 1_000);
    expect(cumulative([], 0)).toEqual({ times: [], counts: [] });
  });

  it('have different time labels, with the date where a new day begins', () => {
    const { time } = formatOf('fr', 'Europe/Paris');
    const formats = { time, date: (instant: string) => instant.slice(0, 10) };
    const begin = Date.parse('2026-11-24T21:00:00.000Z') / 1_000;
    const labels = (step: number) =>
      timeLabels(
        [0, 1, 2].map((place) => begin + place * step),
        step,
        formats,
      );
    for (const step of TIME_STEPS_S) expect([step, new Set(labels(step)).size]).toEqual([step, 3]);
    expect(labels(60)[0]).not.toContain('2026');
    expect(labels(12 * 3_600).map((label) => label.split('\n')[1])).toEqual(['2026-11-24', '2026-11-25', undefined]);
    expect(labels(86_400)[1]).toBe('2026-11-25');
  });

  it('are counted by hour, the latest first', () => {
    expect(byHour(series)).toEqual([
      { hour: '2026-11-24T12:00:00.000Z', count: 4 },
      { hour: '2026-11-24T10:00:00.000Z', count: 3 },
    ]);
  });
});
