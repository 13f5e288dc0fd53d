import type { Cafe, Locale, Room } from '#contract';
import type { Database, Prisma } from '#platform';
import type { SpeakerFacts, Texts } from './document.ts';

/** An event, with its title in every locale. Instants are UTC, ISO 8601. */
export interface EventFacts {
  id: string;
  slug: string;
  title: Record<Locale, string>;
  timeZone: string;
  startsAt: string;
  endsAt: string;
  locales: Locale[];
  /** The address that answers to its messages go to; without one, the sender's. */
  replyTo?: string;
}

/** What the programme says of a Café, in every locale. Its counts belong to the seat engine. */
export interface CafeFacts {
  id: string;
  eventId: string;
  roomId: string;
  code: string;
  kind: Cafe['kind'];
  texts: Record<Locale, Texts>;
  hosts: string[];
  speakers: SpeakerFacts[];
  language: string;
  startsAt: string;
  endsAt: string;
}

/** A room, with its code in the programme and the event that it belongs to. */
export type RoomFacts = Room & { code: string; eventId: string };

/** Reads events, rooms and Cafés. Lists are in the order of the programme; an unknown id gives `undefined` or no entry. */
export abstract class Programme {
  abstract events(): Promise<EventFacts[]>;
  abstract eventBySlug(slug: string): Promise<EventFacts | undefined>;
  abstract eventById(id: string): Promise<EventFacts | undefined>;
  abstract eventsById(ids: string[]): Promise<EventFacts[]>;
  abstract room(id: string): Promise<RoomFacts | undefined>;
  abstract rooms(eventId: string): Promise<RoomFacts[]>;
  abstract roomsById(ids: string[]): Promise<RoomFacts[]>;
  /** Every room of every event, with the ids of its Cafés. */
  abstract cafesByRoom(): Promise<{ roomId: string; eventId: string; cafeIds: string[] }[]>;
  abstract cafe(id: string): Promise<CafeFacts | undefined>;
  abstract cafes(ids: string[]): Promise<CafeFacts[]>;
  abstract cafesOfEvent(eventId: string): Promise<CafeFacts[]>;
  /**
   * The version of what an event, its rooms and its Cafés say, or of the list of all events: an opaque text that differs after every
   * change. One cheap statement, for caches.
   */
  abstract version(eventId?: string): Promise<string>;
}

/** The columns of a Café that `CafeFacts` shows: contacts stay in the database. */
const cafeColumns = {
  id: true,
  eventId: true,
  roomId: true,
  code: true,
  kind: true,
  texts: true,
  hosts: true,
  speakers: true,
  language: true,
  startsAt: true,
  endsAt: true,
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
} satisfies Prisma.EventSelect;
const roomColumns = { id: true, eventId: true, code: true, name: true, capacity: true } satisfies Prisma.RoomSelect;

const cafeOrder = [
  { startsAt: 'asc' },
  { position: 'asc' },
  { id: 'asc' },
] satisfies Prisma.CafeOrderByWithRelationInput[];
const roomOrder = [{ position: 'asc' }, { id: 'asc' }] satisfies Prisma.RoomOrderByWithRelationInput[];

export function openProgramme({ database }: { database: Database }): Programme {
  const { pool, prisma } = database;

  async function events(where: Prisma.EventWhereInput): Promise<EventFacts[]> {
    const orderBy = [{ startsAt: 'asc' }, { id: 'asc' }] satisfies Prisma.EventOrderByWithRelationInput[];
    return (await prisma.event.findMany({ where, select: eventColumns, orderBy })).map(eventFacts);
  }

  function rooms(where: Prisma.RoomWhereInput): Promise<RoomFacts[]> {
    return prisma.room.findMany({ where, select: roomColumns, orderBy: roomOrder });
  }

  async function cafes(where: Prisma.CafeWhereInput): Promise<CafeFacts[]> {
    return (await prisma.cafe.findMany({ where, select: cafeColumns, orderBy: cafeOrder })).map(cafeFacts);
  }

  return {
    events: () => events({}),
    eventBySlug: async (slug) => (await events({ slug }))[0],
    eventById: async (id) => (await events({ id }))[0],
    eventsById: (ids) => events({ id: { in: ids } }),
    room: async (id) => (await rooms({ id }))[0],
    rooms: (eventId) => rooms({ eventId }),
    roomsById: (ids) => rooms({ id: { in: ids } }),
    async cafesByRoom() {
      const found = await prisma.room.findMany({
        select: { id: true, eventId: true, cafes: { select: { id: true }, orderBy: cafeOrder } },
        orderBy: [{ eventId: 'asc' }, ...roomOrder],
      });
      return found.map((room) => ({ roomId: room.id, eventId: room.eventId, cafeIds: room.cafes.map(({ id }) => id) }));
    },
    cafe: async (id) => (await cafes({ id }))[0],
    cafes: (ids) => cafes({ id: { in: ids } }),
    cafesOfEvent: (eventId) => cafes({ eventId }),
    async version(eventId) {
      const found = await pool.query<{ version: string }>(
        eventId === undefined
          ? { name: 'programme-version-of-events', text: VERSION_OF_EVENTS }
          : { name: 'programme-version-of-event', text: VERSION_OF_EVENT, values: [eventId] },
      );
      return found.rows[0]?.version ?? '';
    },
  };
}

/** Postgres gives a row another `xmin` (the transaction that wrote it) with every change, whoever makes it. */
const VERSION_OF_EVENTS = `select md5(string_agg(e.id || ' ' || e.xmin, ',' order by e.id)) as version from event e`;
const VERSION_OF_EVENT = `
  select md5(concat_ws(' ',
    (select e.xmin from event e where e.id = $1),
    (select string_agg(r.id || ' ' || r.xmin, ',' order by r.id) from room r where r.event_id = $1),
    (select string_agg(c.id || ' ' || c.xmin, ',' order by c.id) from cafe c where c.event_id = $1)
  )) as version`;

type Columns<Model extends 'Event' | 'Cafe'> = Model extends 'Event'
  ? Prisma.EventGetPayload<{ select: typeof eventColumns }>
  : Prisma.CafeGetPayload<{ select: typeof cafeColumns }>;

/** JSON columns hold what `ProgrammeDocument` let in, and are not parsed again. */
function eventFacts({ title, locales, startsAt, endsAt, replyTo, ...rest }: Columns<'Event'>): EventFacts {
  return {
    ...rest,
    ...(replyTo && { replyTo }),
    title: title as EventFacts['title'],
    locales: locales as Locale[],
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  };
}

function cafeFacts({ texts, speakers, startsAt, endsAt, ...rest }: Columns<'Cafe'>): CafeFacts {
  return {
    ...rest,
    texts: texts as unknown as CafeFacts['texts'],
    speakers: speakers as unknown as SpeakerFacts[],
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  };
}
