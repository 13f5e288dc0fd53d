import { findingTexts } from '../importing/finding-texts.ts';
import { readBody } from './text/body.ts';
import type { CodedDoubt, Doubt, DraftCafe, DraftProgramme, DraftTexts, ReportDoubt } from './text/draft.ts';
import { fold, type Line, linesOf, slug } from './text/lines.ts';
import { entryHeading, type Part, partsOf } from './text/parts.ts';
import { isTimetable, readTimetable } from './text/timetable.ts';
import { UnreadableDocument } from './unreadable.ts';

export type { Doubt, DraftProgramme } from './text/draft.ts';

/** The maximum length of a document, in characters. */
const LENGTH_MAX = 5_000_000;
/** The maximum number of hosts of one entry, as in a programme document. */
const HOSTS_MAX = 20;

/**
 * Reads a published programme (plain text) into a draft. It knows two layouts. If entries begin with a time, the text is a timetable. In
 * the other layout, rooms are lines such as “Salle …”; entries start with “Café n :”, “Café n° 2 –”, “STAND … :” or “ESPACE … :”; the
 * heading of an entry ends at the first empty line, and its hosts follow the last dash. `doubts` lists the values that the reader is not
 * sure of or did not find, and every line that looks like an entry but was not read as one. The running time is linear in the length of the
 * document.
 * @throws UnreadableDocument for an empty, binary or too long document, or one without any entry
 */
export function readProgrammeText(document: string): { programme: DraftProgramme; doubts: Doubt[] } {
  const { programme, doubts } = readTextWithLines(document);
  return {
    programme,
    doubts: doubts.map(({ line, about, code, values }) => ({ line, about, message: sentenceOf({ code, values }) })),
  };
}

/** The same with the codes of doubts, and for each entry the line on which it begins. */
export function readTextWithLines(document: string): {
  programme: DraftProgramme;
  doubts: CodedDoubt[];
  entryLines: number[];
} {
  if (document.length > LENGTH_MAX)
    throw new UnreadableDocument('The document is longer than 5 million characters.', 'too-large');
  if (/[\0\uFFFD]/.test(document)) throw new UnreadableDocument('The document is not text in UTF-8.');
  const doubts: CodedDoubt[] = [];
  const report: ReportDoubt = (line, about, code, values = {}) => doubts.push({ line, about, code, values });
  const lines = linesOf(document);
  const entryLines: number[] = [];
  // A timetable may contain entries such as “Café 1 : …” after their times. The other layout contains no times.
  const programme = isTimetable(lines)
    ? readTimetable(lines, report, entryLines)
    : readEntries(lines, report, entryLines);
  if (programme.cafes.length === 0) {
    throw new UnreadableDocument(
      'The document has no entry: none of its lines starts with “Café … :”, “Stand … :” or “Espace … :”, and no two with a time.',
      'no-programme',
    );
  }
  report(1, 'document', 'text-without-dates');
  return { programme, doubts: doubts.sort((one, other) => one.line - other.line), entryLines };
}

/** A doubt in English, for the command line. */
function sentenceOf({ code, values }: Pick<CodedDoubt, 'code' | 'values'>): string {
  return findingTexts[code].en.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** Reads the layout of rooms with entries below them. Each entry has a heading and paragraphs. */
function readEntries(lines: Line[], report: ReportDoubt, entryLines: number[]): DraftProgramme {
  const programme: DraftProgramme = { rooms: [], cafes: [] };
  const roomCodes = new Set<string>();
  const codes = new Set<string>();
  for (const part of partsOf(lines, report)) {
    if (part.kind === 'room') {
      const { text: name, number } = part.heading[0] as Line;
      const code = slug(name.replace(/^(?:salle|room)\s+/iu, ''));
      if (roomCodes.has(code)) report(number, name, 'text-room-twice');
      else programme.rooms.push({ code, name });
      roomCodes.add(code);
      if (part.body.some(({ text }) => text !== '')) report(number + 1, name, 'text-after-room');
    } else {
      const cafe = readEntry(part, programme.rooms.at(-1)?.code, report);
      if (codes.has(cafe.code)) report(part.heading[0]?.number ?? 1, cafe.code, 'text-code-twice');
      codes.add(cafe.code);
      programme.cafes.push(cafe);
      entryLines.push(part.heading[0]?.number ?? 1);
    }
  }
  return programme;
}

function readEntry({ heading, body }: Part, room: string | undefined, report: ReportDoubt): DraftCafe {
  const first = heading[0] as Line;
  const text = heading.map((line) => line.text).join(' ');
  const { kindWord, label, rest } = entryHeading(text) ?? { kindWord: '', label: '', rest: text };
  const about = `${kindWord} ${label}`;
  const kind = /^caf/iu.test(kindWord) ? 'cafe' : /^stand/iu.test(kindWord) ? 'stand' : 'space';

  const { title, hosts } = readHeading(rest, first.number, about, report);
  const plain = fold(body.map((line) => line.text).join(' '));
  for (const host of hosts) {
    if (!plain.includes(fold(host))) report(first.number, about, 'text-host-elsewhere', { host });
  }
  if (!room) report(first.number, about, 'text-no-room');

  let code = slug(label).toUpperCase();
  if (kind === 'space' && hosts.length === 1 && hosts[0]) {
    code = slug(hosts[0]).toUpperCase();
    report(first.number, about, 'text-space-code', { code });
  }
  const texts: DraftTexts = { title, audience: [], takeaways: [], agenda: [], keywords: [] };
  const cafe: DraftCafe = {
    code,
    room: room ?? '',
    kind,
    language: 'fr',
    hosts,
    speakers: [],
    contacts: [],
    texts: { fr: texts },
  };
  readBody(body, cafe, about, report);
  return cafe;
}

/** Splits a heading into title and hosts. The hosts follow the last dash with spaces around it. */
function readHeading(
  rest: string,
  line: number,
  about: string,
  report: ReportDoubt,
): { title: string; hosts: string[] } {
  const dashes = [...rest.matchAll(/\s[–—-]\s/gu)];
  const dash = dashes.at(-1);
  const title = (dash ? rest.slice(0, dash.index) : rest).trim();
  const hostNames = dash
    ? rest
        .slice((dash.index ?? 0) + dash[0].length)
        .split(/\s*\/\s*/u)
        .map((host) => host.trim())
        .filter(Boolean)
    : [];
  const hosts = hostNames.slice(0, HOSTS_MAX);
  if (hostNames.length > HOSTS_MAX)
    report(line, about, 'text-hosts-cut', { taken: HOSTS_MAX, hosts: hostNames.length });
  if (hosts.length === 0) report(line, about, 'text-no-host');
  if (dashes.length > 1) report(line, about, 'text-several-dashes');
  if (title === '') report(line, about, 'text-no-title');
  return { title, hosts };
}
