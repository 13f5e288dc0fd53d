import type { Locale } from '#contract';
import { checkProgramme, ProgrammeDocument } from '../document.ts';
import { AnswerReader, type Answers } from './answers.ts';
import { buildCafe, type CafeDraft } from './build-cafe.ts';
import { ImportedRooms } from './entry-rooms.ts';
import { TextCleaner } from './entry-texts.ts';
import { MissingTimes } from './entry-times.ts';
import { eventOf } from './event-facts.ts';
import { matchExisting } from './existing.ts';
import { collectFindings, type Finding, type Report } from './finding.ts';
import type { ImportedEntry, ImportedProgramme } from './imported.ts';
import { zoneOf } from './zone.ts';

/** What an import is for. Without `existing` it makes a new event. */
export interface ImportContext {
  /** The programme of the event as it is. */
  existing?: ProgrammeDocument;
  /** The language of texts whose language the file does not say. */
  locale: Locale;
  /** For a new event whose title the file does not say. */
  fileName: string;
  now: Date;
}

/** A document that an import makes. */
export interface Assembled {
  /** What can be loaded; undefined while a finding blocks. */
  document?: ProgrammeDocument;
  /** The same as far as it is known, for a person who completes it by hand. */
  draft: unknown;
  findings: Finding[];
  /** The entries as they were understood, in the order of the file. */
  entries: EntryPreview[];
}

/** One entry as it was understood. Times are instants. */
export interface EntryPreview {
  key: string;
  code: string;
  title: string;
  room?: string;
  /** The day of the programme, `YYYY-MM-DD`. */
  day?: string;
  startsAt?: string;
  endsAt?: string;
  capacity?: number;
  speakers: string[];
  /** It was left out by hand. */
  skipped?: true;
}

/**
 * Makes a document of what a file says, what was set by hand and what the event has. Everything that is missing, assumed or wrong is a
 * finding with the field that sets it right. A finding whose field was set, or whose entry was left out, is gone.
 */
export function assemble(read: ImportedProgramme, given: Answers, context: ImportContext): Assembled {
  const answers = new AnswerReader(given);
  const { findings, report } = collectFindings();
  findings.push(...read.findings.filter((finding) => !isSettled(finding, answers)));
  const reported = new Set(
    read.findings.flatMap(({ fields }) => fields.map(({ path }) => path)).filter((path) => !answers.has(path)),
  );
  const clean = new TextCleaner();
  const timeZone = zoneOf(read, { answers, eventZone: context.existing?.event.timeZone, report });
  const entries = read.entries.filter(({ key }) => !answers.isSkipped(key)).map((entry) => withAnswers(entry, answers));
  const language = languageOf(entries, answers, context);
  const textLanguage = context.existing?.event.locales[0] ?? language;
  const existing = matchExisting(entries, context.existing ?? { cafes: [] }, textLanguage);
  const rooms = new ImportedRooms(read, context.existing?.rooms ?? [], clean);
  const missing = new MissingTimes();
  const codes = new Set(context.existing?.cafes.map(({ code }) => code) ?? []);
  const cafes = entries.map((entry) =>
    buildCafe(entry, {
      answers,
      report,
      reported,
      clean,
      timeZone,
      language,
      textLanguage,
      eventSlug: context.existing?.event.slug,
      rooms,
      missing,
      codes,
      existing: existing.get(entry.key),
    }),
  );
  missing.report(report, answers, timeZone);
  const event = eventOf(read.event, cafes, { answers, report, context, timeZone, textLanguage, clean });
  const capacities = roomCapacities(rooms, cafes, answers, report);
  seatCafes(cafes, capacities, rooms, report);
  completeCafes(cafes, { answers, report, language, host: event.hostName });
  clean.report(report);
  const draft = { event: event.facts, rooms: rooms.list(capacities), cafes: cafes.map(({ facts }) => facts) };
  const document = finish(draft, cafes, findings, report);
  return { document, draft, findings: inOrder(findings), entries: previews(read.entries, cafes, rooms, answers) };
}

/** Whether a person set one of its fields, or left its entry out. */
function isSettled({ fields, entry }: Finding, answers: AnswerReader): boolean {
  return (entry !== undefined && answers.isSkipped(entry)) || fields.some(({ path }) => answers.has(path));
}

/** An entry with what was set by hand. Times and rooms are read where they are needed. */
function withAnswers(entry: ImportedEntry, answers: AnswerReader): ImportedEntry {
  const set = (field: string) => answers.text(`entries.${entry.key}.${field}`);
  const list = (field: string) =>
    set(field)
      ?.split(/[,;\n]/)
      .map((each) => each.trim());
  const changed: Partial<ImportedEntry> = {
    title: set('title'),
    code: set('code'),
    language: set('language'),
    summary: set('summary'),
    hosts: list('hosts'),
    keywords: list('keywords'),
    speakers: list('speakers')?.map((name) => ({ name })),
    capacity: answers.number(`entries.${entry.key}.capacity`),
  };
  return { ...entry, ...Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)) };
}

