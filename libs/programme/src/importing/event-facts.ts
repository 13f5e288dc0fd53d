import type { ProgrammeDocument } from '../document.ts';
import type { AnswerReader } from './answers.ts';
import type { CafeDraft } from './build-cafe.ts';
import type { TextCleaner } from './entry-texts.ts';
import type { Report } from './finding.ts';
import type { ImportedEvent } from './imported.ts';
import { slugFrom } from './slugs.ts';
import { instantOf, localOf } from './times.ts';

/** The times at which the first and the last day of an event begin and end, when that day has no entry. */
const DAY_STARTS = '08:00';
const DAY_ENDS = '18:00';

interface EventSettings {
  answers: AnswerReader;
  report: Report;
  context: { existing?: ProgrammeDocument; fileName: string; now: Date };
  timeZone: string;
  /** The language of the texts. */
  textLanguage: string;
  clean: TextCleaner;
}

/**
 * The event of an import. An existing event keeps its facts; only its start and end change, when an entry lies outside them. A new event has
 * the title in the file, or otherwise the file name. It lasts from the first to the last entry, and includes the days that the file names.
 */
export function eventOf(
  read: ImportedEvent,
  cafes: CafeDraft[],
  settings: EventSettings,
): { facts: Partial<ProgrammeDocument['event']>; hostName: string } {
  const { existing } = settings.context;
  const times = cafes.flatMap(({ facts: { startsAt, endsAt } }) => (startsAt && endsAt ? [{ startsAt, endsAt }] : []));
  const first = times.map(({ startsAt }) => startsAt).sort()[0];
  const last = times
    .map(({ endsAt }) => endsAt)
    .sort()
    .at(-1);
  reportPast(last, settings);
  if (existing) return existingEvent(existing, first, last, settings);
  const { answers, report, context, timeZone, textLanguage, clean } = settings;
  const title = clean.line(answers.text('event.title') ?? read.title ?? nameOf(context.fileName), 200);
  const slug = answers.text('event.slug') ?? slugFrom(read.slug ?? '') ?? '';
  const named = slug || slugFrom(title);
  if (title === '')
    report({ level: 'error', code: 'event-title-missing', fields: [{ path: 'event.title', type: 'text' }] });
  else if (named === '')
    report({ level: 'error', code: 'event-slug-missing', fields: [{ path: 'event.slug', type: 'text' }] });
  return {
    hostName: title,
    facts: {
      slug: named,
      title: { [textLanguage]: title },
      timeZone,
      locales: [textLanguage],
      startsAt: earliest(first, read.firstDay, timeZone),
      endsAt: latest(last, read.lastDay, timeZone),
    },
  };
}

function existingEvent(
  { event }: ProgrammeDocument,
  first: string | undefined,
  last: string | undefined,
  { report, textLanguage }: EventSettings,
) {
  const startsAt = first && first < event.startsAt ? first : event.startsAt;
  const endsAt = last && last > event.endsAt ? last : event.endsAt;
  if (startsAt !== event.startsAt || endsAt !== event.endsAt)
    report({ level: 'warning', code: 'event-longer', values: { startsAt, endsAt } });
  return { facts: { ...event, startsAt, endsAt }, hostName: event.title[textLanguage] ?? event.slug };
}

function reportPast(last: string | undefined, { report, context }: EventSettings): void {
  if (last && Date.parse(last) < context.now.getTime()) report({ level: 'warning', code: 'in-the-past' });
}

/** Returns the start of the first entry. If the file names an earlier first day, returns the morning of that day. */
function earliest(first: string | undefined, day: string | undefined, timeZone: string): string | undefined {
  if (!day || (first && localOf(first, timeZone).day <= day)) return first;
  return instantOf(day, DAY_STARTS, timeZone).instant;
}

/** Returns the end of the last entry. If the file names a later last day, returns the evening of that day. */
function latest(last: string | undefined, day: string | undefined, timeZone: string): string | undefined {
  if (!day || (last && localOf(last, timeZone).day >= day)) return last;
  return instantOf(day, DAY_ENDS, timeZone).instant;
}

/** Returns the name of a file without its folder and its extension, with spaces in place of underscores and hyphens. */
function nameOf(fileName: string): string {
  return fileName
    .replace(/^.*[\\/]/, '')
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[_-]+/g, ' ')
    .trim();
}
