import type { DraftCafe, DraftTexts, ReportDoubt } from './draft.ts';
import type { Line } from './lines.ts';

/** The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3). */
const EMAIL_LENGTH_MAX = 254;

const BULLET = /^(?:[•▪◦*–-]|\d{1,3}[.)])\s+(.*)$/u;
/** Headings of lists, and the field of each list. A heading ends with a colon, or is a line of its own. */
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
 * Reads the text under the heading of an entry into the Café: summary, lists, speakers, contacts. `about` identifies the entry in doubts.
 */
export function readBody(body: Line[], cafe: DraftCafe, about: string, report: ReportDoubt): void {
  readBlocks(blocksOf(body), cafe, about, report);
}

/** A paragraph, or one item of a list. */
interface Block {
  line: number;
  item: boolean;
  text: string;
}

/** Joins lines into paragraphs and list items. An item includes the lines after it up to an empty line. */
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
      // A page break may split an item: text in brackets continues after it.
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

/** Returns whether a bracket is open at the end. A bracket that is open for more than 400 characters is taken for a typing error. */
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

function readBlocks(blocks: Block[], cafe: DraftCafe, about: string, report: ReportDoubt): void {
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
        report(line, about, 'text-list-left-out');
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
      report(line, about, 'text-label-left-out', { text });
    } else if (!list) {
      if (!texts.summary && text.length > 40) {
        texts.summary = text.replace(LABEL, '').slice(0, 4_000);
      }
      readWitness(line, text, cafe, about, report);
    }
  }
  if (!texts.summary) report(blocks[0]?.line ?? 1, about, 'text-no-summary');
}

/** “Binôme A (Name, role) et B (Name, role)”: one speaker for each organisation. The speakers of one line are a pair. */
function readSpeakers(
  line: number,
  text: string,
  cafe: DraftCafe,
  pair: number,
  about: string,
  report: ReportDoubt,
): number {
  const people = [...text.matchAll(/([^()]{2,160})\(([^(),]{2,80})(?:,\s*([^()]{1,300}))?\)/gu)];
  if (people.length === 0) report(line, about, 'text-no-person', { text: text.slice(0, 80) });
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

/** “le témoignage de First Last, élu à …” in the summary: a speaker who is not in a list of speakers. */
function readWitness(line: number, text: string, cafe: DraftCafe, about: string, report: ReportDoubt): void {
  const found = /témoignages? de (\p{Lu}[\p{L}’'-]+(?: \p{Lu}[\p{L}’'-]+){1,3}),\s*([^,.;]{2,120})/u.exec(text);
  if (!found) return;
  const [, name = '', role = ''] = found;
  cafe.speakers.push({ name, role: { fr: role.trim(), en: role.trim() } });
  report(line, about, 'text-witness', { name });
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
  if (name === '') report(line, about, 'text-contact-nameless');
  else cafe.contacts.push({ name, ...(email && { email }) });
}

/** “Title (3 min + 3 min)”: the minutes in brackets are added. */
function agendaItem(line: number, text: string, about: string, report: ReportDoubt): DraftTexts['agenda'][number] {
  const open = text.endsWith(')') ? text.lastIndexOf('(') : -1;
  const inside = open < 0 ? '' : text.slice(open + 1, -1);
  const timed = /\bmin/iu.test(inside) && !inside.includes(')');
  const minutes = [...(timed ? inside : '').matchAll(/(\d{1,3})\s*min/giu)].map((found) => Number(found[1]));
  if (minutes.length > 1) report(line, about, 'text-minutes-summed', { text });
  const title = withoutEnd(timed ? text.slice(0, open) : text);
  const sum = minutes.reduce((total, each) => total + each, 0);
  return sum > 0 ? { title, minutes: sum } : { title };
}

function withoutEnd(text: string): string {
  return text.trim().replace(/\s*[.;]$/u, '');
}
