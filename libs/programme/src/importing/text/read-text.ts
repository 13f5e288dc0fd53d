import type { CodedDoubt, DraftCafe } from '../../reading/text/draft.ts';
import { linesOf } from '../../reading/text/lines.ts';
import { readTextWithLines } from '../../reading/text-reader.ts';
import { collectFindings, type FindingField, type Report } from '../finding.ts';
import type { DoubtCode } from '../finding-texts.ts';
import type { ImportedEntry, ImportedProgramme } from '../imported.ts';
import { readDay } from '../times.ts';

/** The field of an entry that sets a doubt right. What is asked for otherwise, or cannot be set, has none. */
const FIELDS: Partial<Record<DoubtCode, string>> = {
  'text-host-elsewhere': 'hosts',
  'text-hosts-cut': 'hosts',
  'text-no-host': 'hosts',
  'text-space-code': 'code',
  'text-code-twice': 'code',
  'text-several-dashes': 'title',
  'text-no-title': 'title',
  'text-room-unsure': 'room',
  'text-speakers-unconfirmed': 'speakers',
  'text-no-person': 'speakers',
  'text-witness': 'speakers',
  'text-remark': 'title',
  'text-no-summary': 'summary',
};
/** Doubts about what an import asks for by itself, with the field. */
const ASKED_OTHERWISE = new Set<DoubtCode>(['text-without-dates', 'text-no-end', 'text-no-room', 'text-no-title']);
/** “Jeudi 11 mars 2027 – Hôtel de Ville”: the date begins the line. */
const DATE_LINE =
  /^(?:\p{L}{3,12}\.?,?\s+(?:den\s+)?)?\d{1,2}(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?\p{L}{3,10}\.?,?\s+(?:de\s+)?\d{4}(?!\d)/iu;

/**
 * Reads a published programme in text. Each doubt has the words it comes from and the field that sets it right.
 * @param pageOf the page on which a line stands, for a text that has pages
 * @throws UnreadableDocument as `readProgrammeText`
 */
export function readTextImport(text: string, pageOf?: (line: number) => number): ImportedProgramme {
  const { programme, doubts, entryLines } = readTextWithLines(text);
  const lines = new Map(
    linesOf(text).flatMap(({ number, text: words }) => (words === '' ? [] : [[number, words] as const])),
  );
  const { findings, report } = collectFindings();
  const heading = titleOf(lines, entryLines, programme.rooms);
  const dates = datesOf(lines, entryLines, report, pageOf);
  const entries = programme.cafes.map((cafe, index) => {
    const line = entryLines[index] as number;
    const day = dates.findLast((date) => date.line < line)?.day;
    return entryOf(cafe, {
      key: String(index + 1),
      line,
      page: pageOf?.(line),
      day,
      passage: lines.get(line)?.slice(0, 300),
      roomName: (code) => programme.rooms.find((room) => room.code === code)?.name,
    });
  });
  const used = new Set([...dates.map(({ line }) => line), heading?.line]);
  for (const doubt of doubts) {
    if (ASKED_OTHERWISE.has(doubt.code) || (doubt.code === 'text-line-left-out' && used.has(doubt.line))) continue;
    reportDoubt(doubt, { entries, entryLines, lines, report, pageOf });
  }
  return {
    event: { title: heading?.title },
    rooms: programme.rooms.map(({ name, capacity }) => ({ name, capacity })),
    entries,
    findings,
  };
}

function entryOf(
  { code, room, kind, language, hosts, speakers, contacts, time, texts: { fr } }: DraftCafe,
  {
    key,
    line,
    page,
    day,
    passage,
    roomName,
  }: {
    key: string;
    line: number;
    page?: number;
    day?: string;
    passage?: string;
    roomName: (code: string) => string | undefined;
  },
): ImportedEntry {
  const { title, summary, audience, takeaways, agenda, keywords } = fr;
  const own = (clock: string) => ({ clock, ...(day && { day }) });
  return {
    key,
    place: { line, ...(page && { page }), about: title, passage },
    code,
    title,
    room: roomName(room) ?? (room || undefined),
    kind,
    language,
    hosts,
    // The reader reads French.
    speakers: speakers.map(({ role, ...facts }) => ({ ...facts, ...(role?.fr && { role: { fr: role.fr } }) })),
    contacts,
    ...(day && { day }),
    ...(time && { start: own(time.from), ...(time.to && { end: own(time.to) }) }),
    ...(summary && { summary }),
    audience,
    takeaways,
    agenda,
    keywords,
  };
}

/** The lines of dates. The entries below one are on its day. */
function datesOf(lines: Map<number, string>, entryLines: number[], report: Report, pageOf?: (line: number) => number) {
  const starts = new Set(entryLines);
  return [...lines].flatMap(([line, words]) => {
    const found = starts.has(line) ? undefined : DATE_LINE.exec(words)?.[0];
    const read = found === undefined ? undefined : readDay(found);
    if (!read || read.fault) return [];
    const fields = [{ path: 'defaults.day', type: 'date' as const, value: read.day }];
    report({
      level: 'doubt',
      code: 'day-of-text',
      values: { day: read.day },
      place: { line, page: pageOf?.(line), passage: words.slice(0, 200) },
      fields,
    });
    return [{ line, day: read.day }];
  });
}

function reportDoubt(
  { line, about, code, values }: CodedDoubt,
  {
    entries,
    entryLines,
    lines,
    report,
    pageOf,
  }: {
    entries: ImportedEntry[];
    entryLines: number[];
    lines: Map<number, string>;
    report: Report;
    pageOf?: (line: number) => number;
  },
): void {
  const index = entryLines.findLastIndex((start) => start <= line);
  const entry = FIELDS[code] && index >= 0 ? entries[index] : undefined;
  const field = entry && FIELDS[code];
  const value = field && entry && textOfField(entry, field);
  const fields: FindingField[] = field && entry ? [{ path: `entries.${entry.key}.${field}`, type: 'text', value }] : [];
  const place = { line, page: pageOf?.(line), about, passage: lines.get(line)?.slice(0, 300) };
  report({ level: 'doubt', code, values, place, fields, entry: entry?.key });
}

/** The value of a field as a person types it. */
function textOfField(entry: ImportedEntry, field: string): string {
  const value = entry[field as keyof ImportedEntry];
  if (field === 'speakers') return (entry.speakers ?? []).map(({ name }) => name).join(', ');
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}

/** The title of the event: the first line with some letters that stands before the first entry. */
function titleOf(
  lines: Map<number, string>,
  entryLines: number[],
  rooms: { name: string }[],
): { line: number; title: string } | undefined {
  const isRoom = (words: string) => rooms.some(({ name }) => words.startsWith(name));
  const before = [...lines].filter(([line, words]) => line < (entryLines[0] ?? 0) && !isRoom(words));
  const found = before.find(([, words]) => (words.match(/\p{L}/gu) ?? []).length >= 8 && words.length <= 200);
  return found && { line: found[0], title: found[1] };
}
