import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Database, MIGRATIONS_FOLDER, migrate, openDatabase } from '#platform';
import { auditSeats } from '#seats';
import { buildPeople } from '../support/build.ts';
import { createTestDatabase } from '../support/index.ts';
import { openSeats } from '../support/seats.ts';
import { administer, databaseUrl } from '../support/template.ts';
import { catalogOf } from './catalog.ts';

const server = process.env.COMPTOIR_TEST_POSTGRES_URL ?? '';
const RELEASES = path.join(import.meta.dirname, 'releases');

/** Makes a database of a release: its migrations, then its functions and rows. */
async function restore(url: string, release: string): Promise<void> {
  const sql = readFileSync(path.join(RELEASES, release), 'utf8');
  const last = /migrations up to (\w+);/.exec(sql)?.[1] ?? '';
  const folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  for (const each of await readdir(MIGRATIONS_FOLDER)) {
    if (each <= last) await cp(path.join(MIGRATIONS_FOLDER, each), path.join(folder, each), { recursive: true });
  }
  await migrate(url, { migrations: folder, files: [] });
  await rm(folder, { recursive: true });
  await inOneSession(url, (client) => client.query(sql));
}

async function inOneSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The registrations and counts, in columns that every release has. */
const seatsOf = (client: pg.Client) =>
  Promise.all([
    client.query(
      `select id, cafe_id, attendee_id, status, waitlist_number, expires_at, checked_in_at, overlapping, cause, guest from registration order by id`,
    ),
    client.query('select cafe_id, capacity, version, taken, waitlisted, present from cafe_seats order by cafe_id'),
  ]).then((found) => found.map(({ rows }) => rows));

describe.each(readdirSync(RELEASES))('a database of the release %s', (release) => {
  const name = `test_upgrade_${randomBytes(6).toString('hex')}`;
  const url = databaseUrl(server, name);
  let before: unknown[];
  let database: Database;

  beforeAll(async () => {
    await administer(server, `create database ${name}`);
    await restore(url, release);
    before = await inOneSession(url, seatsOf);
    await migrate(url);
    database = openDatabase({ url, connectionsMax: 2, applicationName: 'upgrade-spec' });
  });

  afterAll(async () => {
    await database.close();
    await administer(server, `drop database if exists ${name} with (force)`);
  });

  it('has the same definitions as a new database after the upgrade', async () => {
    const fresh = await createTestDatabase();
    try {
      const expected = await inOneSession(fresh.url, catalogOf);
      expect(await catalogOf(database.pool)).toEqual(expected);
    } finally {
      await fresh.drop();
    }
  });

  it('keeps its registrations and counts, and the audit finds no differences', async () => {
    expect(await inOneSession(url, seatsOf)).toEqual(before);
    expect((await auditSeats(database)).differences).toEqual([]);
  });

  it('has one event in each row of the ledger, and a check-in for each attendee who came', async () => {
    const { rows } = await database.pool.query(
      `select e.event_id, array_agg(distinct c.event_id) as found
       from seat_event_made e cross join unnest(e.cafe_ids) as m (cafe_id) join cafe c on c.id = m.cafe_id group by e.at, e.id, e.event_id
       union all
       select e.event_id, array[c.event_id] from seat_event e join cafe c on c.id = e.cafe_id`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.found).toEqual([row.event_id]);
    const { rows: came } = await database.pool.query(
      'select (select count(*) from check_in)::integer as recorded, count(checked_in_at)::integer as present from registration',
    );
    expect(came[0].present).toBeGreaterThan(0);
    expect(came[0].recorded).toBe(came[0].present);
  });

  it('has the event in each message that is not sent yet', async () => {
    const { rows } = await database.pool.query(
      `select m.event_id, c.event_id as expected
       from outbox m join registration r on r.id = m.registration_id join cafe c on c.id = r.cafe_id where m.done_at is null`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.event_id).toBe(row.expected);
    expect((await database.pool.query('select from outbox_batch')).rowCount).toBe(0);
  });

  it('accepts claims, and ends registrations that expired meanwhile', async () => {
    const seats = openSeats({ database, holdTtlMinutes: 30 });
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    const { rows } = await database.pool.query(
      `select cafe_id from cafe_seats s join cafe c on c.id = s.cafe_id where s.state = 'open' order by c.starts_at desc limit 1`,
    );
    const answer = await seats.claims.claim({ cafeId: rows[0].cafe_id, attendeeId, guest: false });
    expect(answer).toMatchObject({ outcome: 'created', registration: { status: 'confirmed' } });
    await database.pool.query(`update registration set expires_at = now() where status = 'held'`);
    expect(await seats.registrations.expireDue()).toBeGreaterThan(0);
    expect((await auditSeats(database)).differences).toEqual([]);
  });

  it('is not changed by a second upgrade', async () => {
    expect(await migrate(url)).toEqual({ migrations: [], functions: [] });
  });
});
