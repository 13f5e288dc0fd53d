import { describe, expect, it } from '@jest/globals';
import { formatOf } from './format.ts';
import { pageLocales } from './words/index.ts';

const MINUTE_MS = 60_000;
const plain = (text: string) => text.replaceAll('\u2060', '').replaceAll(/[\u00a0\u202f]/g, ' ');
const fr = formatOf('fr', 'Europe/Paris');

describe('times', () => {
  it('are in the event’s time zone, in the format of each language', () => {
    const [from, to] = ['2026-11-24T13:30:00Z', '2026-11-24T14:15:00Z'];
    expect(plain(fr.dated(from, to))).toBe('Mardi 24 novembre, 14 h 30 – 15 h 15');
    expect(plain(fr.dayTime(from))).toBe('mardi 14 h 30');
    expect(formatOf('pt', 'Europe/Paris').dayTime(from)).toBe('terça-feira, 14:30');
    expect(plain(formatOf('en', 'Europe/Paris').dated(from))).toBe('Tuesday 24 November, 2:30 pm');
    expect(plain(formatOf('ar', 'Europe/Paris').dated(from))).toBe('الثلاثاء، 24 نوفمبر، 14:30');
    expect(plain(formatOf('fr', 'Indian/Reunion').time(from))).toBe('17 h 30');
  });

  it('have no line break between a day and its month, nor within a span', () => {
    const [from, to] = ['2026-11-24T13:30:00Z', '2026-11-24T14:15:00Z'];
    expect(fr.dated(from, to).split(' ')).toEqual(['Mardi', '24\u00a0novembre,', fr.span(from, to)]);
    expect(formatOf('es', 'Europe/Paris').day(from).split(' ')).toEqual(['Martes,', '24\u00a0de\u00a0noviembre']);
  });

  it('have the first of a month in the format of each language', () => {
    const first = '2026-12-01T13:30:00Z';
    expect(plain(fr.day(first))).toBe('Mardi 1er décembre');
    expect(plain(fr.day('2026-12-11T13:30:00Z'))).toBe('Vendredi 11 décembre');
    expect(plain(fr.days('2026-11-30T23:00:00Z', '2026-12-02T23:00:00Z'))).toMatch(/^1er.2 décembre 2026$/);
    expect(plain(fr.days('2026-11-29T23:00:00Z', '2026-12-01T23:00:00Z'))).toMatch(
      /^30 novembre\s?.\s?1er décembre 2026$/,
    );
    expect(plain(formatOf('en', 'Europe/Paris').day(first))).toBe('Tuesday 1 December');
    expect(plain(formatOf('es', 'Europe/Paris').day(first))).toBe('Martes, 1 de diciembre');
  });

  it('have both days if the end is on another day', () => {
    expect(plain(fr.dated('2026-11-30T22:30:00Z', '2026-11-30T23:15:00Z'))).toBe(
      'Lundi 30 novembre, 23 h 30 – mardi 1er décembre, 0 h 15',
    );
  });

  it('have the offset from UTC in the hour that the clock shows twice, in every language', () => {
    expect(plain(fr.span('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'))).toBe('2 h 30 (UTC+2) – 2 h 30 (UTC+1)');
    for (const locale of pageLocales) {
      for (const [zone, one, other] of [
        ['Europe/Paris', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
        ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
      ] as const) {
        const { dayTime } = formatOf(locale, zone);
        expect(dayTime(one)).not.toBe(dayTime(other));
      }
      const { time } = formatOf(locale, 'Europe/Paris');
      for (const plainHour of ['2026-10-24T23:59:00Z', '2026-10-25T02:00:00Z', '2026-03-29T01:30:00Z'])
        expect(time(plainHour)).not.toContain('(');
    }
  });

  it('have the name of the zone and the reader’s own time only if the reader’s clock differs', () => {
    const [from, to] = ['2026-11-24T23:30:00Z', '2026-11-25T00:15:00Z'];
    const paris = formatOf('fr', 'Europe/Paris', 'Europe/Madrid');
    expect([paris.zone(from), paris.ownTime(from, to)]).toEqual([undefined, undefined]);
    const abroad = formatOf('fr', 'Europe/Paris', 'Indian/Reunion');
    expect(abroad.zone(from)).toBe('heure d’Europe centrale');
    expect(plain(abroad.ownTime(from, to) ?? '')).toBe('Mercredi 25 novembre, 3 h 30 – 4 h 15');
    const before = formatOf('en', 'Europe/Paris', 'America/New_York');
    expect(before.zone(from)).toBe('Central European Time');
    expect(plain(before.ownTime(from) ?? '')).toBe('Tuesday 24 November, 6:30 pm');
    for (const locale of pageLocales)
      expect(formatOf(locale, 'Europe/Paris', 'Asia/Kolkata').zone(from)).toMatch(/\p{L}{4}/u);
  });

  it('have the last day of an event that ends at midnight', () => {
    expect(plain(fr.days('2026-11-24T23:00:00Z', '2026-11-26T23:00:00Z'))).toMatch(/^25.26 novembre 2026$/);
  });
});

describe('durations', () => {
  it.each([
    [45, '45 min'],
    [60, '1 h'],
    [75, '1 h 15 min'],
    [0, '0 min'],
  ])('%i minutes: %s', (minutes, text) => expect(plain(fr.duration(minutes * MINUTE_MS))).toBe(text));

  it.each([
    [4 * 60 * MINUTE_MS, '4 h'],
    [9 * MINUTE_MS + 5_000, '9 min 05 s'],
    [12_400, '13 s'],
    [-5, '0 s'],
  ])('%i ms left: %s', (left, text) => expect(plain(fr.countdown(left))).toBe(text));

  it('give an age in its largest unit', () => {
    expect(fr.ago(12_000)).toBe('il y a 12 secondes');
    expect(fr.ago(3 * MINUTE_MS)).toBe('il y a 3 minutes');
    expect(fr.ago(120 * MINUTE_MS)).toBe('il y a 2 heures');
  });
});

it('gives the name of a language in the language of the page, and an unknown code without a change', () => {
  expect(fr.languageName('pt')).toBe('portugais');
  expect(fr.languageName('not a code')).toBe('not a code');
});
