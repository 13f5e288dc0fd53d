import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { openMailRetention } from './retention.ts';

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

/** Adds messages that were written and done this number of days ago, with their deliveries. */
const addMessages = (count: number, madeDaysAgo: number, doneDaysAgo: number | null, status = 'sent') =>
  database.pool.query(
    `with message as (
       insert into outbox (id, kind, attendee_id, created_at, done_at)
       select uuidv7(make_interval(days => -$2::integer)), 'confirmed', uuidv7(), now() - make_interval(days => $2),
         now() - make_interval(days => $3)
       from generate_series(1, $1) returning id
     )
     insert into email_delivery (outbox_id, message_id, status) select id, id::text, $4::delivery_status from message`,
    [count, madeDaysAgo, doneDaysAgo, status],
  );

const count = async (from: string): Promise<number> =>
  (await database.pool.query(`select count(*)::integer as rows from ${from}`)).rows[0].rows;

describe('the retention of messages', () => {
  it('deletes messages that were done 90 days ago and their deliveries, in batches, and keeps newer and waiting messages', async () => {
    await addMessages(2_500, 120, 91);
    await addMessages(3, 120, 91, 'bounced');
    // One was enqueued again long after it was written; one is not old enough; one still waits.
    await addMessages(1, 120, 2);
    await addMessages(1, 91, 89);
    await addMessages(1, 200, null, 'deferred');
    await openMailRetention({ database }).tidy();
    expect([await count('outbox'), await count('email_delivery')]).toEqual([3, 3]);
    expect(await count('outbox where done_at is null')).toBe(1);
  });

  it('deletes the records of scheduled messages after a year', async () => {
    await database.pool.query(
      `insert into scheduled_mail (kind, subject_id, about_at, owed_at)
       select kind, uuidv7(), now(), now() - make_interval(days => days)
       from unnest('{reminder-soon,host-list,thanks,reminder-day-before}'::mail_kind[], '{366,366,366,364}'::integer[]) as m (kind, days)`,
    );
    await openMailRetention({ database }).tidy();
    const remaining = await database.pool.query('select kind from scheduled_mail order by kind');
    expect(remaining.rows.map(({ kind }) => kind)).toEqual(['reminder-day-before']);
  });
});
