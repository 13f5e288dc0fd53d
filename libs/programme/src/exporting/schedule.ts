import { DateTime } from 'luxon';
import { slugFrom } from '../importing/slugs.ts';
import type { PublishedCafe, PublishedProgramme } from './published-programme.ts';

/** A day of a programme goes on until this hour of the next one, as in pretalx. */
const DAY_BEGINS_HOUR = 4;

/** The addresses of the pages of an export. */
export interface ScheduleAddresses {
  /** The address of the pages, without a slash at its end. */
  publicUrl: string;
}

interface Day {
  date: string;
  starts: string;
  ends: string;
  cafes: PublishedCafe[];
}

/** A programme as a `schedule.json` that frab, pretalx and the apps of conferences read (schema of c3voc). */
export function scheduleJson(programme: PublishedProgramme, { publicUrl }: ScheduleAddresses) {
  const { event, rooms } = programme;
  const days = daysOf(programme);
  return {
    $schema: 'https://c3voc.de/schedule/schema.json',
    generator: { name: 'comptoir', version: '1' },
    schedule: {
      url: `${publicUrl}/events/${event.slug}`,
      version: event.version,
      base_url: publicUrl,
      conference: {
        acronym: acronymOf(event.slug),
        title: event.title,
        start: days[0]?.date,
        end: days.at(-1)?.date,
        daysCount: days.length,
        timeslot_duration: '00:05',
        time_zone_name: event.timeZone,
        url: `${publicUrl}/events/${event.slug}`,
        rooms: rooms.map(({ name, guid, capacity }) => ({ name, guid, capacity })),
        days: days.map(({ date, starts, ends, cafes }, index) => ({
          index: index + 1,
          date,
          day_start: starts,
          day_end: ends,
          rooms: Object.fromEntries(
            byRoom(cafes).map(([name, list]) => [name, list.map((cafe) => eventJson(cafe, programme, publicUrl))]),
          ),
        })),
      },
    },
  };
}

function eventJson(cafe: PublishedCafe, programme: PublishedProgramme, publicUrl: string) {
  const starts = localOf(cafe.startsAt, programme);
  return {
    guid: cafe.guid,
    id: cafe.number,
    date: isoOf(starts),
    start: starts.toFormat('HH:mm'),
    duration: durationOf(cafe),
    room: cafe.room,
    slug: slugOf(cafe, programme),
    url: `${publicUrl}/cafes/${cafe.id}`,
    title: cafe.title,
    subtitle: '',
    track: cafe.keywords[0] ?? null,
    type: cafe.kind,
    language: cafe.language,
    abstract: cafe.summary ?? '',
    description: '',
    persons: cafe.speakers.map((name) => ({ name })),
    links: [],
  };
}

/** The same as a `schedule.xml`. */
export function scheduleXml(programme: PublishedProgramme, { publicUrl }: ScheduleAddresses): string {
  const { event, rooms } = programme;
  const days = daysOf(programme);
  const guids = new Map(rooms.map(({ name, guid }) => [name, guid]));
  const conference = [
    element('acronym', acronymOf(event.slug)),
    element('title', event.title),
    element('start', days[0]?.date ?? ''),
    element('end', days.at(-1)?.date ?? ''),
    element('days', String(days.length)),
    element('timeslot_duration', '00:05'),
    element('base_url', publicUrl),
    element('url', `${publicUrl}/events/${event.slug}`),
    element('time_zone_name', event.timeZone),
  ];
  const daysXml = days.map(({ date, starts, ends, cafes }, index) => {
    const roomsXml = byRoom(cafes).map(([name, list]) => {
      const events = list.map((cafe) => eventXml(cafe, programme, publicUrl)).join('');
      return `<room name="${escaped(name)}" guid="${guids.get(name) ?? ''}">${events}</room>`;
    });
    return `<day index="${index + 1}" date="${date}" start="${starts}" end="${ends}">${roomsXml.join('')}</day>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<schedule>',
    '<generator name="comptoir" version="1"/>',
    element('url', `${publicUrl}/events/${event.slug}`),
    element('version', event.version),
    `<conference>${conference.join('')}</conference>`,
    ...daysXml,
    '</schedule>\n',
  ].join('');
}

function eventXml(cafe: PublishedCafe, programme: PublishedProgramme, publicUrl: string): string {
  const starts = localOf(cafe.startsAt, programme);
  const persons = cafe.speakers.map((name, index) => `<person id="${index + 1}">${escaped(name)}</person>`);
  return [
    `<event guid="${cafe.guid}" id="${cafe.number}">`,
    element('date', isoOf(starts)),
    element('start', starts.toFormat('HH:mm')),
    element('duration', durationOf(cafe)),
    element('room', cafe.room),
    element('slug', slugOf(cafe, programme)),
    element('url', `${publicUrl}/cafes/${cafe.id}`),
    element('title', cafe.title),
    element('subtitle', ''),
    element('track', cafe.keywords[0] ?? ''),
    element('type', cafe.kind),
    element('language', cafe.language),
    element('abstract', cafe.summary ?? ''),
    element('description', ''),
    `<persons>${persons.join('')}</persons>`,
    '</event>',
  ].join('');
}

/** The days that have Cafés, each until the early morning of the next; an event without Cafés has its first day. */
function daysOf({ event, cafes }: PublishedProgramme): Day[] {
  const dateOf = (instant: string) =>
    DateTime.fromISO(instant, { zone: event.timeZone }).minus({ hours: DAY_BEGINS_HOUR }).toISODate() as string;
  const byDate = Map.groupBy(cafes, ({ startsAt }) => dateOf(startsAt));
  if (byDate.size === 0) byDate.set(dateOf(event.startsAt), []);
  return [...byDate]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([date, list]) => {
      const starts = DateTime.fromISO(date, { zone: event.timeZone }).set({ hour: DAY_BEGINS_HOUR });
      const ends = starts.plus({ days: 1 }).minus({ minutes: 1 });
      return {
        date,
        starts: isoOf(starts),
        ends: isoOf(ends),
        cafes: list.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt)),
      };
    });
}

function byRoom(cafes: PublishedCafe[]): [string, PublishedCafe[]][] {
  return [...Map.groupBy(cafes, ({ room }) => room)];
}

function localOf(instant: string, { event }: PublishedProgramme): DateTime {
  return DateTime.fromISO(instant, { zone: event.timeZone });
}

/** With its offset, which is `+00:00` in UTC. */
function isoOf(local: DateTime): string {
  return local.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}

function durationOf({ startsAt, endsAt }: PublishedCafe): string {
  const minutes = Math.round((Date.parse(endsAt) - Date.parse(startsAt)) / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** An acronym has four signs at least, and no hyphens. */
function acronymOf(slug: string): string {
  return slug.replaceAll('-', '_').padEnd(4, '_');
}

/** Unique by the number of the Café. */
function slugOf({ number, title }: PublishedCafe, { event }: PublishedProgramme): string {
  const words = slugFrom(title).slice(0, 60).replace(/-$/, '');
  return [acronymOf(event.slug), number, 'cafe', words].filter(Boolean).join('-');
}

function element(name: string, text: string): string {
  return text === '' ? `<${name}/>` : `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}
