import type { Cafe, CafeSeats } from '#contract';
import { fold } from '#text';

/** The filters and the order of the programme. They are part of the page's address, so that people can share a list. */
export interface Filters {
  by: 'time' | 'room';
  /** The words of the search. A shown Café contains all of them. */
  search: string;
  keyword: string;
  host: string;
  /** The code of a language, for example `fr`. */
  language: string;
  /** Only Cafés with free seats. */
  free: boolean;
  /** Only Cafés that overlap none of the person's seats. */
  fits: boolean;
}

export const noFilters: Filters = {
  by: 'time',
  search: '',
  keyword: '',
  host: '',
  language: '',
  free: false,
  fits: false,
};

/** Returns the filters in the query of an address. Unknown values are ignored. */
export function readFilters(query: URLSearchParams): Filters {
  const text = (name: string) => query.get(name) ?? '';
  return {
    by: query.get('by') === 'room' ? 'room' : 'time',
    search: text('q'),
    keyword: text('keyword'),
    host: text('host'),
    language: text('language'),
    free: query.has('free'),
    fits: query.has('fits'),
  };
}

/** Returns the query of an address for these filters, without those that have their default value. */
export function writeFilters({ by, search, keyword, host, language, free, fits }: Filters): URLSearchParams {
  const entries: [string, string | false][] = [
    ['by', by === 'room' && 'room'],
    ['q', search],
    ['keyword', keyword],
    ['host', host],
    ['language', language],
    ['free', free && '1'],
    ['fits', fits && '1'],
  ];
  return new URLSearchParams(entries.filter((each): each is [string, string] => Boolean(each[1])));
}

/** Returns the searched text of a Café, folded. */
export function searchText(cafe: Cafe, label: string): string {
  const { title, hosts, keywords, speakers, summary = '', audience, takeaways, agenda } = cafe;
  const people = speakers.flatMap(({ name, organisation = '' }) => [name, organisation]);
  const texts = [...audience, ...takeaways, ...agenda.map((item) => item.title)];
  return fold([label, title, ...hosts, ...keywords, ...people, summary, ...texts].join(' '));
}

/** Whether a Café is shown. `text` is its `searchText`. `fits`: it overlaps none of the person's seats. */
export function matches(
  cafe: Cafe,
  { search, keyword, host, language, free, fits: onlyFitting }: Filters,
  { text, seats, fits }: { text: string; seats: CafeSeats; fits: boolean },
): boolean {
  return (
    fold(search)
      .split(/\s+/)
      .every((word) => text.includes(word)) &&
    (keyword === '' || cafe.keywords.includes(keyword)) &&
    (host === '' || cafe.hosts.includes(host)) &&
    (language === '' || cafe.language === language) &&
    (!free || (seats.free > 0 && cafe.state === 'open')) &&
    (!onlyFitting || fits)
  );
}

/** Returns the distinct values of Cafés, in the sort order of a language. */
export function choicesOf(cafes: Cafe[], valuesOf: (cafe: Cafe) => string[], locale: string): string[] {
  return [...new Set(cafes.flatMap(valuesOf))].sort(new Intl.Collator(locale).compare);
}
