import type { ProgrammeDocument, Texts } from '../document.ts';
import { guidOf } from '../exporting/guids.ts';
import type { AnswerReader } from './answers.ts';
import type { ImportedRooms } from './entry-rooms.ts';
import { hostsOf, speakersOf, type TextCleaner, textsOf } from './entry-texts.ts';
import { type MissingTimes, timesOf } from './entry-times.ts';
import type { Report } from './finding.ts';
import type { ImportedEntry } from './imported.ts';
import { codeFrom, freeCode } from './slugs.ts';

type CafeOf = ProgrammeDocument['cafes'][number];

/** A Café of a document as far as it is known, with the entry of the file that it comes from. */
export interface CafeDraft {
  entry: ImportedEntry;
  facts: Omit<CafeOf, 'room' | 'startsAt' | 'endsAt' | 'capacity'> & Partial<CafeOf>;
  title: string;
  day?: string;
  /** The seats that the file gives to this entry, or the event where the file is silent. */
  given?: number;
  /** The file does not say its language. */
  assumedLanguage: boolean;
}

interface CafeSettings {
  answers: AnswerReader;
  report: Report;
  reported: ReadonlySet<string>;
  clean: TextCleaner;
  timeZone: string;
  /** The language of entries that have none. */
  language: string;
  /** The language of the texts: the first of the event. */
  textLanguage: string;
  rooms: ImportedRooms;
  missing: MissingTimes;
  /** Of the event that is there. */
  eventSlug?: string;
  /** The codes that are taken. */
  codes: Set<string>;
  /** The Café of the event that the entry changes. What the file does not say stays as it is. */
  existing?: CafeOf;
}

/** Makes a Café of an entry. */
export function buildCafe(entry: ImportedEntry, settings: CafeSettings): CafeDraft {
  const { answers, report, clean, rooms, missing, existing } = settings;
  clean.place = entry.place;
  const title = titleOf(entry, settings);
  const room = existing && !entry.room ? existing.room : rooms.of(entry, answers, report);
  const times = timesOf(entry, { ...settings, existing }, missing);
  const { language, assumed } = languageOf(entry, settings);
  const speakers = speakersOf(entry, clean);
  const hosts = hostsOf(entry, clean);
  const given = entry.capacity ?? existing?.capacity ?? answers.number('defaults.capacity');
  const sourceId = sourceIdOf(entry, settings);
  const facts: CafeDraft['facts'] = {
    code: existing?.code ?? freeCode(codeOf(entry), settings.codes),
    room,
    kind: entry.kind ?? existing?.kind ?? 'cafe',
    language,
    hosts: hosts.length > 0 ? hosts : (existing?.hosts ?? []),
    speakers: isKnown(speakers, existing) ? existing.speakers : speakers,
    contacts: entry.contacts ?? existing?.contacts ?? [],
    texts: mergedTexts(entry, textsOf(entry, title, clean), settings.textLanguage, existing),
    startsAt: times.startsAt,
    endsAt: times.endsAt,
    ...(sourceId && { sourceId }),
  };
  return { entry, facts, title, day: times.day, given, assumedLanguage: assumed };
}

/** A Café that was found by the guid of our own export keeps the id of the file that it came from, also if it has none. */
function sourceIdOf({ sourceId }: ImportedEntry, { existing, eventSlug, clean }: CafeSettings): string | undefined {
  const isOwn = existing && eventSlug !== undefined && sourceId === guidOf(eventSlug, existing);
  return sourceId && !isOwn ? clean.line(sourceId, 200) : existing?.sourceId;
}

/** Whether the event knows these people already, perhaps with more than their names. */
function isKnown(speakers: CafeOf['speakers'], existing: CafeOf | undefined): existing is CafeOf {
  const names = speakers.map(({ name, role, organisation }) => (role || organisation ? undefined : name));
  return (
    existing !== undefined &&
    names.every((name, index) => name !== undefined && name === existing.speakers[index]?.name) &&
    (names.length === 0 || names.length === existing.speakers.length)
  );
}

function titleOf(entry: ImportedEntry, { clean, report, existing, textLanguage }: CafeSettings): string {
  const title = clean.line(entry.title ?? '', 300);
  if (title) return title;
  const before = existing?.texts[textLanguage]?.title;
  if (before) return before;
  const fields = [{ path: `entries.${entry.key}.title`, type: 'text' as const }];
  report({ level: 'error', code: 'title-missing', place: entry.place, fields, entry: entry.key });
  return '';
}

function languageOf({ language }: ImportedEntry, { existing, language: usual }: CafeSettings) {
  const plain = language?.trim().toLowerCase().replace(/_/g, '-') ?? '';
  if (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(plain)) return { language: plain, assumed: false };
  return { language: existing?.language ?? usual, assumed: !existing };
}

/** The code that the file has, as it is written where it may be; else the number of the entry. */
function codeOf({ code = '', key }: ImportedEntry): string {
  const isCode = /^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(code) && code.length <= 40;
  return isCode ? code.normalize('NFC') : codeFrom(code) || codeFrom(key) || '1';
}

/** The texts in the language of the event. Other languages stay as they are, and so do texts and lists that the file does not have. */
function mergedTexts(
  entry: ImportedEntry,
  texts: Texts,
  language: string,
  existing: CafeOf | undefined,
): CafeOf['texts'] {
  const before = existing?.texts[language];
  if (!existing || !before) return { ...existing?.texts, [language]: texts };
  const merged = {
    ...before,
    ...(texts.title && { title: texts.title }),
    ...(texts.summary && { summary: texts.summary }),
    ...(entry.audience && { audience: texts.audience }),
    ...(entry.takeaways && { takeaways: texts.takeaways }),
    ...(entry.agenda && { agenda: texts.agenda }),
    // A schedule has one keyword, its track.
    ...(!texts.keywords.every((word) => before.keywords.includes(word)) && { keywords: texts.keywords }),
  };
  return { ...existing.texts, [language]: merged };
}
