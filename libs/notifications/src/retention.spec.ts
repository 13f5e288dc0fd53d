import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'retention-spec' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** A message of so many days ago; done so many days ago, or not done. */
async function message(days: number, doneDays?: number): Promise<string> {
  const { rows } = await database.pool.query(
    `with made as (
       insert into outbox (id, kind, created_at, done_at)
       values (uuidv7(make_interval(days => -$1::integer)), 'confirmed', now() - make_interval(days => $1), now() - make_interval(days => $2))
       returning id
     ),
     delivered as (insert into email_delivery (outbox_id, message_id) select id, id::text from made)
     select id from made`,
    [days, doneDays ?? null],
  );
  return rows[0].id;
}

describe('messages of the outbox', () => {
  it('are deleted with their deliveries 90 days after they were done, so many at a time, and never before', async () => {
    const old = [await message(91, 91), await message(200, 120), await message(95, 95)];
    const kept = [await message(91, 1), await message(200), await message(89, 89)].sort();
    const forget = async (most: number) =>
      (await database.pool.query('select outbox_forget($1) as count', [most])).rows[0].count;
    expect([await forget(2), await forget(2), await forget(2)]).toEqual([2, 1, 0]);
    for (const text of ['select id from outbox order by 1', 'select outbox_id as id from email_delivery order by 1']) {
      const { rows } = await database.pool.query<{ id: string }>(text);
      expect(rows.map(({ id }) => id)).toEqual(kept);
      for (const id of old) expect(kept).not.toContain(id);
    }
  });
});
