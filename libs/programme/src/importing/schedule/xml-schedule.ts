import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { UnreadableDocument } from '../../reading/unreadable.ts';
import type { RawDay, RawEvent, RawSchedule } from './read-schedule.ts';

/** An element: its attributes as `@name`, its text as `#text`, its children by name. */
interface Element {
  [name: string]: unknown;
}

const LISTS = new Set([
  'schedule.day',
  'schedule.day.room',
  'schedule.day.room.event',
  'schedule.day.room.event.person',
  'schedule.day.room.event.persons.person',
]);
/** Entities can be declared in a DOCTYPE alone, and none is read, so what is expanded is a character for some characters. */
const ENTITIES = {
  enabled: true,
  maxTotalExpansions: Number.MAX_SAFE_INTEGER,
  maxExpandedLength: Number.MAX_SAFE_INTEGER,
};

/**
 * The schedule of a `schedule.xml`.
 * @throws UnreadableDocument for XML that is not well formed, with its line, and for XML with a DOCTYPE: its entities could be a bomb, or
 *   read other files
 */
export function xmlSchedule(xml: string): RawSchedule {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) {
    throw new UnreadableDocument(
      'The XML has a DOCTYPE or entities of its own, which are not read: remove them.',
      'entities',
    );
  }
  const valid = XMLValidator.validate(xml);
  if (valid !== true) {
    throw new UnreadableDocument(`The file is not valid XML: line ${valid.err.line}: ${valid.err.msg}`);
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: true,
    htmlEntities: true,
    processEntities: ENTITIES,
    isArray: (_name, path) => LISTS.has(String(path)),
  });
  const schedule = child(parser.parse(xml) as Element, 'schedule');
  if (!schedule) throw new UnreadableDocument('The XML has no element schedule.', 'no-programme');
  const conference = child(schedule, 'conference') ?? {};
  return {
    acronym: text(conference.acronym),
    title: text(conference.title),
    start: text(conference.start),
    end: text(conference.end),
    timeZone: text(conference.time_zone_name),
    rooms: [],
    days: list(schedule.day).map(dayOf),
  };
}

function dayOf(day: Element, index: number): RawDay {
  return {
    date: text(day['@date']),
    start: text(day['@start']),
    rooms: list(day.room).map((room, at) => ({
      name: text(room['@name']) ?? '',
      guid: text(room['@guid']),
      events: list(room.event).map((event, number) =>
        eventOf(event, `schedule.day.${index}.room.${at}.event.${number}`),
      ),
    })),
  };
}

function eventOf(event: Element, path: string): RawEvent {
  const persons = [...list(child(event, 'persons')?.person), ...list(event.person)];
  return {
    path,
    guid: text(event['@guid']),
    id: text(event['@id']),
    code: text(event['@code']),
    date: text(event.date),
    start: text(event.start),
    duration: text(event.duration),
    room: text(event.room),
    title: text(event.title),
    subtitle: text(event.subtitle),
    type: text(event.type),
    track: text(event.track),
    language: text(event.language),
    abstract: text(event.abstract),
    description: text(event.description),
    persons: persons.flatMap((person) => text(person) ?? []),
  };
}

/** The text of an element or an attribute; undefined where there is none. */
function text(value: unknown): string | undefined {
  const plain = typeof value === 'object' && value !== null ? (value as Element)['#text'] : value;
  return typeof plain === 'string' && plain.trim() !== '' ? plain.trim() : undefined;
}

function child(element: Element, name: string): Element | undefined {
  const value = element[name];
  return typeof value === 'object' && value !== null ? (value as Element) : undefined;
}

/** A person that has a text alone is a text, not an element. */
function list(value: unknown): Element[] {
  return (Array.isArray(value) ? value : []).map((each) =>
    typeof each === 'object' && each !== null ? each : { '#text': each },
  );
}
