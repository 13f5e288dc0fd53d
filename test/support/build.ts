import type pg from 'pg';

/** The properties of a Café that a test may set. The others have usual values. */
export interface CafeCase {
  seats: number;
  /** The start, in minutes after tomorrow 08:00 UTC. Default 0. */
  startsAfterMinutes?: number;
  /** The start, in minutes after the current minute. It replaces `startsAfterMinutes`. */
  startsInMinutes?: number;
  /** The duration in minutes. Default 45. */
  minutes?: number;
  state?: 'draft' | 'open' | 'closed';
  waitlistOpen?: boolean;
  /** The index of the room in the event. Rooms are made up to the highest index. Default 0. */
  room?: number;
}

/** Inserts an event with these Cafés in large rooms. Returns the ids, those of Cafés in the given order. */
export async function buildEvent<const Cafes extends readonly CafeCase[]>(
  pool: pg.Pool | pg.Client,
  cafes: Cafes,
): Promise<{ eventId: string; roomIds: [string, ...string[]]; cafeIds: { -readonly [Index in keyof Cafes]: string } }> {
  const slug = `event-${Math.random().toString(36).slice(2)}`;
  const event = await pool.query(
    `insert into event (slug, title, time_zone, starts_at, ends_at, locales)
     values ($1, '{"fr": "Rencontres", "en": "Meetings"}', 'Europe/Paris', now(), now() + interval '3 days', '{fr,en}')
     returning id`,
    [slug],
  );
  const eventId: string = event.rows[0].id;
  const roomIds: string[] = [];
  for (let room = 0; room <= Math.max(0, ...cafes.map((cafe) => cafe.room ?? 0)); room++) {
    const made = await pool.query(
      `insert into room (event_id, code, name, capacity, position) values ($1, $2, $3, 100000, $4) returning id`,
      [eventId, `room-${room}`, `Salle ${room}`, room],
    );
    roomIds.push(made.rows[0].id);
  }
  const cafeIds: string[] = [];
  for (const [index, cafe] of cafes.entries()) {
    const made = await pool.query(
      `with made as (
         insert into cafe (event_id, room_id, code, kind, position, texts, hosts, speakers, contacts, language, starts_at, ends_at)
         select $1, $2, $3, 'cafe', $4, $5, '{Ville d''Orvault}', '[]', '[]', 'fr', starts_at, starts_at + $7::interval
         from (
           select coalesce(
             date_trunc('minute', now()) + $11::interval,
             date_trunc('day', now(), 'UTC') + interval '32 hours' + $6::interval
           ) as starts_at
         ) at_time
         returning id
       )
       select id, cafe_seats_open(id, $8, $9, $10) from made`,
      [
        eventId,
        roomIds[cafe.room ?? 0],
        `cafe-${index + 1}`,
        index,
        JSON.stringify({ fr: texts(`Café ${index + 1}`), en: texts(`Café ${index + 1}`) }),
        `${cafe.startsAfterMinutes ?? 0} minutes`,
        `${cafe.minutes ?? 45} minutes`,
        cafe.seats,
        cafe.state ?? 'open',
        cafe.waitlistOpen ?? true,
        cafe.startsInMinutes === undefined ? null : `${cafe.startsInMinutes} minutes`,
      ],
    );
    cafeIds.push(made.rows[0].id);
  }
  return {
    eventId,
    roomIds: roomIds as [string, ...string[]],
    cafeIds: cafeIds as { -readonly [Index in keyof Cafes]: string },
  };
}

function texts(title: string) {
  return { title, summary: '', audience: [], takeaways: [], agenda: [], keywords: [] };
}

/** As many ids as a number literal says; an array of ids for any other number. */
type Ids<Count extends number, Found extends string[] = []> = number extends Count
  ? string[]
  : Found['length'] extends Count
    ? Found
    : Found['length'] extends 20
      ? string[]
      : Ids<Count, [...Found, string]>;

/** Inserts attendees, by default with proved addresses. Returns their ids in the order of insertion. */
export async function buildPeople<Count extends number>(
  pool: pg.Pool | pg.Client,
  count: Count,
  { proved = true } = {},
): Promise<Ids<Count>> {
  const made = await pool.query(
    `insert into attendee (email, name, locale, email_proved_at)
     select $1 || '-' || number || '@example.org', 'Personne ' || number, 'fr', case when $3 then now() end
     from generate_series(1, $2::integer) number
     returning id`,
    [Math.random().toString(36).slice(2), count, proved],
  );
  return made.rows.map((row) => row.id) as Ids<Count>;
}

/** Inserts attendees without an address, as walk-ins are. Returns their ids. */
export async function buildStrangers(pool: pg.Pool | pg.Client, count: number): Promise<string[]> {
  const made = await pool.query(
    `insert into attendee (name, locale) select 'Inconnu ' || number, 'fr' from generate_series(1, $1::integer) number returning id`,
    [count],
  );
  return made.rows.map((row) => row.id);
}
