import { isDeepStrictEqual } from 'node:util';
import { checkReferences, type ProgrammeDocument } from '../document.ts';
import type { Difference, LoadOptions, Programmes } from './difference.ts';
import { cafeFields, cafeOf, eventFields, eventOf, type Fields, roomFields, roomOf } from './fields.ts';
import { renameCodes, renamesOf } from './renames.ts';

const NOT_LAST =
  'an organiser changed it after the last load, and the file did not: it stays. --overwrite takes the file’s';
const BOTH =
  'an organiser and the file changed it after the last load: --overwrite takes the file’s, --keep the organiser’s';
const UNKNOWN = 'it is not known which is newer: --overwrite takes the file’s, --keep leaves what is there';

/**
 * Compares a file with the database. The document of the last load is the common ancestor: a field that only the file changed is done, a
 * field that only an organiser changed is kept, and a field that both changed is refused unless an option decides (ADR 36).
 * @returns `result`: the programme after the load, if nothing is refused
 */
export function compareProgrammes(
  programmes: Programmes,
  options: LoadOptions,
): { result: ProgrammeDocument; differences: Difference[] } {
  const { renames, differences } = renamesOf(programmes, options);
  const { file } = programmes;
  const current = renameCodes(programmes.current, renames);
  const loaded = programmes.loaded && renameCodes(programmes.loaded, renames);
  const skippedCodes = refusedCodes(differences);

  const event = mergeFields(
    { about: 'event', code: file.event.slug },
    { loaded: loaded && eventFields(loaded.event), file: eventFields(file.event), current: eventFields(current.event) },
    options,
  );
  // The Cafés of a draft event are drafts.
  const as = event.fields.state === 'draft' ? 'draft' : options.as;
  const rooms = mergeItems(
    'room',
    roomFields,
    (from) => from.rooms,
    { loaded, file, current },
    options,
    skippedCodes.rooms,
  );
  const cafes = mergeItems(
    'cafe',
    cafeFields,
    (from) => from.cafes,
    { loaded, file, current },
    { ...options, as },
    skippedCodes.cafes,
  );
  const result: ProgrammeDocument = {
    event: eventOf(file.event.slug, event.fields),
    rooms: rooms.items.map(({ code, fields }) => roomOf(code, fields)),
    cafes: cafes.items.map(({ code, fields }) => cafeOf(code, fields)),
  };
  const all = [...differences, ...event.differences, ...rooms.differences, ...cafes.differences];
  // With a refused difference, `result` is not loaded, so the errors in it are not reported.
  const refused = all.some(({ outcome }) => outcome === 'refused');
  return { result, differences: refused ? all : [...all, ...referenceErrors(result)] };
}

/** Reference errors in a programme that combines values of the file with values of organisers. */
function referenceErrors(result: ProgrammeDocument): Difference[] {
  return checkReferences(result).map(({ path, message }) => {
    const [list, index, ...rest] = path.split('.');
    const item = list === 'rooms' || list === 'cafes' ? result[list][Number(index)] : undefined;
    return {
      about: list === 'cafes' ? 'cafe' : list === 'rooms' ? 'room' : 'event',
      code: item?.code ?? result.event.slug,
      change: 'changed',
      field: item ? rest.join('.') : index,
      outcome: 'refused',
      reason: `with what organisers changed, ${message}: correct the file, or take it as it is with --overwrite`,
    };
  });
}

function refusedCodes(differences: Difference[]) {
  const codes = (about: Difference['about']) =>
    new Set(
      differences
        .filter((each) => each.about === about && each.outcome === 'refused')
        .flatMap((each) => [each.from, each.to]),
    );
  return { rooms: codes('room'), cafes: codes('cafe') };
}

interface Item {
  code: string;
  fields: Fields;
}

/**
 * Merges a list. `skipped`: codes of refused renames, which are reported once, as a rename. Items that are kept although the file does not
 * have them come last.
 */
