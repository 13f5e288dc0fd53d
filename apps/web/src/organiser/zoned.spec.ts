import { describe, expect, it } from '@jest/globals';
import { instantOf, wallTime } from './zoned.ts';

describe('a local time', () => {
  it.each([
    ['2026-11-24T13:30:00.000Z', 'Europe/Paris', '2026-11-24T14:30'],
    ['2026-07-14T13:30:00.000Z', 'Europe/Paris', '2026-07-14T15:30'],
    ['2026-11-24T23:15:00.000Z', 'Europe/Paris', '2026-11-25T00:15'],
    ['2026-11-24T02:30:00.000Z', 'America/Martinique', '2026-11-23T22:30'],
    ['2026-11-24T02:30:00.000Z', 'Asia/Kathmandu', '2026-11-24T08:15'],
    ['2026-11-24T11:00:00.000Z', 'Pacific/Kiritimati', '2026-11-25T01:00'],
  ])('at %s in %s is %s, and gives the same instant back', (instant, timeZone, wall) => {
    expect(wallTime(instant, timeZone)).toBe(wall);
    expect(instantOf(wall, timeZone)).toBe(instant);
  });

  it('that occurs twice because the clock is put back is the first of the two instants', () => {
    expect(wallTime('2026-10-25T01:30:00Z', 'Europe/Paris')).toBe('2026-10-25T02:30');
    expect(instantOf('2026-10-25T02:30', 'Europe/Paris')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('is right before and after the clock is put forward, and is not valid in the skipped hour', () => {
    expect(instantOf('2026-03-29T01:59', 'Europe/Paris')).toBe('2026-03-29T00:59:00.000Z');
    expect(instantOf('2026-03-29T02:30', 'Europe/Paris')).toBeUndefined();
    expect(instantOf('2026-03-29T03:00', 'Europe/Paris')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('is valid while its year is being typed', () => {
    for (const year of ['0002', '0020', '0202']) {
      const instant = instantOf(`${year}-11-24T14:30`, 'Europe/Paris') ?? '';
      expect(wallTime(instant, 'Europe/Paris')).toBe(`${year}-11-24T14:30`);
    }
  });

  it.each(['', '2026-11-24', '2026-11-31T10:00', '2026-11-24T25:00', 'tomorrow'])('is not valid as “%s”', (typed) => {
    expect(instantOf(typed, 'Europe/Paris')).toBeUndefined();
  });
});
