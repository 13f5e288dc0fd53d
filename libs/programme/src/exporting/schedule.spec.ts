import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import {
  assembleImport,
  type ProgrammeDocument,
  type PublishedProgramme,
  readImport,
  scheduleJson,
  scheduleXml,
} from '../index.ts';
import { guidOf, uuidOf } from './guids.ts';

const NOW = new Date('2026-12-01T12:00:00Z');
const ADDRESSES = { publicUrl: 'https://cafes.example.org' };

/** The document of a file of the examples, loaded. */
async function documentOf(name: string, answers: Record<string, string | number>): Promise<ProgrammeDocument> {
  const read = await readImport(readFileSync(`libs/programme/src/importing/examples/${name}`));
  const { document, findings } = assembleImport(read, { answers, locale: 'fr', fileName: name, now: NOW });
  if (!document) throw new Error(JSON.stringify(findings.filter(({ blocks }) => blocks)));
  return document;
}

/** What everybody sees of a document, in French. */
function published({ event, rooms, cafes }: ProgrammeDocument): PublishedProgramme {
  return {
    event: {
      id: uuidOf('event'),
      slug: event.slug,
      title: event.title.fr ?? '',
      timeZone: event.timeZone,
      startsAt: event.startsAt,
      endsAt: event.endsAt,
      version: '7',
    },
    rooms: rooms.map(({ code, name, capacity }) => ({ name, guid: uuidOf('room', event.slug, code), capacity })),
    cafes: cafes.map((cafe, index) => ({
      id: uuidOf('id', cafe.code),
      number: index + 1,
      code: cafe.code,
      guid: guidOf(event.slug, cafe),
      kind: cafe.kind,
      title: cafe.texts.fr?.title ?? '',
      summary: cafe.texts.fr?.summary,
      room: rooms.find(({ code }) => code === cafe.room)?.name ?? '',
      language: cafe.language,
      speakers: cafe.speakers.map(({ name }) => name),
      keywords: cafe.texts.fr?.keywords ?? [],
      startsAt: cafe.startsAt,
      endsAt: cafe.endsAt,
      version: 1,
    })),
  };
}

const FILES: [string, Record<string, string | number>][] = [
  ['pretalx-rooms-one-guid.json', { 'rooms.salle-jaures.capacity': 60 }],
  ['frab-one-id-two-rooms.xml', { 'rooms.grande-salle.capacity': 200, 'rooms.atelier-2.capacity': 30 }],
  ['frab-day-ends-at-four.xml', { 'rooms.hall-a.capacity': 90, 'entries.4.minutes': 45 }],
  ['programme-commune.txt', { 'entries.4.end': '15:30', 'entries.6.end': '17:00' }],
];

describe.each(FILES)('the programme of %s', (name, answers) => {
  it.each(['json', 'xml'])('as a schedule.%s and read again finds every Café, and no difference', async (form) => {
    const document = await documentOf(name, answers);
    const programme = published(document);
    const file =
      form === 'json' ? JSON.stringify(scheduleJson(programme, ADDRESSES)) : scheduleXml(programme, ADDRESSES);
    const read = await readImport(Buffer.from(file));
    expect(read.kind).toBe(`frab-${form}`);
    const again = assembleImport(read, { existing: document, locale: 'fr', fileName: 'x', now: NOW });
    const byCode = ({ cafes }: ProgrammeDocument) => cafes.toSorted((one, other) => one.code.localeCompare(other.code));
    expect(byCode(again.document as ProgrammeDocument)).toEqual(byCode(document));
    expect(again.document?.rooms.toSorted((one, other) => one.code.localeCompare(other.code))).toEqual(
      document.rooms.toSorted((one, other) => one.code.localeCompare(other.code)),
    );
  });

  it('is valid by the rules of the public schemas', async () => {
    const programme = published(await documentOf(name, answers));
    const validate = new Ajv({ allErrors: true, formats: FORMATS }).compile(scheduleSchema);
    expect([validate(JSON.parse(JSON.stringify(scheduleJson(programme, ADDRESSES)))), validate.errors]).toEqual([
      true,
      null,
    ]);
    checkXml(scheduleXml(programme, ADDRESSES), programme.cafes.length);
  });
});

it('the night belongs to the day before it, until four', async () => {
  const programme = published(
    await documentOf('frab-day-ends-at-four.xml', { 'rooms.hall-a.capacity': 90, 'entries.4.minutes': 45 }),
  );
  const { days } = scheduleJson(programme, ADDRESSES).schedule.conference;
  expect(days.map(({ date, day_start, day_end }) => [date, day_start, day_end])).toEqual([
    ['2027-03-27', '2027-03-27T04:00:00+01:00', '2027-03-28T03:59:00+02:00'],
  ]);
});