function mergeItems<Of extends { code: string }>(
  about: 'room' | 'cafe',
  fieldsOf: (item: Of) => Fields,
  listOf: (document: ProgrammeDocument) => unknown[],
  { loaded, file, current }: Programmes,
  options: LoadOptions,
  skipped: Set<unknown>,
): { items: Item[]; differences: Difference[] } {
  const byCode = (document: ProgrammeDocument | undefined) =>
    new Map(document && (listOf(document) as Of[]).map((item) => [item.code, fieldsOf(item)]));
  const [loadedItems, fileItems, currentItems] = [byCode(loaded), byCode(file), byCode(current)];
  const items: Item[] = [];
  const differences: Difference[] = [];
  for (const [code, fields] of fileItems) {
    const now = currentItems.get(code);
    if (now) {
      const merged = mergeFields(
        { about, code },
        { loaded: loadedItems.get(code), file: fields, current: now },
        options,
      );
      items.push({ code, fields: merged.fields });
      differences.push(...merged.differences);
    } else if (!skipped.has(code)) {
      const added = addition(loadedItems.get(code), fields, options);
      if (added.outcome === 'done') items.push({ code, fields: withDefaults(about, fields, options) });
      differences.push({ about, code, change: 'added', ...added });
    }
  }
  for (const [code, fields] of currentItems) {
    if (fileItems.has(code) || skipped.has(code)) continue;
    const isOrganisers = loaded !== undefined && !loadedItems.has(code);
    const removed = options.remove && (!isOrganisers || options.organisers === 'overwrite');
    if (!removed) items.push({ code, fields });
    differences.push({ about, code, change: 'removed', ...removal(removed === true, isOrganisers, options) });
  }
  return { items, differences };
}

/** Decides about an item that is in the file and not in the database. `before`: the item of the last load. */
function addition(
  before: Fields | undefined,
  fields: Fields,
  { organisers }: LoadOptions,
): Pick<Difference, 'outcome' | 'reason'> {
  if (!before || organisers === 'overwrite') return { outcome: 'done' };
  const isUnchanged = Object.entries(fields).every(
    ([name, to]) => to === undefined || isDeepStrictEqual(before[name], to),
  );
  if (isUnchanged || organisers === 'keep') {
    return { outcome: 'kept', reason: 'it was removed after the last load: it stays away. --overwrite adds it again' };
  }
  return {
    outcome: 'refused',
    reason: 'it was removed after the last load: --overwrite adds it again, --keep does not',
  };
}

function removal(
  removed: boolean,
  isOrganisers: boolean,
  { keepMissing }: LoadOptions,
): Pick<Difference, 'outcome' | 'reason'> {
  if (removed) return { outcome: 'done' };
  if (isOrganisers) {
    return { outcome: 'kept', reason: 'it did not come from the last file: it stays. --remove --overwrite removes it' };
  }
  if (keepMissing) return { outcome: 'kept', reason: 'it is not in the file: it stays' };
  return { outcome: 'refused', reason: 'it is in the database and not in the file: --remove removes it' };
}

function withDefaults(about: 'room' | 'cafe', fields: Fields, { as }: LoadOptions): Fields {
  if (about === 'room') return fields;
  return { ...fields, state: as ?? fields.state ?? 'open', waitlistOpen: fields.waitlistOpen ?? true };
}

function mergeFields(
  item: Pick<Difference, 'about' | 'code'>,
  { loaded, file, current }: { loaded: Fields | undefined; file: Fields; current: Fields },
  { organisers, unknown }: LoadOptions,
): { fields: Fields; differences: Difference[] } {
  const fields = { ...current };
  const differences: Difference[] = [];
  for (const [field, to] of Object.entries(file)) {
    const from = current[field];
    if (to === undefined || isDeepStrictEqual(from, to)) continue;
    const before = loaded?.[field];
    // Where nothing was before and nothing is now, nobody else changed it.
    const byFile = (before !== undefined || from === undefined) && isDeepStrictEqual(before, from);
    const byOrganiser = before !== undefined && isDeepStrictEqual(before, to);
    const difference = { ...item, change: 'changed', field, from, to } as const;
    const isOfFile = before === undefined && unknown === 'overwrite' && organisers !== 'keep';
    if (byFile || isOfFile || organisers === 'overwrite') {
      fields[field] = to;
      differences.push({ ...difference, outcome: 'done' });
    } else if (byOrganiser || organisers === 'keep') {
      differences.push({ ...difference, outcome: 'kept', reason: NOT_LAST });
    } else {
      differences.push({ ...difference, outcome: 'refused', reason: before === undefined ? UNKNOWN : BOTH });
    }
  }
  return { fields, differences };
}
