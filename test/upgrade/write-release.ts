import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { type Database, migrate, openDatabase } from '#platform';
import { withBenchServers } from '../bench/servers.ts';
import { buildEvent, buildPeople } from '../support/build.ts';
import { openSeats } from '../support/seats.ts';

/**
 * `node --conditions=source test/upgrade/write-release.ts NAME`: writes test/upgrade/releases/NAME.sql, a database of this build with data in it.
 * Run it once for each release, before the next migration is added: upgrade.spec.ts upgrades every release.
 */
const { positionals } = parseArgs({ allowPositionals: true });
await withBenchServers(async ({ postgresUrl }) => {
  await migrate(postgresUrl);
  const database = openDatabase({ url: postgresUrl, connectionsMax: 4, applicationName: 'write-release' });
  try {
    await fill(database);
    await writeFile(`test/upgrade/releases/${positionals[0]}.sql`, await dump(database.pool));
  } finally {
    await database.close();
  }
});

/**
 * Fills the database through the seat engine, so that every table of seats has rows. The Cafés are far in the future, so that they stay
 * open.
 */
async function fill(database: Database): Promise<void> {
  const { pool } = database;
  const seats = openSeats({ database, holdTtlMinutes: 30 });
  const { eventId, cafeIds, roomIds } = await buildEvent(pool, [
    { seats: 3 },
    { seats: 2 },
    { seats: 4, startsAfterMinutes: 60 },
    { seats: 4, startsAfterMinutes: 120, room: 1 },
    { seats: 4, startsAfterMinutes: 120, room: 1 },
    { seats: 4, startsAfterMinutes: 180 },
  ]);
  await pool.query(
    `update cafe set starts_at = starts_at + interval '14 years', ends_at = ends_at + interval '14 years'`,
  );
  await pool.query(
    `update event set starts_at = starts_at + interval '14 years', ends_at = ends_at + interval '14 years'`,
  );
  const [first, second, third, fourth, fifth, sixth] = cafeIds as [string, string, string, string, string, string];
  const people = await buildPeople(pool, 8);
  const [ada, bea, cem, dan, eve, fay, gus, hal] = people as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const guests = await buildPeople(pool, 4, { proved: false });
  const id = async (cafeId: string, attendeeId: string) =>
    (await seats.attendance.attendanceOf(cafeId))?.people.find((person) => person.attendeeId === attendeeId)
      ?.registrationId ?? '';

  for (const attendeeId of [ada, bea]) await seats.claims.claim({ cafeId: first, attendeeId, guest: false });
  await seats.claims.claim({ cafeId: first, attendeeId: guests[0] ?? '', guest: true, typed: { name: 'Inès' } });
  for (const attendeeId of [cem, dan, eve]) await seats.claims.claim({ cafeId: first, attendeeId, guest: false });
  await seats.claims.claim({ cafeId: second, attendeeId: cem, guest: false });
  await seats.registrations.cancel(await id(first, ada), ada);
  await seats.claims.claim({ cafeId: third, attendeeId: ada, guest: false });
  await seats.registrations.swap(await id(third, ada), sixth, ada);
  await seats.claims.claimTogether({
    cafeId: third,
    attendeeIds: [fay, guests[1] ?? ''],
    mode: 'each',
    by: ada,
    typed: new Map(),
  });
  await seats.claims.claim({ cafeId: third, attendeeId: guests[2] ?? '', guest: true });
  await seats.guests.prove(guests[2] ?? '', [await id(third, guests[2] ?? '')]);
  await seats.checkIns.walkIn({
    cafeId: third,
    attendeeId: gus,
    by: hal,
    typed: { name: 'Gus', organisation: 'Ville' },
  });
  await seats.checkIns.checkIn({ registrationId: await id(sixth, ada), cafeId: sixth, by: hal });
  await pool.query('update room set capacity = 6 where id = $1', [roomIds[1]]);
  for (const attendeeId of [gus, hal]) await seats.claims.claim({ cafeId: fourth, attendeeId, guest: false });
  await seats.claims.claim({ cafeId: fifth, attendeeId: bea, guest: false });
  await seats.cafes.changeCafe(first, { waitlistOpen: false, undoable: true });
  const moved = await seats.claims.claim({ cafeId: second, attendeeId: hal, guest: false });
  if (moved.outcome !== 'created') throw new Error(`a claim of the fill is answered ${moved.outcome}`);
  // One statement makes registrations in two events.
  const another = await buildEvent(pool, [{ seats: 5 }]);
  const [ina = '', jon = ''] = await buildPeople(pool, 2);
  await pool.query('select seats_claim($1::uuid[], $2::uuid[])', [
    [sixth, another.cafeIds[0]],
    [ina, jon],
  ]);
  await pool.query('select outbox_open(3)');
  await pool.query(
    `insert into email_delivery (outbox_id, message_id, attendee_id) select id, id || '@localhost', attendee_id from outbox`,
  );
  await pool.query(`insert into role_grant (attendee_id, role, event_id) values ($1, 'organiser', $2)`, [hal, eventId]);
  await pool.query(`insert into role_grant (attendee_id, role, event_id, room_id) values ($1, 'host', $2, $3)`, [
    gus,
    eventId,
    roomIds[0],
  ]);
  await pool.query(
    `insert into role_change (change, attendee_id, role, event_id, room_id) select 'granted', attendee_id, role, event_id, room_id from role_grant`,
  );
  await pool.query(
    `insert into sign_in_challenge (email, locale, expires_at) values ('someone@example.org', 'fr', now() + interval '1 hour')`,
  );
  await pool.query(
    `insert into idempotency_key (scope, key, request_hash, status, answer) values ($1, 'key', '\\x00', 201, '{"id": 1}')`,
    [ada],
  );
}

/** The functions, triggers and rows of a database as SQL. The tables are those of its migrations, which the first line names. */
async function dump(pool: pg.Pool): Promise<string> {
  const list = async (text: string) => (await pool.query<{ line: string }>(text)).rows.map(({ line }) => line);
  const [last = ''] = await list('select max(migration_name) as line from _prisma_migrations');
  const parts = [
    `-- A database with the migrations up to ${last}; written by write-release.ts.`,
    'set check_function_bodies = off;\nset session_replication_role = replica;',
    ...(await list(
      `select pg_get_functiondef(oid) || ';' as line from pg_proc where pronamespace = 'public'::regnamespace order by proname`,
    )),
    ...(await list(
      `select 'create view ' || viewname || ' as ' || definition as line from pg_views where schemaname = 'public'`,
    )),
    ...(await list(`select pg_get_triggerdef(oid) || ';' as line from pg_trigger where not tgisinternal order by 1`)),
  ];
  const tables = await list(
    `select c.relname as line from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations' order by 1`,
  );
  for (const table of tables) {
    const rows = await list(`select to_json(t) as line from ${table} t order by t`);
    if (rows.length === 0) continue;
    const json = rows.map((row) => JSON.stringify(row).replaceAll("'", "''")).join(',\n');
    parts.push(
      `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, '[\n${json}\n]');`,
    );
  }
  parts.push(`select setval(pg_get_serial_sequence('seat_event', 'id'), (select max(id) from seat_event));`);
  parts.push('reset session_replication_role;\nreset check_function_bodies;');
  return `${parts.join('\n\n')}\n`;
}
