import type { UndatedProgramme } from './document.ts';

/** Something that the reader is not sure of. `line` counts from 1; `about` names the entry. */
export interface Doubt {
  line: number;
  about: string;
  message: string;
}

type DraftTexts = UndatedProgramme['cafes'][number]['texts']['fr'];

/** What a published text says of a programme: in its own language, without dates, times and capacities. */
export interface DraftProgramme {
  rooms: UndatedProgramme['rooms'];
  cafes: (Omit<UndatedProgramme['cafes'][number], 'texts'> & { texts: { fr: DraftTexts } })[];
}

/** Thrown where a document is not the text of a programme. */
export class ReadFault extends Error {}

/** The longest document that is read, in characters. */
const LENGTH_MAX = 5_000_000;
/** The most hosts of one entry: those that a programme may have. */
const HOSTS_MAX = 20;
/** The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3). */
const EMAIL_LENGTH_MAX = 254;

interface Line {
  number: number;
  text: string;
}
type DraftCafe = DraftProgramme['cafes'][number];
type ReportDoubt = (line: number, about: string, message: string) => void;

const ROOM = /^(?:salle|room)\s+\S.{0,80}$/iu;
const ENTRY = /^(café|cafe|stand|espace|space)\s+([^:]{1,60}?)\s*:\s*(.*)$/iu;
const BULLET = /^(?:[•▪◦*–-]|\d{1,3}[.)])\s+(.*)$/u;
/** Headings of lists, and where the list belongs. A heading ends with a colon, or stands on a line of its own. */
const LISTS: [RegExp, 'audience' | 'takeaways' | 'agenda' | 'speakers'][] = [
  [/s['’]adresse(?:nt)?\s+(?:aux?|à)|^publics?\b|^for whom|\baudience\b/iu, 'audience'],
  [/repartir(?:ont|ez)\s+avec|take ?aways/iu, 'takeaways'],
  [/découvrir(?:ont|ez)|^contenu(?: prévisionnel)?\b|^déroulé|^programme\b|^agenda\b|^au programme/iu, 'agenda'],
  [/^intervenant|^speakers?\b/iu, 'speakers'],
];
const KEYWORDS = /^(?:mots[- ]cl[ée]f?s?|keywords)\s*:\s*(.*)$/iu;
const CONTACT = /^contacts?\s*:\s*(.*)$/iu;
const LABEL = /^(?:objectifs?|résumé|contexte|summary|context)\s*:\s*/iu;
const OTHER_LABEL = /^(?:organismes? partenaires?|animation|partners?|moderation)\s*:/iu;

/**
 * Read a published programme (plain text) into a draft. Rooms are lines such as “Salle …”; entries start with “Café n :”,
 * “STAND … :” or “ESPACE … :”, their heading ends at the first empty line and their hosts stand after its last dash.
 * `doubts` name what the reader is not sure of or did not find. Time is linear in the document's length.
 * @throws ReadFault for an empty, binary or over-long document, or one without any entry.
 */
export function readProgrammeDocument(document: string): { programme: DraftProgramme; doubts: Doubt[] } {
  if (document.length > LENGTH_MAX) throw new ReadFault('The document is longer than 5 million characters.');
  if (/[\0\uFFFD]/.test(document)) throw new ReadFault('The document is not text in UTF-8.');
  const doubts: Doubt[] = [];
  const report: ReportDoubt = (line, about, message) => doubts.push({ line, about, message });
  const programme: DraftProgramme = { rooms: [], cafes: [] };
  const roomCodes = new Set<string>();

  for (const part of partsOf(document)) {
    if (part.kind === 'room') {
      const { text: name, number } = part.heading[0] as Line;
      const code = slug(name.replace(/^(?:salle|room)\s+/iu, ''));
      if (roomCodes.has(code)) report(number, name, 'the room is named a second time');
      else programme.rooms.push({ code, name });
      roomCodes.add(code);
      if (part.body.some(({ text }) => text !== ''))
        report(number + 1, name, 'text between the room and its first entry was left out');
    } else {
      programme.cafes.push(readEntry(part, programme.rooms.at(-1)?.code, report));
    }
  }
  if (programme.cafes.length === 0) {
    throw new ReadFault(
      'The document has no entry: none of its lines starts with “Café … :”, “Stand … :” or “Espace … :”.',
    );
  }
  const seen = new Set<string>();
  for (const cafe of programme.cafes) {
    if (seen.has(cafe.code)) report(1, cafe.code, 'the code is used by two entries');
    seen.add(cafe.code);
  }
  report(1, 'document', 'dates, times, capacities and the other languages are not read from a document: add them');
  return { programme, doubts };
}

interface Part {
  kind: 'room' | 'entry';
  heading: Line[];
  body: Line[];
}

/** Cut the document at its rooms and entries. What stands before the first is a title page. */
function partsOf(document: string): Part[] {
  const parts: Part[] = [];
  let inHeading = false;
  document.split(/\r\n|[\n\r\f\v\u2028\u2029]/).forEach((raw, index) => {
    const line = { number: index + 1, text: raw.replace(/\s+/gu, ' ').trim() };
    const kind = ENTRY.test(line.text)
      ? 'entry'
      : ROOM.test(line.text) && !/[.,;:]$/.test(line.text)
        ? 'room'
        : undefined;
    const current = parts.at(-1);
    if (kind && !(inHeading && kind === 'room' && current?.kind === 'entry')) {
      parts.push({ kind, heading: [line], body: [] });
      inHeading = kind === 'entry';
    } else if (inHeading && line.text !== '') {
      current?.heading.push(line);
    } else {
      inHeading = false;
      current?.body.push(line);
    }
  });
  return parts;
}

function readEntry({ heading, body }: Part, room: string | undefined, report: ReportDoubt): DraftCafe {
  const first = heading[0] as Line;
  const text = heading.map((line) => line.text).join(' ');
  const [, kindWord = '', label = '', rest = ''] = ENTRY.exec(text) ?? [];
  const about = `${kindWord} ${label}`;
  const kind = /^caf/iu.test(kindWord) ? 'cafe' : /^stand/iu.test(kindWord) ? 'stand' : 'space';

  // The last dash that stands free parts the title from its hosts.
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
    report(first.number, about, `only the first ${HOSTS_MAX} of ${hostNames.length} hosts were taken`);
  if (hosts.length === 0) report(first.number, about, 'no host stands after a dash in the heading');
  if (dashes.length > 1)
    report(first.number, about, 'the heading has several dashes; the last was taken as the one before the hosts');
  if (title === '') report(first.number, about, 'the heading has no title');
  const plain = fold(body.map((line) => line.text).join(' '));
  for (const host of hosts) {
    if (!plain.includes(fold(host)))
      report(first.number, about, `the host “${host}” is not named in the text: check how it is written`);
  }
  if (!room) report(first.number, about, 'no room is named before this entry');

  let code = slug(label).toUpperCase();
  if (kind === 'space' && hosts.length === 1 && hosts[0]) {
    code = slug(hosts[0]).toUpperCase();
    report(first.number, about, `the space has no code of its own; its host's name was taken: ${code}`);
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
  readBody(blocksOf(body), cafe, about, report);
  return cafe;
}

/** A paragraph, or one item of a list. */
interface Block {
  line: number;
  item: boolean;
  text: string;
}

/** Join lines into paragraphs and list items; an item goes on over the lines that follow it, up to an empty one. */
function blocksOf(body: Line[]): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; parts: string[] } | undefined;
  const close = () => {
    if (open) open.block.text = open.parts.join(' ');
    open = undefined;
  };
  for (const { number, text } of body) {
    const bullet = BULLET.exec(text);
    if (text === '') {
      // The layout of a page may break an item open: what stands in brackets goes on below.
      if (!open?.block.item || !inBrackets(open.parts.join(' '))) close();
    } else if (bullet || !open || endsHeading(open.parts.at(-1) ?? '') || startsHeading(text)) {
      close();
      const block = { line: number, item: bullet !== null, text: '' };
      blocks.push(block);
      open = { block, parts: [bullet?.[1] ?? text] };
    } else open.parts.push(text);
  }
  close();
  return blocks;
}

/** Whether a bracket is open at the end; after 400 characters it was never meant to close. */
function inBrackets(text: string): boolean {
  return text.length < 400 && text.lastIndexOf('(') > text.lastIndexOf(')');
}

function endsHeading(text: string): boolean {
  return /:$/u.test(text) && text.length < 100;
}

function startsHeading(text: string): boolean {
  return KEYWORDS.test(text) || CONTACT.test(text) || LABEL.test(text) || OTHER_LABEL.test(text);
}

function listOf(text: string) {
  const heading = endsHeading(text) || (text.length < 60 && !/[.!?]$/u.test(text));
  return heading ? LISTS.find(([pattern]) => pattern.test(text))?.[1] : undefined;
}

function readBody(blocks: Block[], cafe: DraftCafe, about: string, report: ReportDoubt): void {
  const texts = cafe.texts.fr;
  let list: ReturnType<typeof listOf>;
  let pair = 0;
  let strayList: number | undefined;
  for (const { line, item, text } of blocks) {
    if (item) {
      if (list === 'speakers') pair = readSpeakers(line, text, cafe, pair, about, report);
      else if (list === 'agenda') texts.agenda.push(agendaItem(line, text, about, report));
      else if (list) texts[list].push(withoutEnd(text));
      else if (strayList === undefined) {
        strayList = line;
        report(line, about, 'a list without a heading that the reader knows was left out');
      }
      continue;
    }
    strayList = undefined;
    const keywords = KEYWORDS.exec(text);
    const contact = CONTACT.exec(text);
    list = listOf(text);
    if (keywords) {
      texts.keywords.push(...(keywords[1] ?? '').split(',').map(withoutEnd).filter(Boolean));
    } else if (contact) {
      readContact(line, contact[1] ?? '', cafe, about, report);
    } else if (OTHER_LABEL.test(text)) {
      report(line, about, `“${text}” has no place in a programme and was left out`);
    } else if (!list) {
      if (!texts.summary && text.length > 40) {
        texts.summary = text.replace(LABEL, '').slice(0, 4_000);
      }
      readWitness(line, text, cafe, about, report);
    }
  }
  if (!texts.summary) report(blocks[0]?.line ?? 1, about, 'no paragraph was found to describe the entry');
}

/** “Binôme A (Name, role) et B (Name, role)”: each organisation with its person; who is named together, speaks together. */
function readSpeakers(
  line: number,
  text: string,
  cafe: DraftCafe,
  pair: number,
  about: string,
  report: ReportDoubt,
): number {
  const people = [...text.matchAll(/([^()]{2,160})\(([^(),]{2,80})(?:,\s*([^()]{1,300}))?\)/gu)];
  if (people.length === 0) report(line, about, `no person was recognised in “${text.slice(0, 80)}”`);
  const together = people.length > 1 ? pair + 1 : undefined;
  for (const [, before = '', name = '', role] of people) {
    const organisation = before
      .replace(/^\s*(?:binôme|duo|trio)\s+/iu, '')
      .replace(/^\s*(?:et|and|,|;)\s+/iu, '')
      .trim();
    cafe.speakers.push({
      name: name.trim(),
      ...(role && { role: { fr: role.trim(), en: role.trim() } }),
      ...(organisation && { organisation }),
      ...(together && { pair: together }),
    });
  }
  return together ?? pair;
}

/** “le témoignage de First Last, élu à …”: somebody speaks, though no list says so. */
function readWitness(line: number, text: string, cafe: DraftCafe, about: string, report: ReportDoubt): void {
  const found = /témoignages? de (\p{Lu}[\p{L}’'-]+(?: \p{Lu}[\p{L}’'-]+){1,3}),\s*([^,.;]{2,120})/u.exec(text);
  if (!found) return;
  const [, name = '', role = ''] = found;
  cafe.speakers.push({ name, role: { fr: role.trim(), en: role.trim() } });
  report(line, about, `${name} is named in a sentence and was taken as a speaker`);
}

