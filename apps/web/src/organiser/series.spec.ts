import { describe, expect, it } from '@jest/globals';
import { byHour, cumulative } from './series.ts';

const series = [
  { minute: '2026-11-24T10:00:00.000Z', count: 2 },
  { minute: '2026-11-24T10:59:00.000Z', count: 1 },
  { minute: '2026-11-24T12:00:00.000Z', count: 4 },
];

describe('registrations over time', () => {
  it('add up from none before the first to all of them now', () => {
    const { times, counts } = cumulative(series, Date.parse('2026-11-24T13:00:00.000Z'));
    expect(counts).toEqual([0, 2, 3, 7, 7]);
    expect(times.at(-1)).toBe(Date.parse('2026-11-24T13:00:00.000Z') / 1_000);
    expect(cumulative([], 0)).toEqual({ times: [], counts: [] });
  });

  it('are told by hour, the latest first', () => {
    expect(byHour(series)).toEqual([
      { hour: '2026-11-24T12:00:00.000Z', count: 4 },
      { hour: '2026-11-24T10:00:00.000Z', count: 3 },
    ]);
  });
});
