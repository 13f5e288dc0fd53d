import type { ByLanguage, Cafe, EventState, EventWords, Legal, Room, Venue } from '#contract';
import type { Database, Prisma } from '#platform';
import type { ContactFacts, SpeakerFacts, Texts } from './document.ts';

/** An event, with its texts in all languages. Instants are UTC, ISO 8601. */
export interface EventFacts {
  id: string;
  slug: string;
  title: ByLanguage<string>;
  timeZone: string;
  startsAt: string;
  endsAt: string;
  /** Its languages. The first stands in for missing translations. */
  locales: string[];
  organisationId: string;
  state: EventState;
  /** When it was published last. */
  publishedAt?: string;
  /** The address for replies to the mails of the event; without one, replies go to the sender's address. */
  replyTo?: string;
  venue?: Venue;
  words: EventWords;
  accent?: string;
  legal: Legal;
  unprovedSharePercent: number;
  noShowGraceMinutes: number;
  /** Grows with each change of the event itself, and not with its rooms and Cafés. */
  version: number;
}

/** The texts, times and settings of a Café, in all languages. Its counts belong to the seat engine. */
export interface CafeFacts {
  id: string;
  eventId: string;
  roomId: string;
  code: string;
  kind: Cafe['kind'];
  texts: ByLanguage<Texts>;
  /** The first language of its event. */
  fallback: string;
  hosts: string[];
  speakers: SpeakerFacts[];
  contacts: ContactFacts[];
  /** Its place in the order of the programme. */
  position: number;
  language: string;
  startsAt: string;
  endsAt: string;
  /** Grows with each change of these columns. */
  version: number;
}

/** A room, with its code in the programme and the id of its event. */
export type RoomFacts = Room & { code: string; eventId: string; position: number; version: number };

/** An event with all its rooms and Cafés. */
export interface ProgrammeFacts {
  event: EventFacts;
  rooms: RoomFacts[];
  cafes: CafeFacts[];
}

/** The columns of a Café that `CafeFacts` contains. */
const cafeColumns = {
  id: true,
  eventId: true,
  roomId: true,
  code: true,
  kind: true,
  texts: true,
  hosts: true,
  speakers: true,
  contacts: true,
  language: true,
  startsAt: true,
  endsAt: true,
  version: true,
  position: true,
  event: { select: { locales: true } },
} satisfies Prisma.CafeSelect;
const eventColumns = {
  id: true,
  slug: true,
  title: true,
  timeZone: true,
  startsAt: true,
  endsAt: true,
  locales: true,
  replyTo: true,
  organisationId: true,
  state: true,
  publishedAt: true,
  venue: true,
  words: true,
  accent: true,
  legal: true,
  factsVersion: true,
  unprovedSharePercent: true,
  noShowGraceMinutes: true,
} satisfies Prisma.EventSelect;
const roomColumns = {
  id: true,
  eventId: true,
  code: true,
  name: true,
  capacity: true,
  position: true,
  version: true,
} satisfies Prisma.RoomSelect;

const eventOrder = [{ startsAt: 'asc' }, { id: 'asc' }] satisfies Prisma.EventOrderByWithRelationInput[];
const cafeOrder = [
  { startsAt: 'asc' },
  { position: 'asc' },
  { id: 'asc' },
] satisfies Prisma.CafeOrderByWithRelationInput[];
const roomOrder = [{ position: 'asc' }, { id: 'asc' }] satisfies Prisma.RoomOrderByWithRelationInput[];

/** Reads events, rooms and Cafés. Lists are in the order of the programme. An unknown id gives `undefined`, or no entry in a list. */
export class Programme {
  readonly #pool: Database['pool'];
  readonly #prisma: Database['prisma'];

  constructor({ pool, prisma }: Database) {
    this.#pool = pool;
    this.#prisma = prisma;
  }

  /** The events that everybody may see: not the drafts. */
  async events(): Promise<EventFacts[]> {
    return (
      await this.#prisma.event.findMany({ where: { state: 'published' }, select: eventColumns, orderBy: eventOrder })
    ).map(eventFacts);
  }