it('texts with signs of XML stay texts', async () => {
  const document = await documentOf('pretalx-rooms-one-guid.json', { 'rooms.salle-jaures.capacity': 60 });
  const title = 'A < B & "C" ]]> \u0007fin';
  for (const cafe of document.cafes)
    Object.assign(cafe.texts.fr as object, { title, summary: '<script>x</script> & co' });
  const xml = scheduleXml(published(document), ADDRESSES);
  expect(XMLValidator.validate(xml)).toBe(true);
  expect(xml).not.toContain('<script>');
});

/*
 * The rules of the public schemas for `schedule.json` and `schedule.xml` (c3voc), written down here in our words: what an export of ours must
 * fulfil to be valid by them.
 */
const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/,
  uri: /^https?:\/\/\S+$/,
};
const text = { type: 'string' };
const optional = { type: ['string', 'null'] };
const format = (name: keyof typeof FORMATS) => ({ type: 'string', format: name });
const closed = (properties: Record<string, object>, left: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !left.includes(name)),
  properties,
});
const scheduleSchema = closed({
  $schema: text,
  generator: closed({ name: text, version: text }),
  schedule: closed({
    url: format('uri'),
    version: text,
    base_url: format('uri'),
    conference: closed({
      acronym: { type: 'string', pattern: '^[a-z0-9_-][a-z0-9_]{3,}$' },
      title: text,
      start: format('date'),
      end: format('date'),
      daysCount: { type: 'integer' },
      timeslot_duration: text,
      time_zone_name: { type: 'string', pattern: '^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$' },
      url: format('uri'),
      rooms: { type: 'array', items: closed({ name: text, guid: format('uuid'), capacity: { type: 'number' } }) },
      days: {
        type: 'array',
        minItems: 1,
        items: closed({
          index: { type: 'integer', minimum: 1 },
          date: format('date'),
          day_start: format('date-time'),
          day_end: format('date-time'),
          rooms: {
            type: 'object',
            additionalProperties: {
              type: 'array',
              items: closed({
                guid: format('uuid'),
                id: { type: 'integer', minimum: 1 },
                date: format('date-time'),
                start: { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' },
                duration: { type: 'string', pattern: '^[0-9]+:[0-9]{2}$' },
                room: text,
                slug: { type: 'string', pattern: '^[a-z0-9_-]+[a-z0-9]$' },
                url: format('uri'),
                title: text,
                subtitle: optional,
                track: optional,
                type: text,
                language: optional,
                abstract: optional,
                description: optional,
                persons: { type: 'array', items: closed({ name: text }) },
                links: { type: 'array' },
              }),
            },
          },
        }),
      },
    }),
  }),
});

/** The order and the forms of elements and attributes, and what must be unique. */
function checkXml(xml: string, cafes: number): void {
  expect(XMLValidator.validate(xml)).toBe(true);
  const lists = new Set(['schedule.day', 'schedule.day.room', 'schedule.day.room.event']);
  const { schedule } = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    isArray: (_name, path) => lists.has(String(path)),
  }).parse(xml);
  expect(Object.keys(schedule)).toEqual(['generator', 'url', 'version', 'conference', 'day']);
  expect(schedule.conference.acronym).toMatch(/^[a-z0-9_-]{4,}$/);
  const rooms = schedule.day.flatMap((day: Record<string, unknown>) => {
    expect(day['@start']).toMatch(FORMATS['date-time']);
    expect(day['@end']).toMatch(FORMATS['date-time']);
    expect(day['@index']).toMatch(/^[1-9]\d*$/);
    return (day.room ?? []) as Record<string, unknown>[];
  });
  const events = rooms.flatMap((room: Record<string, unknown>) => {
    expect([room['@name'], room['@guid']]).toEqual([expect.any(String), expect.stringMatching(FORMATS.uuid)]);
    return room.event as Record<string, string>[];
  });
  for (const event of events) {
    expect(event['@guid']).toMatch(FORMATS.uuid);
    expect(event['@id']).toMatch(/^[1-9]\d*$/);
    expect(event.date).toMatch(FORMATS['date-time']);
    expect(event.start).toMatch(/^[0-2]\d:[0-5]\d$/);
    expect(event.duration).toMatch(/^\d{1,2}:\d{2}$/);
    expect(event.slug).toMatch(/^[a-z0-9_]{4,}-[a-z0-9\-_]{4,}$/);
    expect(event.url).toMatch(/^https?:\/\//);
    for (const name of ['room', 'title', 'type', 'abstract', 'track']) expect(event).toHaveProperty(name);
  }
  for (const name of ['@guid', '@id', 'slug'])
    expect(new Set(events.map((event: Record<string, string>) => event[name])).size).toBe(cafes);
}
