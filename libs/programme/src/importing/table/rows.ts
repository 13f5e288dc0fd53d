import { collectFindings, type FieldType, type Report } from '../finding.ts';
import type { ImportedEntry, ImportedProgramme, ImportedTable, Moment } from '../imported.ts';
import { readClock, readDay, readDuration } from '../times.ts';
import type { ColumnField, Mapping } from './columns.ts';

/** How the cells of a table are read, where a person said more than the table does. */
export interface RowSettings {
  /** Days stand behind their months. */
  monthFirst: boolean;
  /** Keys of rows with more cells than columns that are read as they are. */
  accepted: ReadonlySet<string>;
}

/** One row with the columns that are mapped. */
interface Row {
  key: string;
  values: Partial<Record<ColumnField, string>>;
  headings: Partial<Record<ColumnField, string>>;
  about?: string;
  report: Report;
}

/** A cell that says that there is nothing to say. */
const NOTHING = /^(?:[-–—_.?/]+|n\/?a|néant|aucune?|none|s\/?o)$/iu;
const KINDS: [RegExp, ImportedEntry['kind']][] = [
  [/^stand/iu, 'stand'],
  [/^(?:espace|space|espacio|espaço)/iu, 'space'],
  [/./u, 'cafe'],
];

/** Reads the rows of a table by a mapping of its columns. A cell that cannot be read is an error with its row and column. */
export function readRows(table: ImportedTable, mapping: Mapping, settings: RowSettings): ImportedProgramme {
  const { findings, report } = collectFindings();
  findings.push(...table.findings);
  const filled: Partial<Record<ColumnField, { value: string; rows: number }>> = {};
  const entries = table.rows.map(({ number, cells }) => {
    const row = rowOf(table, mapping, { number, cells }, report);
    fillFromAbove(row, filled);
    reportShape(row, { cells, columns: table.columns.length, accepted: settings.accepted });
    return entryOf(row, settings);
  });
  for (const [field, { rows }] of Object.entries(filled)) {
    const column = table.columns[mapping.indexOf(field as ColumnField)]?.heading;
    if (rows > 0) report({ level: 'doubt', code: 'value-from-above', values: { rows }, place: { column } });
  }
  const names = [...new Set(entries.flatMap(({ room }) => room ?? []))];
  return { event: {}, rooms: names.map((name) => ({ name })), entries, findings };
}

function rowOf(
  { columns }: ImportedTable,
  mapping: Mapping,
  { number, cells }: { number: number; cells: string[] },
  report: Report,
): Row {
  const values: Row['values'] = {};
  const headings: Row['headings'] = {};
  for (const [index, field] of mapping.entries()) {
    const cell = cells[index] ?? '';
    if (!field) continue;
    headings[field] = columns[index]?.heading || columns[index]?.letters;
    if (cell !== '' && !NOTHING.test(cell)) values[field] = cell;
  }
  const key = String(number);
  const about = values.title;
  const inRow: Report = ({ place, ...finding }) =>
    report({ ...finding, place: { row: number, about, ...place }, entry: key });
  return { key, values, headings, about, report: inRow };
}

/** Cells that were merged, or left out where the one above says the same. */
function fillFromAbove({ values }: Row, filled: Partial<Record<ColumnField, { value: string; rows: number }>>): void {
  const { day } = values;
  if (day) filled.day = { value: day, rows: filled.day?.rows ?? 0 };
  else if (filled.day && values.title) {
    values.day = filled.day.value;
    filled.day.rows++;
  }
}

function reportShape(
  { key, values, headings, report }: Row,
  { cells, columns, accepted }: { cells: string[]; columns: number; accepted: ReadonlySet<string> },
): void {
  if (cells.length > columns && !accepted.has(key)) {
    const fields = [{ path: `entries.${key}.columns`, type: 'choice' as const, choices: ['as-it-is'] }];
    const passage = cells.join(' | ').slice(0, 300);
    report({
      level: 'error',
      code: 'too-many-cells',
      values: { cells: cells.length, columns },
      place: { passage },
      fields,
    });
  }
  for (const [field, value] of Object.entries(values)) {
    if (!/^[=@]|^[+-][^\d\s]/.test(value)) continue;
    const column = headings[field as ColumnField];
    report({ level: 'warning', code: 'formula-as-text', place: { column, passage: value.slice(0, 120) } });
  }
}

function entryOf(row: Row, settings: RowSettings): ImportedEntry {
  const { key, values, about } = row;
  const { id, code, title, room, summary, language, kind } = values;
  const { day, start, end } = times(row, settings);
  const minutes = numberOf(row, 'minutes', 'duration-unread', readDuration);
  const capacity = numberOf(row, 'seats', 'number-unread', seatsOf);
  return {
    key,
    place: { row: Number(key), ...(about && { about }) },
    ...(id && { sourceId: id, baseId: id }),
    ...(code && { code }),
    title,
    room,
    ...(day && { day }),
    ...(start && { start }),
    ...(end && { end }),
    ...(minutes !== undefined && { minutes }),
    ...(capacity !== undefined && { capacity }),
    ...(summary && { summary }),
    ...(language && { language }),
    ...(kind && { kind: KINDS.find(([pattern]) => pattern.test(kind))?.[1] }),
    ...(values.speakers && { speakers: peopleOf(values.speakers) }),
    ...lists(values),
  };
}

