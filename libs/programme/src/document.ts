import * as z from 'zod';
import { CAPACITY_MAX, EVENT_LANGUAGES_MAX } from '#contract';
import { address, line, paragraphs } from './text-fields.ts';
import { timeZoneError } from './time-zone.ts';

/** An error in a document: its path (`cafes.3.endsAt`; empty for the whole document) and a message. */
export interface DocumentError {
  path: string;
  message: string;
}

/** Thrown when a document cannot be loaded. Nothing of it was loaded. */
export class InvalidProgramme extends Error {
  readonly errors: DocumentError[];
  constructor(errors: DocumentError[]) {
    super(errors.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'InvalidProgramme';
    this.errors = errors;
  }
}

const code = z
  .string()
  .overwrite((value) => value.normalize('NFC'))
  .max(40)
  .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'must be letters and digits, with single hyphens between');
/** A language as BCP 47 writes it: `fr`, `pt-BR`. */
const language = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as fr');
/** A value by language. The first language of the event stands in for a missing one. */
const byLanguage = <Value extends z.ZodType>(value: Value) =>
  z
    .record(language, value)
    .refine((values) => Object.keys(values).length <= EVENT_LANGUAGES_MAX, 'has too many languages');
const list = <Value extends z.ZodType>(value: Value, max: number) => z.array(value).max(max).default([]);

/** The texts of a Café in one language. */
const Texts = z.strictObject({
  title: line(300),
  summary: paragraphs(4_000).optional(),
  audience: list(line(500), 50).describe('For whom the Café is, one entry each.'),
  takeaways: list(line(500), 50).describe('What people take home, one entry each.'),
  agenda: list(z.strictObject({ title: line(500), minutes: z.int().min(1).max(1_440).optional() }), 50),
  keywords: list(line(100), 50),
});
export type Texts = z.infer<typeof Texts>;

const SpeakerFacts = z.strictObject({
  name: line(120),
  role: byLanguage(line(300)).optional(),
  organisation: line(160).optional(),
  pair: z.int().min(1).max(50).optional().describe('Those with the same number speak together.'),
});
/** A speaker. Speakers with the same `pair` speak together. */
export type SpeakerFacts = z.infer<typeof SpeakerFacts>;

const ContactFacts = z.strictObject({ name: line(120), email: address().optional() });
/** A person who answers questions of attendees about a Café. The pages show the name and the address. */
export type ContactFacts = z.infer<typeof ContactFacts>;

const cafeFacts = {
  code: code.describe('The name of the Café in this file and in the database. It is unique in the event.'),
  room: code.describe('The code of one of the rooms.'),
  kind: z.enum(['cafe', 'stand', 'space']),
  language: language.describe('The language that is spoken: a BCP 47 tag.'),
  hosts: z.array(line(160)).min(1).max(20).describe('The organisations that offer the Café.'),
  speakers: list(SpeakerFacts, 50),
  contacts: list(ContactFacts, 20).describe('Whom readers may ask. The pages show them.'),
  texts: byLanguage(Texts),
};
const roomFacts = { code, name: line(120) };
const eventFacts = {
  slug: z
    .string()
    .max(80)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters and digits, with hyphens')
    .describe('The name of the event in addresses.'),
  title: byLanguage(line(200)),
  timeZone: z
    .string()
    .refine((name) => timeZoneError(name) === undefined, { error: ({ input }) => timeZoneError(String(input)) })
    .describe('An IANA time zone with a place, such as Europe/Paris.'),
  locales: z
    .array(language)
    .min(1)
    .max(EVENT_LANGUAGES_MAX)
    .refine((tags) => new Set(tags).size === tags.length, 'names a language twice')
    .describe('The languages of its texts. The first stands in for missing translations.'),
  unprovedSharePercent: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe(
      'How many percent of the seats of a Café people may hold together who have not proved their address. Left out: as it is; 50 at first.',
    ),
  replyTo: address()
    .optional()
    .describe("The address that answers to the event's messages go to. Left out: as it is; the sender at first."),
};
const instant = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'must be a date and a time with Z or an offset, such as 2026-11-25T09:30:00+01:00',
  })
  .overwrite((value) => utc(value) ?? value)
  .refine((value) => Date.parse(value) % 60_000 === 0, 'must be on a whole minute')
  .refine((value) => value >= '1970' && value < '9999', 'must be between 1970 and 9998');
const startsAt = instant.describe('An instant with Z or an offset, on a whole minute.');
const endsAt = startsAt;
const capacity = z.int().min(0).max(CAPACITY_MAX);

