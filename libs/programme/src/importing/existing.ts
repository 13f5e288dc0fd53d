import { fold } from '#text';
import type { ProgrammeDocument } from '../document.ts';
import { guidOf } from '../exporting/guids.ts';
import type { ImportedEntry } from './imported.ts';

type CafeOf = ProgrammeDocument['cafes'][number];

/**
 * Finds the Café of each entry in the event, so that a second import changes it instead of adding another one: by the id of the file, by that
 * id without its room, by the guid that our own exports give it, and for Cafés without an id by the code or the title. What fits several
 * Cafés, or a Café that fits several entries, is none.
 */
export function matchExisting(
  entries: ImportedEntry[],
  { event, cafes }: Pick<ProgrammeDocument, 'cafes'> & { event?: { slug: string } },
  language: string,
): Map<string, CafeOf> {
  const matched = new Map<string, CafeOf>();
  const left = { entries: new Set(entries), cafes: new Set(cafes) };
  const pass = (
    entryKey: (entry: ImportedEntry) => string | undefined,
    cafeKey: (cafe: CafeOf) => string | undefined,
  ) => {
    const found = uniquePairs([...left.entries], entryKey, [...left.cafes], cafeKey);
    for (const [entry, cafe] of found) {
      matched.set(entry.key, cafe);
      left.entries.delete(entry);
      left.cafes.delete(cafe);
    }
  };
  pass(
    ({ sourceId }) => sourceId,
    ({ sourceId }) => sourceId,
  );
  pass(
    ({ baseId }) => baseId,
    ({ sourceId }) => sourceId?.replace(/[@#].*$/s, ''),
  );
  pass(
    ({ sourceId }) => sourceId,
    (cafe) => event && guidOf(event.slug, cafe),
  );
  pass(
    ({ code }) => code && fold(code),
    ({ code, sourceId }) => (sourceId ? undefined : fold(code)),
  );
  pass(
    ({ title }) => title && fold(title),
    ({ texts, sourceId }) => (sourceId ? undefined : fold(texts[language]?.title ?? '')),
  );
  return matched;
}

function uniquePairs<One, Other>(
  ones: One[],
  oneKey: (one: One) => string | undefined,
  others: Other[],
  otherKey: (other: Other) => string | undefined,
): [One, Other][] {
  const byKey = Map.groupBy(others, (other) => otherKey(other) || undefined);
  return [...Map.groupBy(ones, (one) => oneKey(one) || undefined)].flatMap(([key, same]) => {
    const [other, ...more] = (key && byKey.get(key)) || [];
    return other && more.length === 0 && same.length === 1 ? [[same[0] as One, other] as [One, Other]] : [];
  });
}
