import type { Prisma } from '#platform';
import type { ProgrammeDocument } from '../document.ts';
import type { Transaction } from '../writing/author.ts';

/** How many attendees have a seat in a Café, and how many are waitlisted. */
export interface People {
  taken: number;
  waitlisted: number;
}

/** The programme of an event in the database, with the other data that a load needs. */
export interface StoredProgramme {
  eventId: string;
  document: ProgrammeDocument;
  /** The document of the last load; undefined if it is not known. */
  loaded?: ProgrammeDocument;
  roomIds: Map<string, string>;
  cafes: Map<string, { id: string; position: number } & People>;
  /** The positions of the rooms by code. */
  positions: Map<string, number>;
}

interface CountsRow extends People {
  cafe_id: string;
  capacity: number;
  state: NonNullable<ProgrammeDocument['cafes'][number]['state']>;
  waitlist_open: boolean;
}

/**
 * Reads the programme of an event. With `lock`, it locks the counts of its Cafés first, so that no registration changes until the
 * transaction ends.
 */
export async function readStoredProgramme(
  transaction: Transaction,
  eventId: string,
  { lock }: { lock: boolean },
): Promise<StoredProgramme> {
  const rows = await transaction.$queryRaw<CountsRow[]>`select * from cafe_seats_of_event(${eventId}::uuid, ${lock})`;
  const counts = new Map(rows.map((row) => [row.cafe_id, row]));
  const event = await transaction.event.findUniqueOrThrow({ where: { id: eventId }, include: { load: true } });
  const rooms = await transaction.room.findMany({ where: { eventId }, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
  const cafes = await transaction.cafe.findMany({ where: { eventId }, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
  const roomCodes = new Map(rooms.map(({ id, code }) => [id, code]));
  const document = {
    event: eventOf(event),
    rooms: rooms.map(({ code, name, capacity }) => ({ code, name, capacity })),
    cafes: cafes.map((cafe) => cafeOf(cafe, roomCodes.get(cafe.roomId) as string, counts.get(cafe.id) as CountsRow)),
  };
  return {
    eventId,
    document,
    // The document was parsed before it was stored.
    loaded: (event.load?.document ?? undefined) as ProgrammeDocument | undefined,
    roomIds: new Map(rooms.map(({ code, id }) => [code, id])),
    positions: new Map(rooms.map(({ code, position }) => [code, position])),
    cafes: new Map(
      cafes.map(({ code, id, position }) => {
        const { taken, waitlisted } = counts.get(id) as CountsRow;
        return [code, { id, position, taken, waitlisted }];
      }),
    ),
  };
}

/** An event as a document has it. */
export function eventOf(row: Prisma.EventGetPayload<object>): ProgrammeDocument['event'] {
  const { slug, title, timeZone, locales, unprovedSharePercent, replyTo, startsAt, endsAt, state } = row;
  return {
    slug,
    title: title as ProgrammeDocument['event']['title'],
    timeZone,
    locales: locales as ProgrammeDocument['event']['locales'],
    unprovedSharePercent,
    ...(replyTo !== null && { replyTo }),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    state,
  };
}

/**
 * A Café as a document has it. The JSON columns contain parts of a ProgrammeDocument that was parsed before it was stored, so they are not
 * parsed again.
 */
export function cafeOf(
  row: Omit<Prisma.CafeGetPayload<object>, 'event' | 'room'>,
  room: string,
  counts: Pick<CountsRow, 'capacity' | 'state' | 'waitlist_open'>,
): ProgrammeDocument['cafes'][number] {
  const { code, kind, language, hosts, speakers, contacts, texts, startsAt, endsAt, sourceId } = row;
  const { capacity, state, waitlist_open: waitlistOpen } = counts;
  const facts = { code, room, kind, language, hosts, speakers, contacts, texts };
  return {
    ...(facts as unknown as Omit<ProgrammeDocument['cafes'][number], 'startsAt' | 'endsAt' | 'capacity'>),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    capacity,
    ...(sourceId !== null && { sourceId }),
    state,
    waitlistOpen,
  };
}
