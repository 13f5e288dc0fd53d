import type { DraftCafe, DraftProgramme, DraftTexts, ReportDoubt } from './draft.ts';
import { type Line, slug } from './lines.ts';

const TIME = String.raw`(\d{1,2})\s?(?:h|:)\s?(\d{2})?`;
const ENTRY = new RegExp(`^${TIME}(?:\\s?(?:–|—|-|à)\\s?${TIME})?\\s+(?=\\p{L})(.*)$`, 'iu');
const ROOM =
  /^(?<name>(?:grande |petite )?(?:salle|salon|amphi(?:théâtre)?|auditorium|hall|room)\s[^.,;:()]{1,60}?)\s*(?:\((?<capacity>\d{1,6})\s*(?:places?|pl\.?|seats)\))?$/iu;
/** “Table ronde n° 2 – Title”, “ATELIER A. Title”. */
const LABELLED =
  /^(?<label>(?:table ronde|atelier|caf[ée]|conf[ée]rence|session|stand)\s+(?:n\s?[°º]\s*)?(?:\d{1,3}|\p{Lu})(?!\p{L}))\s*[:.–—-]\s*(?<title>.+)$/iu;
/** Lines that are ignored: the head that each page repeats, and the parts of a day. */
const PAGE = /(?:^|\s)\d{1,3}\s?\/\s?\d{1,3}$/u;
const PART_OF_DAY = /^(?:matin[ée]e?|après-midi|soirée|journée)$/iu;
const FIELD = /^(animée? par|avec|intervenante?s?|mots[- ]cl[ée]f?s|publics?|objectifs?)\s*:?\s*(.*)$/iu;
const REMARK = /^\((?:complet|annulé|sur inscription|à confirmer)\)$/iu;
const ORGANISATION =
  /^(?:association|ville|région|département|mairie|métropole|université|fondation|réseau|agence)\b/iu;

/** Returns whether a text is a timetable: at least two entries begin with a time. */
export function isTimetable(lines: Line[]): boolean {
  return lines.filter(({ text }) => ENTRY.test(text)).length >= 2;
}

/**
 * Reads a timetable: rooms are headings with their seats in brackets, entries begin with a time, and “Animée par”, “Avec :” and other
 * fields are below them. Values that do not fit into a programme, and missing values, become doubts.
 */
export function readTimetable(lines: Line[], report: ReportDoubt, entryLines: number[]): DraftProgramme {
  const programme: DraftProgramme = { rooms: [], cafes: [] };
  let room: string | undefined;
  let entry: OpenEntry | undefined;
  for (const line of lines) {
    const { text, number } = line;
    if (PAGE.test(text) || PART_OF_DAY.test(text)) entry = undefined;
    else if (ENTRY.test(text)) {
      entry = startEntry(line, room, report);
      programme.cafes.push(entry.cafe);
      entryLines.push(number);
    } else if (ROOM.test(text)) {
      const { name = '', capacity } = ROOM.exec(text)?.groups ?? {};
      room = slug(name.replace(/^(?:salle|room)\s+/iu, ''));
      if (!programme.rooms.some(({ code }) => code === room))
        programme.rooms.push({ code: room, name, ...(capacity && { capacity: Number(capacity) }) });
      entry = undefined;
    } else if (entry && text !== '') readLine(line, entry, report);
    else if (text !== '') report(number, text.slice(0, 80), 'text-line-left-out');
  }
  const codes = new Set<string>();
  for (const cafe of programme.cafes) {
    if (codes.has(cafe.code)) report(1, cafe.code, 'text-code-twice');
    codes.add(cafe.code);
  }
  return programme;
}

interface OpenEntry {
  cafe: DraftCafe;
  about: string;
  /** The field that the next lines continue; `title` before the first field. */
  field: 'title' | 'speakers' | 'other';
}

function startEntry({ text, number }: Line, room: string | undefined, report: ReportDoubt): OpenEntry {
  const [, hours, minutes, endHours, endMinutes, rest = ''] = ENTRY.exec(text) ?? [];
  const { label, title } = LABELLED.exec(rest)?.groups ?? {};
  const about = label ?? rest;
  const code = slug((label ?? rest.split(' ')[0] ?? '').replace(/n\s?[°º]\s*/u, ' ')).toUpperCase();
  if (!endHours) report(number, about, 'text-no-end');
  if (!label) report(number, about, 'text-room-unsure');
  if (!room) report(number, about, 'text-no-room');
  const texts: DraftTexts = { title: title ?? rest, audience: [], takeaways: [], agenda: [], keywords: [] };
  const time = { from: clock(hours, minutes), ...(endHours && { to: clock(endHours, endMinutes) }) };
  const facts = {
    code,
    room: room ?? '',
    kind: 'cafe',
    language: 'fr',
    hosts: [],
    speakers: [],
    contacts: [],
  } as const;
  return {
    about,
    field: 'title',
    cafe: { ...facts, hosts: [], speakers: [], contacts: [], time, texts: { fr: texts } },
  };
}

const clock = (hours = '', minutes = '00') => `${hours.padStart(2, '0')}:${minutes}`;

function readLine({ text, number }: Line, entry: OpenEntry, report: ReportDoubt): void {
  const { cafe, about } = entry;
  const texts = cafe.texts.fr;
  const [, field = '', value = ''] = FIELD.exec(text) ?? [];
  const item = /^[•▪◦*–-]\s+(.*)$/u.exec(text)?.[1];
  if (REMARK.test(text)) report(number, about, 'text-remark', { text });
  else if (/^anim/iu.test(field)) readPerson(value, cafe, true);
  else if (/^avec|^interv/iu.test(field)) {
    entry.field = 'speakers';
    if (/^à confirmer$/iu.test(value)) report(number, about, 'text-speakers-unconfirmed');
    else if (value) readPerson(value, cafe, false);
  } else if (/^mots/iu.test(field)) texts.keywords.push(...split(value, ','));
  else if (/^public/iu.test(field)) texts.audience.push(...split(value, '•'));
  else if (/^obj/iu.test(field)) texts.takeaways.push(...split(value, '•'));
  else if (item && entry.field === 'speakers') readPerson(item, cafe, false);
  else if (entry.field === 'title' && !item) texts.title = `${texts.title} ${text}`;
  else report(number, about, 'text-not-understood', { text: text.slice(0, 80) });
  if (field && entry.field === 'title') entry.field = 'other';
}

const split = (text: string, separator: string) =>
  text.split(separator).flatMap((part) => part.replace(/\s*[.;]$/u, '').trim() || []);

/**
 * “Mme First Last (Organisation)”, “M. First Last, role or organisation ;”. The organisation of the person who leads the entry is its host.
 */
function readPerson(text: string, cafe: DraftCafe, leads: boolean): void {
  const bare = text.replace(/\s*[.;]$/u, '').replace(/^(?:M\.|Mme|Mlle|Dr|Mr|Ms|Mrs)\s+/u, '');
  const [, name = bare, inside] =
    /^([^,(]+?)\s*(?:,\s*(.+)|\((.+)\))?$/u.exec(bare)?.filter((part) => part !== undefined) ?? [];
  const isOrganisation = inside !== undefined && ORGANISATION.test(inside);
  cafe.speakers.push({
    name,
    ...(inside && (isOrganisation ? { organisation: inside } : { role: { fr: inside, en: inside } })),
  });
  if (leads && isOrganisation) cafe.hosts.push(inside);
}