/** The language of most entries, for those that have none. */
function languageOf(entries: ImportedEntry[], answers: AnswerReader, { existing, locale }: ImportContext): string {
  const set = answers.text('event.language');
  if (set) return set;
  const known = Map.groupBy(
    entries.flatMap(({ language }) =>
      language && /^[a-z]{2,3}\b/i.test(language) ? [language.slice(0, 2).toLowerCase()] : [],
    ),
    (language) => language,
  );
  const most = [...known].toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0];
  return most ?? existing?.event.locales[0] ?? locale;
}

/** The seats of each room. A room of which nobody knows them is asked for once, whatever stands in it. */
function roomCapacities(rooms: ImportedRooms, cafes: CafeDraft[], answers: AnswerReader, report: Report) {
  return new Map(
    rooms.codes().map((code) => {
      const seats = cafes.filter(({ facts }) => facts.room === code).flatMap(({ given }) => given ?? []);
      const capacity = rooms.capacityOf(code, seats.length > 0 ? Math.max(...seats) : undefined, answers);
      if (capacity === undefined) {
        const fields = [{ path: `rooms.${code}.capacity`, type: 'number' as const }];
        report({
          level: 'error',
          code: 'room-seats-missing',
          values: { room: rooms.nameOf(code) },
          place: { about: rooms.nameOf(code) },
          fields,
        });
      }
      return [code, capacity] as const;
    }),
  );
}

/** Gives each Café its seats: its own, or those of its room. */
function seatCafes(
  cafes: CafeDraft[],
  capacities: Map<string, number | undefined>,
  rooms: ImportedRooms,
  report: Report,
): void {
  let assumed = 0;
  for (const { facts, given, entry } of cafes) {
    const room = capacities.get(facts.room ?? '');
    const seats = given ?? room;
    if (seats === undefined) continue;
    facts.capacity = seats;
    if (given === undefined) assumed++;
    else if (room !== undefined && given > room) {
      const fields = [
        { path: `entries.${entry.key}.capacity`, type: 'number' as const, value: given },
        { path: `rooms.${facts.room}.capacity`, type: 'number' as const, value: room },
      ];
      const values = { seats: given, room: rooms.nameOf(facts.room ?? ''), capacity: room };
      report({ level: 'error', code: 'seats-above-room', values, place: entry.place, fields, entry: entry.key });
    }
  }
  if (assumed > 0) report({ level: 'warning', code: 'seats-of-room', values: { entries: assumed } });
}

/** Gives what entries lack and all of them share: a host, a language. */
function completeCafes(
  cafes: CafeDraft[],
  { answers, report, language, host }: { answers: AnswerReader; report: Report; language: string; host: string },
): void {
  const without = cafes.filter(({ facts }) => facts.hosts.length === 0);
  const name = answers.text('defaults.host') ?? host;
  for (const { facts } of without) facts.hosts = [name];
  if (without.length > 0 && !answers.has('defaults.host')) {
    const fields = [{ path: 'defaults.host', type: 'text' as const, value: name }];
    report({ level: 'warning', code: 'host-assumed', values: { entries: without.length, host: name }, fields });
  }
  const silent = cafes.filter(({ assumedLanguage }) => assumedLanguage);
  if (silent.length > 0 && !answers.has('event.language')) {
    const fields = [{ path: 'event.language', type: 'text' as const, value: language }];
    const place = silent[0]?.entry.place;
    report({ level: 'warning', code: 'language-assumed', values: { entries: silent.length, language }, place, fields });
  }
}

/** The document where nothing blocks. What the schema still refuses is a finding. */
function finish(
  draft: unknown,
  cafes: CafeDraft[],
  findings: Finding[],
  report: Report,
): ProgrammeDocument | undefined {
  if (findings.some(({ blocks }) => blocks)) return undefined;
  for (const { path, message } of checkProgramme(draft)) {
    const entry = /^cafes\.(\d+)/.exec(path)?.[1];
    const { entry: source } = (entry && cafes[Number(entry)]) || {};
    const place = source ? { ...source.place, path } : { path };
    report({ level: 'error', code: 'document-invalid', values: { path, message }, place, entry: source?.key });
  }
  return findings.some(({ blocks }) => blocks) ? undefined : ProgrammeDocument.parse(draft);
}

const ORDER = { error: 0, doubt: 1, warning: 2 };

/** What blocks first, then errors, doubts and warnings, each in the order of the file. */
function inOrder(findings: Finding[]): Finding[] {
  return findings.toSorted(
    (one, other) => Number(other.blocks) - Number(one.blocks) || ORDER[one.level] - ORDER[other.level],
  );
}

function previews(
  entries: ImportedEntry[],
  cafes: CafeDraft[],
  rooms: ImportedRooms,
  answers: AnswerReader,
): EntryPreview[] {
  const byKey = new Map(cafes.map((cafe) => [cafe.entry.key, cafe]));
  return entries.map(({ key, title = '', day }): EntryPreview => {
    const cafe = byKey.get(key);
    if (!cafe || answers.isSkipped(key)) return { key, code: '', title, day, speakers: [], skipped: true };
    const { facts } = cafe;
    const { code, room, startsAt, endsAt, capacity, speakers } = facts;
    return {
      key,
      code,
      title: cafe.title,
      ...(room && { room: rooms.nameOf(room) }),
      day: cafe.day,
      startsAt,
      endsAt,
      capacity,
      speakers: speakers.map(({ name }) => name),
    };
  });
}
