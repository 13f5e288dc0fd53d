import { describe, expect, it } from '@jest/globals';
import { fold, formatOf } from './format.ts';

const MINUTE_MS = 60_000;
const plain = (text: string) => text.replaceAll('\u2060', '').replaceAll(/[\u00a0\u202f]/g, ' ');
const fr = formatOf('fr', 'Europe/Paris');

describe('times', () => {
  it('are those of the event, as each language writes them', () => {
    const [from, to] = ['2026-11-24T13:30:00Z', '2026-11-24T14:15:00Z'];
    expect(plain(fr.dated(from, to))).toBe('Mardi 24 novembre, 14 h 30 – 15 h 15');
    expect(plain(fr.dayTime(from))).toBe('mardi 14 h 30');
    expect(formatOf('pt', 'Europe/Paris').dayTime(from)).toBe('terça-feira, 14:30');
    expect(plain(formatOf('en', 'Europe/Paris').dated(from))).toBe('Tuesday 24 November, 2:30 pm');
    expect(plain(formatOf('ar', 'Europe/Paris').dated(from))).toBe('الثلاثاء، 24 نوفمبر، 14:30');
    expect(plain(formatOf('fr', 'Indian/Reunion').time(from))).toBe('17 h 30');
  });

  it('break no line within the day of a month, nor within a span', () => {
    const [from, to] = ['2026-11-24T13:30:00Z', '2026-11-24T14:15:00Z'];
    expect(fr.dated(from, to).split(' ')).toEqual(['Mardi', '24\u00a0novembre,', fr.span(from, to)]);
    expect(formatOf('es', 'Europe/Paris').day(from).split(' ')).toEqual(['Martes,', '24\u00a0de\u00a0noviembre']);
  });

  it('end a day at its last moment', () => {
    expect(plain(fr.days('2026-11-24T23:00:00Z', '2026-11-26T23:00:00Z'))).toMatch(/^25.26 novembre 2026$/);
  });
});

describe('durations', () => {
  it.each([
    [45, '45 min'],
    [60, '1 h'],
    [75, '1 h 15 min'],
    [0, '0 min'],
  ])('%i minutes: %s', (minutes, said) => expect(plain(fr.duration(minutes * MINUTE_MS))).toBe(said));

  it.each([
    [4 * 60 * MINUTE_MS, '4 h'],
    [9 * MINUTE_MS + 5_000, '9 min 05 s'],
    [12_400, '13 s'],
    [-5, '0 s'],
  ])('%i ms that are left: %s', (left, said) => expect(plain(fr.countdown(left))).toBe(said));

  it('tell an age in its largest unit', () => {
    expect(fr.ago(12_000)).toBe('il y a 12 secondes');
    expect(fr.ago(3 * MINUTE_MS)).toBe('il y a 3 minutes');
    expect(fr.ago(120 * MINUTE_MS)).toBe('il y a 2 heures');
  });
});

it('names languages in the page’s own, and leaves what is no code as it is', () => {
  expect(fr.languageName('pt')).toBe('portugais');
  expect(fr.languageName('not a code')).toBe('not a code');
});

it('folds accents, case and apostrophes', () => {
  expect(fold('L’Été à Nîmes')).toBe("l'ete a nimes");
});

describe('a time that may be taken for another one', () => {
  const [summer, winter] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];

  it.each(['fr', 'en', 'es', 'pt', 'ar'] as const)('names its offset in the hour that comes twice, in %s', (locale) => {
    const { time, dated, dayTime } = formatOf(locale, 'Europe/Paris');
    for (const say of [time, dated, dayTime]) {
      expect(say(summer)).toMatch(/\(.*\+2\)$/);
      expect(say(winter)).toMatch(/\(.*\+1\)$/);
      expect(say('2026-10-25T02:30:00Z')).not.toContain('(');
      expect(say('2026-10-24T22:30:00Z')).not.toContain('(');
    }
    expect(formatOf(locale, 'Europe/Paris').span(summer, winter)).toMatch(/\+2\).*\+1\)$/);
  });

  it('names its offset where the reader’s clock differs, and says the reader’s own time', () => {
    const there = formatOf('fr', 'Europe/Paris', 'America/Martinique');
    expect(there.dated('2026-11-25T13:30:00Z', '2026-11-25T14:15:00Z')).toBe(
      'Mercredi 25\u00a0novembre, 14\u00a0h\u00a030\u00a0–\u2060\u00a015\u00a0h\u00a015 (UTC+1)',
    );
    expect(there.own('2026-11-25T13:30:00Z', '2026-11-25T14:15:00Z')).toBe(
      '9\u00a0h\u00a030\u00a0–\u2060\u00a010\u00a0h\u00a015',
    );
    expect(there.own('2026-11-25T01:30:00Z', '2026-11-25T02:15:00Z')).toMatch(/^Mardi 24/);
    expect(
      formatOf('fr', 'Europe/Paris', 'Europe/Berlin').own('2026-11-25T13:30:00Z', '2026-11-25T14:15:00Z'),
    ).toBeUndefined();
    expect(formatOf('fr', 'Europe/Paris', 'Europe/Berlin').time('2026-11-25T13:30:00Z')).not.toContain('(');
  });
});
