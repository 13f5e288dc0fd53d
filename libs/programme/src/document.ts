import * as z from 'zod';
import { CAPACITY_MAX, locales } from '#contract';

/** A fault of a document: where (`cafes.3.endsAt`) and what. */
export interface Fault {
  path: string;
  message: string;
}

/** Thrown where a document cannot be loaded; nothing of it was. */
export class ProgrammeFaults extends Error {
  readonly faults: Fault[];
  constructor(faults: Fault[]) {
    super(faults.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'ProgrammeFaults';
    this.faults = faults;
  }
}

const text = (max: number) =>
  z.string().trim().min(1).max(max).refine(isStorable, 'must be well-formed Unicode without the character U+0000');
const code = z
  .string()
  .max(40)
  .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'must be letters and digits, with single hyphens between');
const inEveryLocale = <Value extends z.ZodType>(value: Value) =>
  z.strictObject(
    Object.fromEntries(locales.map((locale) => [locale, value])) as Record<(typeof locales)[number], Value>,
  );

/** The texts of a Café in one locale. */
const Texts = z.strictObject({
  title: text(300),
  summary: text(4_000).optional(),
  audience: z.array(text(500)).max(50),
  takeaways: z.array(text(500)).max(50),
  agenda: z.array(z.strictObject({ title: text(500), minutes: z.int().min(1).max(1_440).optional() })).max(50),
  keywords: z.array(text(100)).max(50),
});
export type Texts = z.infer<typeof Texts>;

/** A speaker; `pair` numbers those who speak together. */
const SpeakerFacts = z.strictObject({
  name: text(120),
  role: inEveryLocale(text(300)).optional(),
  organisation: text(160).optional(),
  pair: z.int().min(1).max(50).optional(),
});
export type SpeakerFacts = z.infer<typeof SpeakerFacts>;

const Contact = z.strictObject({ name: text(120), email: z.email().optional() });

const cafeFacts = {
  code,
  /** The code of one of the document's rooms. */
  room: code,
  kind: z.enum(['cafe', 'stand', 'space']),
  /** The language that is spoken: a BCP 47 tag. */
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as fr'),
  hosts: z.array(text(160)).min(1).max(20),
  speakers: z.array(SpeakerFacts).max(50),
  contacts: z.array(Contact).max(20),
  texts: inEveryLocale(Texts),
};
const eventFacts = {
  slug: z
    .string()
    .max(80)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters and digits, with hyphens'),
  title: inEveryLocale(text(200)),
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Paris'),
  locales: z.array(z.enum(locales)).min(1),
  /** How many percent of a Café's seats people may hold together who have not proved their address. Left out: as it is; 50 at first. */
  unprovedSharePercent: z.int().min(0).max(100).optional(),
  /** The address that answers to the event's messages go to. Left out: as it is; the sender at first. */
  replyTo: z.email().max(254).optional(),
};
const wholeMinute = z.iso
  .datetime()
  .refine((instant) => Date.parse(instant) % 60_000 === 0, 'must be on a whole minute')
  .refine((instant) => instant >= '1970', 'must be in 1970 or later');
const capacity = z.int().min(0).max(CAPACITY_MAX);

/** A programme that can be loaded: what, where, when, and for how many. Instants are UTC. */
export const ProgrammeDocument = z.strictObject({
  event: z.strictObject({ ...eventFacts, startsAt: wholeMinute, endsAt: wholeMinute }),
  rooms: z
    .array(z.strictObject({ code, name: text(120), capacity }))
    .min(1)
    .max(500),
  cafes: z.array(z.strictObject({ ...cafeFacts, startsAt: wholeMinute, endsAt: wholeMinute, capacity })).max(20_000),
});
export type ProgrammeDocument = z.infer<typeof ProgrammeDocument>;

