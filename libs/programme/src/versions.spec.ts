import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { Programme } from '#programme';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'versions-spec' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Creates an event with two Cafés. Returns how much the versions of the event and the Cafés grew in a statement. */
async function programme() {
  const { pool } = database;
  const { eventId, roomIds, cafeIds } = await buildEvent(pool, [{ seats: 5 }, { seats: 5 }]);
  const versions = async () => {
    const { rows } = await pool.query<{ version: string }>(
      `select version from event where id = $1
       union all (select version from cafe where event_id = $1 order by position)`,
      [eventId],
    );
    return rows.map(({ version }) => Number(version));
  };
  const grown = async (text: string, values: unknown[]) => {
    const before = await versions();
    await pool.query(text, values);
    return (await versions()).map((version, place) => version - (before[place] ?? 0));
  };
  return { eventId, roomId: roomIds[0], cafeIds, grown };
}

describe('the versions of an event and of its Cafés', () => {
  it('grow with changes of the programme: the version of a Café with its own row, the version of the event with each of its rows', async () => {
    const { eventId, roomId, cafeIds, grown } = await programme();
    expect(await grown(`update cafe set hosts = '{Nantes}' where id = $1`, [cafeIds[0]])).toEqual([1, 1, 0]);
    expect(await grown(`update room set name = 'Salle Étoile' where id = $1`, [roomId])).toEqual([1, 0, 0]);
    expect(await grown(`update event set slug = slug || '-x' where id = $1`, [eventId])).toEqual([1, 0, 0]);
    expect(
      await grown(`insert into room (event_id, code, name, capacity, position) values ($1, 'x', 'X', 1, 9)`, [eventId]),
    ).toEqual([1, 0, 0]);
    expect(await grown(`delete from room where event_id = $1 and code = 'x'`, [eventId])).toEqual([1, 0, 0]);
  });

  it('do not grow when nothing changes, or when only seats change', async () => {
    const { cafeIds, grown } = await programme();
    const [attendeeId] = await buildPeople(database.pool, 1);
    expect(await grown('update cafe set hosts = hosts where id = $1', [cafeIds[0]])).toEqual([0, 0, 0]);
    expect(await grown('select seats_claim(array[$1::uuid], array[$2::uuid])', [cafeIds[0], attendeeId])).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('the version for caches', () => {
  it('differs after each change of the event, its rooms and its Cafés, and stays when rows are written without a change', async () => {
    const { eventId, roomId, cafeIds } = await programme();
    const { pool } = database;
    const records = new Programme(database);
    const versions = () => Promise.all([records.version(eventId), records.version()]);
    let before = await versions();
    const writes: [changes: boolean, text: string, values: unknown[]][] = [
      [true, `update event set title = title || '{"fr": "Nuit"}' where id = $1`, [eventId]],
      [true, `update room set capacity = capacity - 1 where id = $1`, [roomId]],
      [true, `update cafe set language = 'en' where id = $1`, [cafeIds[1]]],
      [false, `update event set slug = slug where id = $1`, [eventId]],
      [false, `update room set capacity = capacity where id = $1`, [roomId]],
      [false, `update cafe set hosts = hosts where id = $1`, [cafeIds[0]]],
      [true, `delete from cafe where id = $1`, [cafeIds[1]]],
    ];
    for (const [changes, text, values] of writes) {
      await pool.query(text, values);
      const after = await versions();
      expect([text, after[0] !== before[0], after[1] !== before[1]]).toEqual([text, changes, changes]);
      before = after;
    }
    await pool.query('delete from event where id = $1', [eventId]);
    expect(await records.version(eventId)).toBe('');
  });
});

describe('an event', () => {
  it('belongs to the default organisation unless it names another one', async () => {
    const { eventId } = await programme();
    const { rows } = await database.pool.query(
      'select o.slug from event e join organisation o on o.id = e.organisation_id where e.id = $1',
      [eventId],
    );
    expect(rows).toEqual([{ slug: 'default' }]);
  });

  it('deletes its own rows of the ledger when it is deleted, and no others', async () => {
    const [gone, kept] = [await programme(), await programme()];
    const [one, other] = await buildPeople(database.pool, 2);
    const { pool } = database;
    await pool.query('select seats_claim(array[$1::uuid], array[$2::uuid])', [gone.cafeIds[0], one]);
    await pool.query('select seats_claim(array[$1::uuid], array[$2::uuid])', [kept.cafeIds[0], other]);
    await pool.query(
      `select seats_end(array(select id from registration where cafe_id = $1), 'cancelled', 'attendee', null)`,
      [gone.cafeIds[0]],
    );
    await pool.query('delete from event where id = $1', [gone.eventId]);
    const { rows } = await pool.query(
      `select event_id, count(*)::integer as count from (
         select event_id from seat_event union all select event_id from seat_event_made
       ) ledger where event_id in ($1, $2) group by 1`,
      [gone.eventId, kept.eventId],
    );
    expect(rows).toEqual([{ event_id: kept.eventId, count: 3 }]);
  });
});

describe('a role', () => {
  it('of an owner has no event, and every other role has one', async () => {
    const { eventId } = await programme();
    const [attendeeId] = await buildPeople(database.pool, 1);
    const grant = (role: string, event: string | null) =>
      database.pool.query('insert into role_grant (attendee_id, role, event_id) values ($1, $2, $3)', [
        attendeeId,
        role,
        event,
      ]);
    await grant('owner', null);
    await grant('organiser', eventId);
    await expect(grant('owner', eventId)).rejects.toMatchObject({ constraint: 'role_grant_has_its_scope' });
    await expect(grant('organiser', null)).rejects.toMatchObject({ constraint: 'role_grant_has_its_scope' });
    await expect(grant('owner', null)).rejects.toMatchObject({ constraint: 'role_grant_once' });
  });
});
