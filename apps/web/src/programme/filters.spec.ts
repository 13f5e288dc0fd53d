import { describe, expect, it } from '@jest/globals';
import type { Cafe } from '#contract';
import { type Filters, matches, noFilters, readFilters, searchText, writeFilters } from './filters.ts';

const cafe = {
  id: 'one',
  title: 'Héritages actuels de l’Aéropostale',
  hosts: ['Toulouse métropole'],
  keywords: ['mémoire'],
  speakers: [{ name: 'Zoé Núñez' }],
  summary: 'Un récit',
  audience: [],
  takeaways: [],
  agenda: [],
  language: 'fr',
  state: 'open',
} as unknown as Cafe;
const seats = { cafeId: 'one', version: 1, capacity: 2, taken: 1, free: 1, waitlisted: 0, present: 0 };
const shows = (filters: Partial<Filters>, { free = 1, fits = true } = {}) =>
  matches(cafe, { ...noFilters, ...filters }, { text: searchText(cafe, 'Café 4'), seats: { ...seats, free }, fits });

describe('the search', () => {
  it.each([
    'heritages',
    'AEROPOSTALE',
    'l’aéropostale',
    "l'aeropostale",
    'nunez',
    'toulouse récit',
    'café 4',
    'MÉMOIRE',
  ])('finds “%s” without regard to accents, case and order', (search) => expect(shows({ search })).toBe(true));

  it('needs every word', () => {
    expect(shows({ search: 'toulouse marseille' })).toBe(false);
  });
});

describe('a filter', () => {
  it('shows the Cafés with its value', () => {
    expect(shows({ keyword: 'mémoire', host: 'Toulouse métropole', language: 'fr' })).toBe(true);
    expect(shows({ keyword: 'eau' })).toBe(false);
    expect(shows({ host: 'Orvault' })).toBe(false);
    expect(shows({ language: 'en' })).toBe(false);
  });

  it('can require free seats, and no overlap with the person’s own seats', () => {
    expect(shows({ free: true }, { free: 0 })).toBe(false);
    expect(shows({ free: true }, { free: 1 })).toBe(true);
    expect(shows({ fits: true }, { fits: false })).toBe(false);
    expect(shows({}, { free: 0, fits: false })).toBe(true);
  });
});

describe('the address', () => {
  it('contains every filter that differs from its default', () => {
    const all: Filters = {
      by: 'room',
      search: 'eau & co',
      keyword: 'é',
      host: 'A, B',
      language: 'fr',
      free: true,
      fits: true,
    };
    expect(readFilters(new URLSearchParams(writeFilters(all).toString()))).toEqual(all);
    expect(writeFilters(noFilters).toString()).toBe('');
    expect(readFilters(new URLSearchParams('by=nonsense&other=1'))).toEqual(noFilters);
  });
});
