import { inLanguage } from '#contract';
import type { ProgrammeDocument } from '../document.ts';
import type { Difference, LoadOptions, Programmes } from './difference.ts';

/** New codes by old code. */
interface Renames {
  rooms: Map<string, string>;
  cafes: Map<string, string>;
}

/**
 * Finds items with another code in the file: a room or Café that is no longer in the file, and a new one with the same name or title.
 * Without the option `rename` they are refused, because the load would add a second Café without the registrations of the first. With the
 * option `remove` alone, one item is removed and the other is added.
 */
export function renamesOf(
  { file, current }: Programmes,
  { rename, remove }: LoadOptions,
): { renames: Renames; differences: Difference[] } {
  const rooms = pairs(current.rooms, file.rooms, ({ name }) => fold(name));
  const [first = ''] = file.event.locales;
  const cafes = pairs(
    current.cafes,
    file.cafes,
    ({ kind, texts }) => `${kind} ${fold(inLanguage(texts, first, first)?.title ?? '')}`,
  );
  if (remove && !rename) return { renames: { rooms: new Map(), cafes: new Map() }, differences: [] };
  const differences = [
    ...[...rooms].map((pair) => difference('room', pair, rename)),
    ...[...cafes].map((pair) => difference('cafe', pair, rename)),
  ];
  return { renames: rename ? { rooms, cafes } : { rooms: new Map(), cafes: new Map() }, differences };
}

function difference(about: 'room' | 'cafe', [from, to]: [string, string], rename = false): Difference {
  const what = { about, code: to, change: 'renamed', field: 'code', from, to } as const;
  if (rename) return { ...what, outcome: 'done' };
  const reason = `${from} is not in the file, and ${to} has the same ${about === 'room' ? 'name' : 'title'}: --rename gives ${from} the new code, --remove removes ${from} and adds ${to}`;
  return { ...what, outcome: 'refused', reason };
}

/**
 * Pairs items that are in one list only with items that are in the other list only. A pair has the same signature, which no other such item
 * has.
 */
function pairs<Item extends { code: string }>(current: Item[], inFile: Item[], signature: (item: Item) => string) {
  const alone = (list: Item[], other: Item[]) => {
    const codes = new Set(other.map(({ code }) => code));
    const grouped = Map.groupBy(
      list.filter(({ code }) => !codes.has(code)),
      signature,
    );
    return [...grouped].flatMap(([key, items]) =>
      items.length === 1 ? [[key, (items[0] as Item).code] as const] : [],
    );
  };
  const added = new Map(alone(inFile, current));
  return new Map(
    alone(current, inFile).flatMap(([key, from]) => {
      const to = added.get(key);
      return to === undefined ? [] : [[from, to] as const];
    }),
  );
}

/** Returns a document with the new codes. */
export function renameCodes(document: ProgrammeDocument, { rooms, cafes }: Renames): ProgrammeDocument {
  return {
    ...document,
    rooms: document.rooms.map((room) => ({ ...room, code: rooms.get(room.code) ?? room.code })),
    cafes: document.cafes.map((cafe) => ({
      ...cafe,
      code: cafes.get(cafe.code) ?? cafe.code,
      room: rooms.get(cafe.room) ?? cafe.room,
    })),
  };
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s’']+/gu, ' ')
    .trim()
    .toLowerCase();
}
