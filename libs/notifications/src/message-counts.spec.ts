import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type Database, inTransaction, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { openDeliveries } from './deliveries.ts';
import { countMessages, readBacklog } from './message-counts.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'counts-spec' });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(() => database.pool.query('truncate outbox, outbox_batch, sent_mail_count cascade'));

const SENT = 20_000;

/** Adds messages that were sent, with their deliveries. */
const addSent = (count: number) =>
  database.pool.query(
    `with message as (
       insert into outbox (kind, attendee_id, queued_at, done_at)
       select 'confirmed', uuidv7(), now(), now() from generate_series(1, $1) returning id
     )
     insert into email_delivery (outbox_id, message_id, status, sent_at) select id, id::text, 'sent', now() from message`,
    [count],
  );

/** How many rows of tables and indexes the work reads. */
async function rowsRead(work: (client: pg.PoolClient) => Promise<unknown>): Promise<number> {
  const read = `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows from pg_stat_xact_user_tables`;
  return inTransaction(database.pool, async (client) => {
    const before = (await client.query(read)).rows[0].rows;
    await work(client);
    return (await client.query(read)).rows[0].rows - before;
  });
}

describe('the counts of messages', () => {
  it('cost in proportion to the messages that wait, not to those that were sent', async () => {
    await addSent(SENT);
    await database.pool.query('analyze outbox, email_delivery');
    await database.pool.query(`insert into outbox (kind) select 'confirmed' from generate_series(1, 3)`);
    const read = await rowsRead(async (client) => {
      expect((await countMessages(client)).waiting).toBe(3);
      await readBacklog(client);
    });
    expect(read).toBeLessThan(SENT / 100);
  });

  it('include each sent message once, also when several workers record it several times', async () => {
    const message = await database.pool.query(
      `insert into outbox (kind, attendee_id) select 'confirmed', uuidv7() from generate_series(1, 40) returning id`,
    );
    const ids: string[] = message.rows.map(({ id }) => id);
    const workers = [1, 2, 18].map((worker) => openDeliveries({ database, domain: 'localhost', worker }));
    await Promise.all(
      ids.map(async (id, place) => {
        const deliveries = workers[place % workers.length];
        await deliveries?.take(id);
        await Promise.all([deliveries?.sent(id), workers[0]?.sent(id)]);
      }),
    );
    expect(await countMessages(database.pool)).toEqual({ sent: 40, waiting: 0, failed: 0 });
    await database.pool.query('delete from outbox');
    expect((await countMessages(database.pool)).sent).toBe(40);
  });
});