  /** These events, drafts included, with the number of their Cafés. */
  async eventsOf(ids: string[]): Promise<(EventFacts & { cafes: number })[]> {
    const found = await this.#prisma.event.findMany({
      where: { id: { in: ids } },
      select: { ...eventColumns, _count: { select: { cafes: true } } },
      orderBy: eventOrder,
    });
    return found.map(({ _count, ...event }) => ({ ...eventFacts(event), cafes: _count.cafes }));
  }

  /** An event, also a draft. */
  // Prisma combines all `findUnique` calls of one turn of the event loop into one query.
  async event(by: { id: string } | { slug: string }): Promise<EventFacts | undefined> {
    const found = await this.#prisma.event.findUnique({ where: by, select: eventColumns });
    return found ? eventFacts(found) : undefined;
  }

  /** Reads an event with all its rooms and Cafés. */
  async programmeOf(eventId: string): Promise<ProgrammeFacts | undefined> {
    const [event, rooms, cafes] = await Promise.all([
      this.event({ id: eventId }),
      this.#prisma.room.findMany({ where: { eventId }, select: roomColumns, orderBy: roomOrder }),
      this.#cafes({ eventId }),
    ]);
    return event && { event, rooms: rooms.map(roomFacts), cafes };
  }

  async room(id: string): Promise<RoomFacts | undefined> {
    const found = await this.#prisma.room.findUnique({ where: { id }, select: roomColumns });
    return found ? roomFacts(found) : undefined;
  }

  async cafe(id: string): Promise<CafeFacts | undefined> {
    const found = await this.#prisma.cafe.findUnique({ where: { id }, select: cafeColumns });
    return found ? cafeFacts(found) : undefined;
  }

  cafes(ids: string[]): Promise<CafeFacts[]> {
    return this.#cafes({ id: { in: ids } });
  }

  /** Lists the rooms of all events, with the ids of their Cafés, and whether the event is a draft. */
  async cafesByRoom(): Promise<{ roomId: string; eventId: string; draft: boolean; cafeIds: string[] }[]> {
    const found = await this.#prisma.room.findMany({
      select: {
        id: true,
        eventId: true,
        event: { select: { state: true } },
        cafes: { select: { id: true }, orderBy: cafeOrder },
      },
      orderBy: [{ eventId: 'asc' }, ...roomOrder],
    });
    return found.map(({ id: roomId, eventId, event, cafes }) => ({
      roomId,
      eventId,
      draft: event.state === 'draft',
      cafeIds: cafes.map(({ id }) => id),
    }));
  }

  /**
   * The version of the texts of an event with its rooms and Cafés, or of the list of all events: a text that changes with each change. For
   * caches: it costs one cheap statement.
   */
  async version(eventId?: string): Promise<string> {
    const found = await this.#pool.query<{ version: string }>(
      eventId === undefined
        ? { name: 'programme-version-of-events', text: VERSION_OF_EVENTS }
        : { name: 'programme-version-of-event', text: VERSION_OF_EVENT, values: [eventId] },
    );
    return found.rows[0]?.version ?? '';
  }

  async #cafes(where: Prisma.CafeWhereInput): Promise<CafeFacts[]> {
    return (await this.#prisma.cafe.findMany({ where, select: cafeColumns, orderBy: cafeOrder })).map(cafeFacts);
  }
}

/**
 * The versions that the triggers `event_version` and `programme_version` increment. The version of an event grows with changes of its rooms
 * and Cafés too.
 */
const VERSION_OF_EVENTS = `select md5(string_agg(e.id || ' ' || e.version, ',' order by e.id)) as version from event e`;
const VERSION_OF_EVENT = `select e.version::text as version from event e where e.id = $1`;

type Columns<Model extends 'Event' | 'Cafe'> = Model extends 'Event'
  ? Prisma.EventGetPayload<{ select: typeof eventColumns }>
  : Prisma.CafeGetPayload<{ select: typeof cafeColumns }>;

/** The JSON columns contain parts of a `ProgrammeDocument` that was parsed before it was stored, so they are not parsed again. */
function eventFacts(columns: Columns<'Event'>): EventFacts {
  const { title, startsAt, endsAt, replyTo, publishedAt, venue, words, accent, legal, factsVersion, ...rest } = columns;
  return {
    ...rest,
    ...(replyTo && { replyTo }),
    ...(publishedAt && { publishedAt: publishedAt.toISOString() }),
    ...(venue && { venue: venue as Venue }),
    ...(accent && { accent }),
    version: Number(factsVersion),
    words: words as EventWords,
    legal: legal as Legal,
    title: title as EventFacts['title'],
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  };
}

function roomFacts({ version, ...rest }: Prisma.RoomGetPayload<{ select: typeof roomColumns }>): RoomFacts {
  return { ...rest, version: Number(version) };
}

function cafeFacts({
  event,
  texts,
  speakers,
  contacts,
  startsAt,
  endsAt,
  version,
  ...rest
}: Columns<'Cafe'>): CafeFacts {
  return {
    ...rest,
    texts: texts as unknown as CafeFacts['texts'],
    fallback: event.locales[0] ?? '',
    speakers: speakers as unknown as SpeakerFacts[],
    contacts: contacts as unknown as ContactFacts[],
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    version: Number(version),
  };
}