function lists(values: Row['values']): Partial<ImportedEntry> {
  const found: Partial<ImportedEntry> = {};
  for (const field of ['hosts', 'keywords', 'audience', 'takeaways'] as const) {
    const value = values[field];
    const separator = field === 'keywords' ? /[,;\n•]/ : field === 'hosts' ? /[;\n/•]/ : /[;\n•]/;
    if (value) found[field] = split(value, separator);
  }
  return found;
}

/** “First Last, First Last”, “First Last (Organisation)”: at commas, semicolons and line ends that stand in no brackets. */
function peopleOf(text: string): ImportedEntry['speakers'] {
  if (/^[=@]/.test(text)) return [{ name: text }];
  return split(text, /[,;\n•](?![^(]*\))/).map((person) => {
    const [, name = person, organisation] = /^(.+?)\s*\((.+)\)$/.exec(person) ?? [];
    return { name, ...(organisation && { organisation }) };
  });
}

const split = (text: string, separator: RegExp) =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);

/** “24”, “24 pl.”, “env. 24 places”. Two numbers are none. */
function seatsOf(text: string): number | undefined {
  const numbers = text.replace(/(\d)[\s\u00a0\u202f](?=\d{3}\b)/g, '$1').match(/\d+/g) ?? [];
  const isNumber =
    numbers.length === 1 && /^[^\d"=(]{0,12}\d+(?:[.,]0+)?[^\d"=(]{0,12}$/.test(text.replace(/[\s\u00a0\u202f]/g, ''));
  return isNumber ? Number(numbers[0]) : undefined;
}

function numberOf(
  { key, values, headings, report }: Row,
  field: 'minutes' | 'seats',
  code: 'duration-unread' | 'number-unread',
  read: (text: string) => number | undefined,
): number | undefined {
  const text = values[field];
  if (text === undefined) return undefined;
  const number = read(text);
  if (number === undefined) {
    const path = `entries.${key}.${field === 'seats' ? 'capacity' : field}`;
    report({
      level: 'error',
      code,
      values: { text },
      place: { column: headings[field], passage: text },
      fields: [{ path, type: 'number' }],
    });
  }
  return number;
}

/** The start and the end of a row. A cell may hold the day and the time, and the start both times. */
function times(row: Row, settings: RowSettings): { day?: string; start?: Moment; end?: Moment } {
  const { values } = row;
  const range = values.end
    ? undefined
    : /^(.*?[\dh])\s*(?:–|—|-|à|a|to|bis|->|→)\s*(\d{1,2}\s?[h:.].*)$/iu.exec(values.start ?? '');
  const isRange = range && !readClock(range[1] as string).fault && !readClock(range[2] as string).fault;
  const [startText, endText] = isRange ? [range[1], range[2]] : [values.start, values.end];
  const day = values.day === undefined ? undefined : dayOf(row, 'day', values.day, settings);
  const start = momentOf(row, 'start', startText, day, settings);
  const startDay = start && 'day' in start ? start.day : day;
  return { day: startDay, start, end: momentOf(row, 'end', endText, startDay, settings) };
}

function momentOf(
  row: Row,
  field: 'start' | 'end',
  text: string | undefined,
  day: string | undefined,
  settings: RowSettings,
) {
  if (text === undefined) return undefined;
  const both = /^(\S*\d{2,4}[/.-]\d{1,2}\S*|.*\d{4})(?:T|,?\s+)(\d{1,2}\s?[h:].*)$/iu.exec(text);
  const bothDay = both && readDay(both[1] as string, settings);
  const [ownDay, clockText] = bothDay && !bothDay.fault ? [bothDay.day, both[2] as string] : [day, text];
  const read = readClock(clockText);
  if (!read.fault) return { clock: read.clock, ...(ownDay && { day: ownDay }) };
  const isHalf = read.fault === 'noon-or-midnight';
  reportCell(
    row,
    field,
    text,
    isHalf ? 'noon-or-midnight' : 'time-unread',
    isHalf ? ['12:00', '00:00', '24:00'] : undefined,
  );
  return undefined;
}

function dayOf(row: Row, field: 'day', text: string, { monthFirst }: RowSettings): string | undefined {
  const read = readDay(text, { monthFirst });
  if (!read.fault) return read.day;
  reportCell(row, field, text, read.fault === 'month-first' ? 'day-month-first' : 'day-unread');
  return undefined;
}

function reportCell(
  { key, headings, report }: Row,
  field: 'day' | 'start' | 'end',
  text: string,
  code: 'noon-or-midnight' | 'time-unread' | 'day-unread' | 'day-month-first',
  choices?: string[],
): void {
  const type: FieldType = choices ? 'choice' : field === 'day' ? 'date' : 'time';
  const own = { path: `entries.${key}.${field}`, type, ...(choices && { choices }) };
  const order = { path: 'defaults.dateOrder', type: 'choice' as const, choices: ['day-first', 'month-first'] };
  const fields = code === 'day-month-first' ? [own, order] : [own];
  report({ level: 'error', code, values: { text }, place: { column: headings[field], passage: text }, fields });
}