/** A programme without dates and capacities, and the values that stand in for them in a demonstration. */
export const UndatedProgramme = z.strictObject({
  event: z.strictObject(eventFacts),
  rooms: z.array(z.strictObject({ code, name: text(120) })).min(1),
  cafes: z.array(z.strictObject(cafeFacts)),
  demonstration: z.strictObject({
    note: inEveryLocale(text(500)),
    roomCapacities: z.record(z.string(), capacity),
    /** `day` 1 is the first day; `startsAt` is local time in the event's time zone. */
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

/** Lists everything that is wrong with a document, each fault with its place. An empty list: the document can be loaded. */
export function checkProgramme(document: unknown): Fault[] {
  const parsed = ProgrammeDocument.safeParse(document);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const { event, rooms, cafes } = parsed.data;
  const faults: Fault[] = [];
  const fault = (path: string, message: string) => faults.push({ path, message });

  if (event.endsAt <= event.startsAt) fault('event.endsAt', 'the event ends before it starts');
  const capacities = new Map<string, number>();
  for (const [index, room] of rooms.entries()) {
    if (capacities.has(room.code)) fault(`rooms.${index}.code`, `the code ${room.code} is used twice`);
    capacities.set(room.code, room.capacity);
  }
  const codes = new Map<string, number>();
  for (const [index, cafe] of cafes.entries()) {
    const place = `cafes.${index}`;
    const other = codes.get(cafe.code);
    if (other !== undefined) fault(`${place}.code`, `the code ${cafe.code} is used twice (cafes.${other})`);
    codes.set(cafe.code, index);
    const inRoom = capacities.get(cafe.room);
    if (inRoom === undefined) fault(`${place}.room`, `there is no room ${cafe.room}`);
    else if (cafe.capacity > inRoom) {
      fault(`${place}.capacity`, `${cafe.capacity} seats are more than the ${inRoom} of the room ${cafe.room}`);
    }
    const [starts, ends] = [Date.parse(cafe.startsAt), Date.parse(cafe.endsAt)];
    if (ends <= starts) fault(`${place}.endsAt`, 'the Café ends before it starts');
    else if (ends - starts > 24 * 3_600_000) fault(`${place}.endsAt`, 'the Café is longer than a day');
    if (starts < Date.parse(event.startsAt) || ends > Date.parse(event.endsAt)) {
      fault(`${place}.startsAt`, 'the Café is not within the event');
    }
  }
  return faults;
}

/**
 * The programme with its demonstration values: day 1 is the day after `today` in the event's time zone.
 * @throws ProgrammeFaults when the document is not an undated programme, or a Café has no round.
 */
export function demonstrationProgramme(document: unknown, today: Date): ProgrammeDocument {
  const parsed = UndatedProgramme.safeParse(document);
  if (!parsed.success) {
    throw new ProgrammeFaults(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const { event, rooms, cafes, demonstration } = parsed.data;
  const rounds = new Map(demonstration.rounds.map((round) => [round.code, round]));
  const faults: Fault[] = [];
  const dated = cafes.flatMap((cafe) => {
    const values = demonstration.cafes[cafe.code];
    const round = values && rounds.get(values.round);
    if (!round) {
      faults.push({ path: `demonstration.cafes.${cafe.code}`, message: 'the Café has no round' });
      return [];
    }
    const starts = instantOf(today, round.day, round.startsAt, event.timeZone);
    const endsAt = new Date(starts + round.minutes * 60_000).toISOString();
    return [{ ...cafe, startsAt: new Date(starts).toISOString(), endsAt, capacity: values.capacity }];
  });
  if (faults.length > 0) throw new ProgrammeFaults(faults);
  const lastDay = Math.max(1, ...demonstration.rounds.map(({ day }) => day));
  return {
    event: {
      ...event,
      startsAt: new Date(instantOf(today, 1, '00:00', event.timeZone)).toISOString(),
      endsAt: new Date(instantOf(today, lastDay + 1, '00:00', event.timeZone)).toISOString(),
    },
    rooms: rooms.map((room) => ({ ...room, capacity: demonstration.roomCapacities[room.code] ?? 0 })),
    cafes: dated,
  };
}

/** The instant of a local time, so many days after the day that `today` is there. Milliseconds since 1970. */
function instantOf(today: Date, daysAfter: number, localTime: string, timeZone: string): number {
  const [hours = 0, minutes = 0] = localTime.split(':').map(Number);
  const date = localParts(today, timeZone);
  const wanted = Date.UTC(date.year, date.month - 1, date.day + daysAfter, hours, minutes);
  // The offset is that of the instant itself: a clock change in the night before counts. Two rounds settle it.
  let instant = wanted;
  for (let round = 0; round < 2; round++) {
    const local = localParts(new Date(instant), timeZone);
    instant += wanted - Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  }
  return instant;
}

function localParts(instant: Date, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/** Whether Postgres can keep it in a text or jsonb. */
function isStorable(value: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(value);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
