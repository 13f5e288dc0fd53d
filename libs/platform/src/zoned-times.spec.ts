import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatDay, formatPeriod, formatTime, formatWeekdayAndTime } from './zoned-times.ts';

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const locales = ['fr', 'en'] as const;
const zones = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Indian/Reunion', 'UTC'];

describe('a period', () => {
  it('contains the day in the format of its language, the year and the time zone', () => {
    const period = { startsAt: '2026-12-01T13:30:00Z', endsAt: '2026-12-01T14:15:00Z', timeZone: 'Europe/Paris' };
    expect(plain(formatPeriod(period, 'fr'))).toBe(
      'mardi 1er décembre 2026, 14 h 30 – 15 h 15 (heure d’Europe centrale)',
    );
    expect(plain(formatPeriod(period, 'en'))).toBe(
      'Tuesday 1 December 2026, 2:30 pm – 3:15 pm (Central European Time)',
    );
    expect(formatDay('2026-12-11T13:30:00Z', 'Europe/Paris', 'fr')).toBe('vendredi 11 décembre 2026');
    expect(formatDay('2026-12-21T13:30:00Z', 'Europe/Paris', 'fr')).toBe('lundi 21 décembre 2026');
  });

  it('contains both days when it ends on another day', () => {
    const night = { startsAt: '2026-11-30T22:30:00Z', endsAt: '2026-11-30T23:15:00Z', timeZone: 'Europe/Paris' };
    expect(plain(formatPeriod(night, 'fr'))).toBe(
      'lundi 30 novembre 2026, 23 h 30 – mardi 1er décembre 2026, 0 h 15 (heure d’Europe centrale)',
    );
  });
});

describe('a time', () => {
  it('has its offset in the hour that occurs twice on that day', () => {
    const night = { startsAt: '2026-10-25T00:30:00Z', endsAt: '2026-10-25T01:30:00Z', timeZone: 'Europe/Paris' };
    expect(plain(formatPeriod(night, 'fr'))).toContain('2 h 30 (UTC+2) – 2 h 30 (UTC+1)');
    expect(plain(formatPeriod(night, 'en'))).toContain('2:30 am (GMT+2) – 2:30 am (GMT+1)');
    expect(plain(formatWeekdayAndTime(night.startsAt, 'Europe/Paris', 'fr'))).toBe('dimanche 2 h 30 (UTC+2)');
  });

  it('identifies one instant of its day, in every language, zone and season', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...locales),
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2029, 0) / 60_000 }),
        fc.integer({ min: 1, max: 180 }),
        (locale, timeZone, minute, later) => {
          const [one, other] = [minute, minute + later].map((at) => new Date(at * 60_000).toISOString());
          const texts = [one, other].map(
            (at = '') => `${formatDay(at, timeZone, locale)} ${formatTime(at, timeZone, locale)}`,
          );
          expect(texts[0]).not.toBe(texts[1]);
        },
      ),
      {
        numRuns: 300,
        seed: 6,
        examples: [
          ['fr', 'Europe/Paris', Date.UTC(2026, 9, 25, 0, 30) / 60_000, 60],
          ['en', 'Australia/Lord_Howe', Date.UTC(2026, 3, 4, 14, 45) / 60_000, 30],
        ],
      },
    );
  });
});
