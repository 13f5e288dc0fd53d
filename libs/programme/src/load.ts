import type pg from 'pg';
import { type Database, inTransaction } from '#platform';
import { checkProgramme, type Fault, ProgrammeDocument, ProgrammeFaults } from './document.ts';

/** What a load did. Loading the same document again does nothing. */
export interface Loaded {
  eventId: string;
  added: number;
  changed: number;
}

/** One load at a time, whoever starts it. */
const LOAD_LOCK = 7_212_025;

/**
 * Bring the database to a document, in one transaction: what is new is added, what differs is changed, nothing is removed.
 * The seats of a Café that is already there stay as they are: the organiser may have changed them since. A Café with registrations
 * that stands elsewhere or at another time than the document says is a fault: its people would not be told.
 * @throws ProgrammeFaults with every fault and its place; nothing was changed then.
 */
export async function loadProgramme(database: Database, document: unknown): Promise<Loaded> {
  const faults = checkProgramme(document);
  if (faults.length > 0) throw new ProgrammeFaults(faults);
  const programme = ProgrammeDocument.parse(document);
  return inTransaction(database.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOAD_LOCK]);
    const tally = { added: 0, changed: 0 };
    const count = (outcome: 'added' | 'changed' | 'same') => {
      if (outcome !== 'same') tally[outcome] += 1;
    };
    const event = await loadEvent(client, programme.event);
    count(event.outcome);
    const roomIds = new Map<string, string>();
    for (const [position, room] of programme.rooms.entries()) {
      const loaded = await loadRoom(client, event.id, room, position);
      count(loaded.outcome);
      roomIds.set(room.code, loaded.id);
    }
    const moved: Fault[] = [];
    for (const [position, cafe] of programme.cafes.entries()) {
      const outcome = await loadCafe(client, event.id, roomIds.get(cafe.room) as string, cafe, position);
      if (outcome === 'taken') {
        moved.push({
          path: `cafes.${position}`,
          message:
            'the Café has registrations, and another room or time than here: move it as an organiser, which tells its people, or give its room and times here as they are',
        });
      } else count(outcome);
    }
    if (moved.length > 0) throw new ProgrammeFaults(moved);
    return { eventId: event.id, ...tally };
  });
}

/** Insert a row or bring it to these values: whether anything was done is what Postgres says of it. */
async function upsert(client: pg.PoolClient, text: string, values: unknown[]) {
  const written = (await client.query<{ id: string; added: boolean }>(text, values)).rows[0];
  return written && { id: written.id, outcome: written.added ? ('added' as const) : ('changed' as const) };
}

async function loadEvent(client: pg.PoolClient, event: ProgrammeDocument['event']) {
  const { slug, title, timeZone, startsAt, endsAt, unprovedSharePercent = null } = event;
  const values = [slug, title, timeZone, startsAt, endsAt, event.locales, unprovedSharePercent];
  const written = await upsert(
    client,
    `insert into event as e (slug, title, time_zone, starts_at, ends_at, locales, unproved_share_percent)
     values ($1, $2, $3, $4, $5, $6, coalesce($7, 50))
     on conflict (slug) do update set (title, time_zone, starts_at, ends_at, locales, unproved_share_percent) =
       (excluded.title, excluded.time_zone, excluded.starts_at, excluded.ends_at, excluded.locales, coalesce($7, e.unproved_share_percent))
     where (e.title, e.time_zone, e.starts_at, e.ends_at, e.locales, e.unproved_share_percent) is distinct from
       (excluded.title, excluded.time_zone, excluded.starts_at, excluded.ends_at, excluded.locales, coalesce($7, e.unproved_share_percent))
     returning id, old.id is null as added`,
    values,
  );
  return written ?? same(client, 'select id from event where slug = $1', [event.slug]);
}

async function loadRoom(
  client: pg.PoolClient,
  eventId: string,
  room: ProgrammeDocument['rooms'][number],
  position: number,
) {
  const written = await upsert(
    client,
    `insert into room as r (event_id, code, name, capacity, position) values ($1, $2, $3, $4, $5)
     on conflict (event_id, code) do update set (name, capacity, position) =
       (excluded.name, excluded.capacity, excluded.position)
     where (r.name, r.capacity, r.position) is distinct from (excluded.name, excluded.capacity, excluded.position)
     returning id, old.id is null as added`,
    [eventId, room.code, room.name, room.capacity, position],
  );
  return written ?? same(client, 'select id from room where event_id = $1 and code = $2', [eventId, room.code]);
}

async function same(client: pg.PoolClient, text: string, values: unknown[]) {
  const found = await client.query<{ id: string }>(text, values);
  return { id: (found.rows[0] as { id: string }).id, outcome: 'same' as const };
}

async function loadCafe(
  client: pg.PoolClient,
  eventId: string,
  roomId: string,
  cafe: ProgrammeDocument['cafes'][number],
  position: number,
): Promise<'added' | 'changed' | 'same' | 'taken'> {
  const { code, kind, texts, hosts, speakers, contacts, language, startsAt, endsAt } = cafe;
  const moved = await client.query<{ busy: boolean }>(
    `select cafe_seats_taken(c.id) as busy from cafe c
     where c.event_id = $1 and c.code = $2 and (c.room_id, c.starts_at, c.ends_at) is distinct from ($3, $4, $5)`,
    [eventId, code, roomId, startsAt, endsAt],
  );
  if (moved.rows[0]?.busy) return 'taken';
  const written = await upsert(
    client,
    `insert into cafe as c (event_id, room_id, code, kind, position, texts, hosts, speakers, contacts, language, starts_at, ends_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (event_id, code) do update set
       (room_id, kind, position, texts, hosts, speakers, contacts, language, starts_at, ends_at) =
       (excluded.room_id, excluded.kind, excluded.position, excluded.texts, excluded.hosts, excluded.speakers,
        excluded.contacts, excluded.language, excluded.starts_at, excluded.ends_at)
     where (c.room_id, c.kind, c.position, c.texts, c.hosts, c.speakers, c.contacts, c.language, c.starts_at, c.ends_at)
       is distinct from (excluded.room_id, excluded.kind, excluded.position, excluded.texts, excluded.hosts,
         excluded.speakers, excluded.contacts, excluded.language, excluded.starts_at, excluded.ends_at)
     returning id, old.id is null as added`,
    [
      eventId,
      roomId,
      code,
      kind,
      position,
      texts,
      hosts,
      JSON.stringify(speakers),
      JSON.stringify(contacts),
      language,
      startsAt,
      endsAt,
    ],
  );
  if (written?.outcome === 'added') {
    await client.query(`select cafe_seats_open($1, $2, 'open', true)`, [written.id, cafe.capacity]);
  }
  return written?.outcome ?? 'same';
}