/** A programme that can be loaded. In a parsed programme, instants are in UTC. */
export const ProgrammeDocument = z.strictObject({
  $schema: z.string().max(500).optional().describe('Where an editor finds this schema. It is not loaded.'),
  event: z.strictObject({
    ...eventFacts,
    startsAt,
    endsAt,
    state: z
      .enum(['draft', 'published'])
      .optional()
      .describe('Left out: as it is; published at first. The Cafés of a draft are drafts.'),
  }),
  rooms: z
    .array(z.strictObject({ ...roomFacts, capacity }))
    .min(1)
    .max(500),
  cafes: z
    .array(
      z.strictObject({
        ...cafeFacts,
        startsAt,
        endsAt,
        capacity,
        sourceId: line(200)
          .optional()
          .describe('What identifies the Café in the file that it was imported from. It is unique in the event.'),
        state: z
          .enum(['draft', 'open', 'closed', 'cancelled'])
          .optional()
          .describe('Left out: as it is; a new Café is open, or a draft with `--as draft` and in a draft event.'),
        waitlistOpen: z.boolean().optional().describe('Left out: as it is; true at first.'),
      }),
    )
    .max(20_000),
});
export type ProgrammeDocument = z.infer<typeof ProgrammeDocument>;

/** The JSON Schema of a programme that can be loaded. `checkProgramme` checks the rules that JSON Schema cannot express. */
export function programmeSchema() {
  return z.toJSONSchema(ProgrammeDocument, { io: 'input' });
}

/** A programme without dates and capacities, with the values that a demonstration uses for them. */
export const UndatedProgramme = z.strictObject({
  event: z.strictObject(eventFacts),
  rooms: z.array(z.strictObject(roomFacts)).min(1),
  cafes: z.array(z.strictObject(cafeFacts)),
  demonstration: z.strictObject({
    note: byLanguage(line(500)),
    roomCapacities: z.record(z.string(), capacity),
    /** `day` 1 is the first day. `startsAt` is local time in the event's time zone. */
    rounds: z.array(
      z.strictObject({
        code,
        day: z.int().min(1).max(30),
        startsAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
        minutes: z.int().min(1).max(1_440),
      }),
    ),
    cafes: z.record(z.string(), z.strictObject({ round: code, capacity })),
  }),
});
export type UndatedProgramme = z.infer<typeof UndatedProgramme>;

/** Lists all errors of a document. With an empty list, the document can be loaded. */
export function checkProgramme(document: unknown): DocumentError[] {
  const parsed = ProgrammeDocument.safeParse(document);
  return parsed.success ? checkReferences(parsed.data) : documentErrors(parsed.error);
}

/** Parses a document. @throws InvalidProgramme with all errors of the document */
export function parseProgramme(document: unknown): ProgrammeDocument {
  const errors = checkProgramme(document);
  if (errors.length > 0) throw new InvalidProgramme(errors);
  return ProgrammeDocument.parse(document);
}

/** The errors that a schema reports, with their paths. */
export function documentErrors(error: z.ZodError): DocumentError[] {
  return error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** Errors between the parts of a programme: duplicate codes, unknown rooms, times and capacities that do not fit together. */
export function checkReferences({ event, rooms, cafes }: ProgrammeDocument): DocumentError[] {
  const errors: DocumentError[] = [];
  const report = (path: string, message: string) => errors.push({ path, message });

  if (event.endsAt <= event.startsAt) report('event.endsAt', 'the event ends before it starts');
  const [first = ''] = event.locales;
  if (!event.title[first]) report('event.title', `has no text in ${first}, the first language of the event`);
  const capacities = new Map<string, number>();
  for (const [index, room] of rooms.entries()) {
    if (capacities.has(room.code)) report(`rooms.${index}.code`, `the code ${room.code} is used twice`);
    capacities.set(room.code, room.capacity);
  }
  const codes = new Map<string, number>();
  const sources = new Set<string>();
  for (const [index, cafe] of cafes.entries()) {
    const place = `cafes.${index}`;
    if (cafe.sourceId !== undefined && sources.has(cafe.sourceId))
      report(`${place}.sourceId`, `the source id ${cafe.sourceId} is used twice`);
    sources.add(cafe.sourceId ?? '');
    const other = codes.get(cafe.code);
    if (other !== undefined) report(`${place}.code`, `the code ${cafe.code} is used twice (cafes.${other})`);
    codes.set(cafe.code, index);
    if (!cafe.texts[first]) report(`${place}.texts`, `has no texts in ${first}, the first language of the event`);
    if (event.state === 'draft' && cafe.state !== undefined && cafe.state !== 'draft') {
      report(`${place}.state`, 'the Cafés of a draft event are drafts');
    }
    const inRoom = capacities.get(cafe.room);
    if (inRoom === undefined) report(`${place}.room`, `there is no room ${cafe.room}`);
    else if (cafe.capacity > inRoom) {
      report(`${place}.capacity`, `${cafe.capacity} seats are more than the ${inRoom} of the room ${cafe.room}`);
    }
    const [starts, ends] = [Date.parse(cafe.startsAt), Date.parse(cafe.endsAt)];
    if (ends <= starts) report(`${place}.endsAt`, 'the Café ends before it starts');
    else if (ends - starts > 24 * 3_600_000) report(`${place}.endsAt`, 'the Café is longer than a day');
    if (starts < Date.parse(event.startsAt) || ends > Date.parse(event.endsAt)) {
      report(`${place}.startsAt`, 'the Café is not within the event');
    }
  }
  return errors;
}

/** Formats an instant in UTC, as `Date` does. Returns undefined for an invalid instant. */
function utc(value: string): string | undefined {
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
