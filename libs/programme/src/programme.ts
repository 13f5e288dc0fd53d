import type { Cafe, CafeSeats, EventSummary, Locale, Room, RoomSlot } from '#contract';
import { defaultLocale } from '#contract';
import type { Database } from '#platform';
import type { SpeakerFacts, Texts } from './document.ts';

/** An event with its texts in every language. */
export interface EventFacts {
  id: string;
  slug: string;
  title: Record<Locale, string>;
  timeZone: string;
  startsAt: string;
  endsAt: string;
  locales: Locale[];
}

/** What is told of a Café, in every language. How many seats it has is known to the seat engine alone. */
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

/** A room and the event that it belongs to. */
export type RoomFacts = Room & { eventId: string };

/** Reading events, rooms and Cafés. Lists are in the order of the programme. */
export abstract class Programme {
  abstract events(): Promise<EventFacts[]>;
  abstract eventBySlug(slug: string): Promise<EventFacts | undefined>;
  abstract eventById(id: string): Promise<EventFacts | undefined>;
  abstract eventsById(ids: string[]): Promise<EventFacts[]>;
  abstract room(id: string): Promise<RoomFacts | undefined>;
  abstract rooms(eventId: string): Promise<RoomFacts[]>;
  abstract roomsById(ids: string[]): Promise<RoomFacts[]>;
  /** The codes of an event's rooms, by room id. */
  abstract roomCodes(eventId: string): Promise<Map<string, string>>;
  /** Every room of every event, with its Cafés' ids. */
  abstract cafesByRoom(): Promise<{ roomId: string; eventId: string; cafeIds: string[] }[]>;
  abstract cafe(id: string): Promise<CafeFacts | undefined>;
  abstract cafes(ids: string[]): Promise<CafeFacts[]>;
  abstract cafesOfEvent(eventId: string): Promise<CafeFacts[]>;
}

interface EventRow {
  id: string;
  slug: string;
  title: Record<Locale, string>;
  time_zone: string;
  starts_at: Date;
  ends_at: Date;
  locales: Locale[];
}

interface CafeRow {
  id: string;
  event_id: string;
  room_id: string;
  code: string;
  kind: Cafe['kind'];
  texts: Record<Locale, Texts>;
  hosts: string[];
  speakers: SpeakerFacts[];
  language: string;
  starts_at: Date;
  ends_at: Date;
}

const selectEvent = 'select id, slug, title, time_zone, starts_at, ends_at, locales from event';
const selectRoom = 'select id, event_id as "eventId", name, capacity from room';
const selectCafe =
  'select id, event_id, room_id, code, kind, texts, hosts, speakers, language, starts_at, ends_at from cafe';

export function openProgramme({ database }: { database: Database }): Programme {
  const { pool } = database;

  async function events(condition: string, values: unknown[]): Promise<EventFacts[]> {
    const found = await pool.query<EventRow>(`${selectEvent} where ${condition} order by starts_at, id`, values);
    return found.rows.map(({ time_zone: timeZone, starts_at, ends_at, ...rest }) => ({
      ...rest,
      timeZone,
      startsAt: starts_at.toISOString(),
      endsAt: ends_at.toISOString(),
    }));
  }

  async function rooms(condition: string, values: unknown[]): Promise<RoomFacts[]> {
    return (await pool.query<RoomFacts>(`${selectRoom} where ${condition} order by position, id`, values)).rows;
  }

  async function cafes(condition: string, values: unknown[]): Promise<CafeFacts[]> {
    const found = await pool.query<CafeRow>(
      `${selectCafe} where ${condition} order by starts_at, position, id`,
      values,
    );
    return found.rows.map(({ event_id: eventId, room_id: roomId, starts_at, ends_at, ...rest }) => ({
      ...rest,
      eventId,
      roomId,
      startsAt: starts_at.toISOString(),
      endsAt: ends_at.toISOString(),
    }));
  }

  return {
    events: () => events('true', []),
    eventBySlug: async (slug) => (await events('slug = $1', [slug]))[0],
    eventById: async (id) => (await events('id = $1', [id]))[0],
    eventsById: (ids) => events('id = any ($1)', [ids]),
    room: async (id) => (await rooms('id = $1', [id]))[0],
    rooms: (eventId) => rooms('event_id = $1', [eventId]),
    roomsById: (ids) => rooms('id = any ($1)', [ids]),
    async roomCodes(eventId) {
      const found = await pool.query<{ id: string; code: string }>(
        'select id, code from room where event_id = $1 order by position, id',
        [eventId],
      );
      return new Map(found.rows.map(({ id, code }) => [id, code]));
    },
    async cafesByRoom() {
      const found = await pool.query<{ roomId: string; eventId: string; cafeIds: string[] }>(
        `select r.id as "roomId", r.event_id as "eventId",
           coalesce(array_agg(c.id order by c.starts_at, c.position, c.id) filter (where c.id is not null), '{}') as "cafeIds"
         from room r left join cafe c on c.room_id = r.id group by r.id order by r.event_id, r.position, r.id`,
      );
      return found.rows;
    },
    cafe: async (id) => (await cafes('id = $1', [id]))[0],
    cafes: (ids) => cafes('id = any ($1)', [ids]),
    cafesOfEvent: (eventId) => cafes('event_id = $1', [eventId]),
  };
}

/** An event in one language. */
export function localiseEvent({ title, ...event }: EventFacts, locale: Locale): EventSummary {
  return { ...event, title: title[locale] ?? title[defaultLocale] };
}

/** A Café in one language, with its counts, state and waitlist from the seat engine. */
export function localiseCafe(
  { texts, speakers, ...facts }: CafeFacts,
  locale: Locale,
  {
    state,
    waitlistOpen,
    roomSlots,
    ...counts
  }: CafeSeats & { state: string; waitlistOpen: boolean; roomSlots?: RoomSlot[] },
): Cafe {
  const { cafeId, version, capacity, taken, free, waitlisted, present } = counts;
  return {
    ...facts,
    ...(texts[locale] ?? texts[defaultLocale]),
    speakers: speakers.map(({ name, role, organisation }) => ({
      name,
      ...(role && { role: role[locale] ?? role[defaultLocale] }),
      ...(organisation && { organisation }),
    })),
    capacity,
    waitlistOpen,
    state: state as Cafe['state'],
    seats: { cafeId, version, capacity, taken, free, waitlisted, present },
    ...(roomSlots && { roomSlots }),
  };
}