function readContact(line: number, text: string, cafe: DraftCafe, about: string, report: ReportDoubt): void {
  const email = text
    .split(/[\s<>()]+/u)
    .filter((word) => word.length <= EMAIL_LENGTH_MAX)
    .map((word) => word.replace(/[.,;]+$/u, ''))
    .find((word) => /^[^@]+@[^@.]+(?:\.[^@.]+)+$/u.test(word));
  const name = text
    .replace(email ?? '', '')
    .replace(/[<>()]/gu, '')
    .trim();
  if (name === '') report(line, about, 'a contact without a name was left out');
  else cafe.contacts.push({ name, ...(email && { email }) });
}

/** “Title (3 min + 3 min)”: what stands in brackets is added up. */
function agendaItem(line: number, text: string, about: string, report: ReportDoubt): DraftTexts['agenda'][number] {
  const open = text.endsWith(')') ? text.lastIndexOf('(') : -1;
  const inside = open < 0 ? '' : text.slice(open + 1, -1);
  const timed = /\bmin/iu.test(inside) && !inside.includes(')');
  const minutes = [...(timed ? inside : '').matchAll(/(\d{1,3})\s*min/giu)].map((found) => Number(found[1]));
  if (minutes.length > 1) report(line, about, `the times of “${text}” were added up`);
  const title = withoutEnd(timed ? text.slice(0, open) : text);
  const sum = minutes.reduce((total, each) => total + each, 0);
  return sum > 0 ? { title, minutes: sum } : { title };
}

function withoutEnd(text: string): string {
  return text.trim().replace(/\s*[.;]$/u, '');
}

function slug(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/gu, '');
}

/** Without accents, in lower case. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
