import { collectFindings, type Report } from '../finding.ts';
import type { ImportedEntry, ImportedProgramme, Moment } from '../imported.ts';
import { readDuration } from '../times.ts';

/** A schedule of frab or pretalx, from JSON or XML, as texts. Members that the file does not have are undefined. */
export interface RawSchedule {
  acronym?: string;
  title?: string;
  start?: string;
  end?: string;
  timeZone?: string;
  rooms: { name: string; guid?: string; capacity?: number }[];
  days: RawDay[];
}

export interface RawDay {
  date?: string;
  start?: string;
  rooms: { name: string; guid?: string; events: RawEvent[] }[];
}

export interface RawEvent {
  path: string;
  guid?: string;
  id?: string;
  code?: string;
  date?: string;
  start?: string;
  end?: string;
  duration?: string;
  room?: string;
  title?: string;
  subtitle?: string;
  type?: string;
  track?: string;
  language?: string;
  abstract?: string;
  description?: string;
  persons: string[];
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i;
const KINDS = new Set(['cafe', 'stand', 'space']);
/** Kinds of talks that say nothing: frab has them where nobody chose one. */
const NO_TYPE = new Set(['other', 'lecture', 'talk', 'other', '']);

/** Makes entries of a schedule. What an entry lacks is found later, with what the event is known to be. */
export function readSchedule(raw: RawSchedule): ImportedProgramme {
  const { findings, report } = collectFindings();
  const events = raw.days.flatMap((day) =>
    day.rooms.flatMap((room) => room.events.map((event) => ({ day, room, event }))),
  );
  const ids = countBy(events.map(({ event }) => event.guid ?? event.id ?? ''));
  const keys = new Map<string, number>();
  const entries = events.map(({ day, room, event }, index) => {
    const key = String(index + 1);
    const about = event.title || event.id || key;
    const entry = entryOf(event, { key, day, room: event.room || room.name, report, about });
    const id = event.guid ?? event.id;
    if (id !== undefined)
      identify(entry, { id, isGuid: event.guid !== undefined, repeated: ids.get(id) ?? 1, keys, report });
    return entry;
  });
  reportSharedGuids(raw, report);
  return {
    event: {
      title: raw.title,
      slug: raw.acronym,
      timeZone: raw.timeZone,
      firstDay: raw.start?.slice(0, 10),
      lastDay: raw.end?.slice(0, 10),
    },
    rooms: roomsOf(raw),
    entries,
    findings,
  };
}

function entryOf(
  event: RawEvent,
  { key, day, room, report, about }: { key: string; day: RawDay; room: string; report: Report; about: string },
): ImportedEntry {
  const { path, title, subtitle, type, track, language, abstract, description, duration, persons, code, id } = event;
  const place = { path, about };
  const minutes = duration ? readDuration(duration) : undefined;
  if (duration && minutes === undefined) {
    const fields = [{ path: `entries.${key}.minutes`, type: 'number' as const }];
    report({ level: 'error', code: 'duration-unread', values: { text: duration }, place, fields, entry: key });
  }
  const paragraphs = [subtitle, abstract, description === abstract ? undefined : description];
  const summary = paragraphs.filter(Boolean).join('\n\n');
  const keywords = [track, NO_TYPE.has(type ?? '') || KINDS.has(type ?? '') ? undefined : type];
  const start = startOf(event, day);
  const end = event.end ? momentOf(event.end) : undefined;
  return {
    key,
    place,
    code: code || id,
    title,
    room: room || undefined,
    day: day.date,
    language: language || undefined,
    ...(start && { start }),
    ...(end && minutes === undefined && { end }),
    ...(minutes !== undefined && { minutes }),
    ...(type && KINDS.has(type) && { kind: type as ImportedEntry['kind'] }),
    ...(persons.length > 0 && { speakers: persons.map((name) => ({ name })) }),
    ...(summary && { summary }),
    ...(keywords.some(Boolean) && { keywords: keywords.filter((word): word is string => Boolean(word)) }),
  };
}

/** Ids that frab gives are unique in a room only, so an id without a guid is told apart by its room, then by its order. */
function identify(
  entry: ImportedEntry,
  {
    id,
    isGuid,
    repeated,
    keys,
    report,
  }: { id: string; isGuid: boolean; repeated: number; keys: Map<string, number>; report: Report },
): void {
  const wanted = isGuid ? id : `${id}@${entry.room ?? ''}`;
  const times = (keys.get(wanted) ?? 0) + 1;
  keys.set(wanted, times);
  entry.sourceId = times === 1 ? wanted : `${wanted}#${times}`;
  entry.baseId = id;
  if (repeated > 1 && times > 1)
    report({ level: 'warning', code: 'id-repeated', values: { id }, place: entry.place, entry: entry.key });
  else if (repeated > 1)
    report({ level: 'warning', code: 'id-in-two-rooms', values: { id, room: entry.room ?? '' }, place: entry.place });
}

/** The start by `date`, or by the day and `start`. An hour before the day begins belongs to the night after it. */
function startOf({ date, start }: RawEvent, day: RawDay): Moment | undefined {
  const moment = date ? momentOf(date, start) : undefined;
  if (moment || !start || !day.date) return moment;
  const clock = /^\d{1,2}:\d{2}/.exec(start)?.[0].padStart(5, '0');
  if (!clock) return undefined;
  const begins = INSTANT.exec(day.start ?? '')?.[2] ?? '00:00';
  return { day: clock < begins ? nextDay(day.date) : day.date, clock };
}

/** A time as it is written. `local`: what the file says beside it is the local clock. */
function momentOf(text: string, local?: string): Moment | undefined {
  const [, day, clock, zone] = INSTANT.exec(text.trim()) ?? [];
  if (!day || !clock) return undefined;
  if (!zone) return { day, clock };
  const isUtc = /^z$/i.test(zone);
  const milliseconds = Date.parse(`${day}T${clock}:00${isUtc ? 'Z' : zone.replace(/^(...)(\d)/, '$1:$2')}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const [sign, hours, minutes] = isUtc ? ['', '0', '0'] : [zone[0], zone.slice(1, 3), zone.slice(-2)];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const isLocal = isUtc && local?.padStart(5, '0').startsWith(clock) === true;
  return { instant: new Date(milliseconds).toISOString(), offset, ...(isLocal && { written: { day, clock } }) };
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 24 * 3_600_000).toISOString().slice(0, 10);
}

/** The rooms of the conference, and those that only its days name. */
function roomsOf({ rooms, days }: RawSchedule): ImportedProgramme['rooms'] {
  const all = new Map(rooms.map(({ name, capacity }) => [name, { name, ...(capacity !== undefined && { capacity }) }]));
  const named = days.flatMap((day) =>
    day.rooms.flatMap((room) => [room.name, ...room.events.map((each) => each.room ?? '')]),
  );
  for (const name of named) if (name && !all.has(name)) all.set(name, { name });
  return [...all.values()];
}

function reportSharedGuids({ rooms }: RawSchedule, report: Report): void {
  const byGuid = Map.groupBy(rooms, ({ guid }) => guid ?? '');
  for (const [guid, shared] of byGuid) {
    if (guid === '' || shared.length < 2) continue;
    const names = shared.map(({ name }) => name).join(', ');
    report({
      level: 'warning',
      code: 'rooms-share-guid',
      values: { rooms: names },
      place: { path: 'schedule.conference.rooms' },
    });
  }
}

function countBy(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
