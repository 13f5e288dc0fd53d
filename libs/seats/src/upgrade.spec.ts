import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, MIGRATIONS_FOLDER, migrate, openDatabase } from '#platform';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { administer, databaseUrl } from '../../../test/support/template.ts';
import { auditSeats } from './index.ts';

const server = process.env.COMPTOIR_TEST_POSTGRES_URL ?? '';
const name = `test_upgrade_${randomBytes(6).toString('hex')}`;
const GUESTS = '20261129000100_guest_registrations';
let database: Database;
let before: string;

beforeAll(async () => {
  await administer(server, `create database ${name}`);
  before = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  for (const each of await readdir(MIGRATIONS_FOLDER)) {
    if (each < GUESTS) await cp(path.join(MIGRATIONS_FOLDER, each), path.join(before, each), { recursive: true });
  }
  await migrate(databaseUrl(server, name), before);
  database = openDatabase({ url: databaseUrl(server, name), connectionsMax: 2, applicationName: 'upgrade-spec' });
});

afterAll(async () => {
  await database.close();
  await administer(server, `drop database if exists ${name} with (force)`);
  await rm(before, { recursive: true });
});

describe('a database of the build before guest registrations', () => {
  it('is upgraded with its seats and lines: what was held takes no time any more, and three stay held for a mailbox', async () => {
    const { pool } = database;
    const { cafeIds } = await buildEvent(pool, [{ seats: 2 }, ...Array.from({ length: 4 }, () => ({ seats: 2 }))]);
    const people = await buildPeople(pool, 6, { proved: false });
    const [seated, held, waiting, ...others] = people as [string, string, string, ...string[]];
    const claim = (cafeId: string | undefined, attendeeId: string, proved: boolean) =>
      pool.query(
        `select * from seats_claim(array[$1::uuid], array[$2::uuid], array[$3::boolean], array[case when not $3 then uuidv7() end], '30 minutes')`,
        [cafeId, attendeeId, proved],
      );
    await claim(cafeIds[0], seated, true);
    await claim(cafeIds[0], held, false);
    await claim(cafeIds[0], waiting, false);
    for (const [place, id] of [...others, held].entries()) {
      await pool.query('update attendee set email = $2 where id = $1', [id, `same+${place}@example.org`]);
    }
    for (const [place, id] of others.entries()) await claim(cafeIds[place + 1], id, false);
    await migrate(databaseUrl(server, name));

    const { rows } = await pool.query(
      'select attendee_id, status, guest from registration where cafe_id = $1 order by waitlist_number nulls first, id',
      [cafeIds[0]],
    );
    expect(rows).toEqual([
      { attendee_id: seated, status: 'confirmed', guest: false },
      { attendee_id: held, status: 'held', guest: true },
      { attendee_id: waiting, status: 'waitlisted', guest: true },
    ]);
    const busy = await pool.query('select attendee_id from attendee_day where busy_minutes > 0');
    expect(busy.rows).toEqual([{ attendee_id: seated }]);
    expect((await pool.query('select mailbox, held from mailbox_hold')).rows).toEqual([
      { mailbox: 'same@example.org', held: 3 },
    ]);
    expect((await auditSeats(database)).faults).toEqual([]);
  });
});
