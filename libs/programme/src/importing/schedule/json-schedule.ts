import { UnreadableDocument } from '../../reading/unreadable.ts';
import type { RawEvent, RawSchedule } from './read-schedule.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
/** A text or a number of the file, as text; undefined for anything else, and for an empty text. */
const text = (value: unknown): string | undefined => {
  const plain = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return plain === '' ? undefined : plain;
};

/** The schedule of a `schedule.json`, whatever made it. @throws UnreadableDocument where it has no days */
export function jsonSchedule(document: unknown): RawSchedule {
  const schedule = isObject(document) && isObject(document.schedule) ? document.schedule : {};
  const conference = isObject(schedule.conference) ? schedule.conference : {};
  if (!Array.isArray(conference.days))
    throw new UnreadableDocument('The schedule has no list schedule.conference.days.', 'no-programme');
  return {
    acronym: text(conference.acronym),
    title: text(conference.title),
    start: text(conference.start),
    end: text(conference.end),
    timeZone: text(conference.time_zone_name),
    rooms: objects(conference.rooms).flatMap(({ name, guid, capacity }) => {
      const seats = typeof capacity === 'number' && Number.isInteger(capacity) && capacity >= 0 ? capacity : undefined;
      return text(name) ? [{ name: text(name) as string, guid: text(guid), capacity: seats }] : [];
    }),
    days: objects(conference.days).map((day, index) => ({
      date: text(day.date),
      start: text(day.day_start),
      rooms: Object.entries(isObject(day.rooms) ? day.rooms : {}).map(([name, events]) => ({
        name,
        events: objects(events).map((event, at) =>
          eventOf(event, `schedule.conference.days.${index}.rooms.${name}.${at}`),
        ),
      })),
    })),
  };
}

function eventOf(event: Json, path: string): RawEvent {
  return {
    path,
    guid: text(event.guid),
    id: text(event.id),
    code: text(event.code),
    date: text(event.date),
    start: text(event.start),
    end: text(event.end),
    duration: text(event.duration),
    room: text(event.room),
    title: text(event.title),
    subtitle: text(event.subtitle),
    type: text(event.type),
    track: text(event.track),
    language: text(event.language),
    abstract: text(event.abstract),
    description: text(event.description),
    persons: objects(event.persons).flatMap(
      (person) => text(person.public_name) ?? text(person.name) ?? text(person.full_public_name) ?? [],
    ),
  };
}
