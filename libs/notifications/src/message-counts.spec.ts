import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type Database, inTransaction, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { openDeliveries } from './deliveries.ts';
import { countMessages, countMessagesByEvent, readBacklog } from './message-counts.ts';

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
beforeEach(() => database.pool.query('truncate outbox, outbox_batch, sent_mail_count, event_mail_count cascade'));

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

/** The number of rows of tables and indexes that the work reads. */
async function rowsRead(work: (client: pg.PoolClient) => Promise<unknown>): Promise<number> {
  const read = `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows from pg_stat_xact_user_tables`;
  return inTransaction(database.pool, async (client) => {
    const before = (await client.query(read)).rows[0].rows;
    await work(client);
    return (await client.query(read)).rows[0].rows - before;
  });
}

const NIL = '00000000-0000-0000-0000-000000000000';

describe('the counts of messages', () => {
  it('cost time in proportion to the waiting messages, not to the sent ones', async () => {
    await addSent(SENT);
    await database.pool.query('analyze outbox, email_delivery');
    await database.pool.query(`insert into outbox (kind) select 'confirmed' from generate_series(1, 3)`);
    const read = await rowsRead(async (client) => {
      expect((await countMessages(client)).waiting).toBe(3);
      await countMessagesByEvent(client, [NIL]);
      await readBacklog(client);
    });
    expect(read).toBeLessThan(SENT / 100);
  });

  it('count each sent message once, also when several workers record it', async () => {
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

  it('by event count only the messages about that event, in every state', async () => {
    const ids = await database.pool.query('select uuidv7() as one, uuidv7() as other');
    const { one, other } = ids.rows[0] as { one: string; other: string };
    const deliveries = [1, 2].map((worker) => openDeliveries({ database, domain: 'localhost', worker }));
    const add = async (eventId: string | undefined, count: number): Promise<string[]> => {
      const made = await database.pool.query(
        `insert into outbox (kind, attendee_id, event_id, queued_at)
         select 'confirmed', uuidv7(), $1, case when number % 2 = 0 then now() end from generate_series(1, $2) number returning id`,
        [eventId, count],
      );
      return made.rows.map(({ id }) => id);
    };
    const send = async (messageIds: string[]): Promise<void> => {
      await Promise.all(
        messageIds.map(async (id, place) => {
          await deliveries[place % 2]?.take(id);
          await deliveries[place % 2]?.sent(id);
        }),
      );
    };
    const [first = '', , ...sent] = await add(one, 9);
    // One batch with messages about both events and about none.
    await send([...sent, ...(await add(other, 4)), ...(await add(undefined, 2))]);
    await send(sent);
    await deliveries[0]?.take(first);
    await deliveries[0]?.bounced(first, '550', one);
    await database.pool.query(
      `insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids, event_id)
       values (uuidv7(), 'confirmed', array[uuidv7(), uuidv7(), uuidv7()], array[uuidv7(), uuidv7(), uuidv7()], '{}', $1)`,
      [other],
    );
    const counts = () => countMessagesByEvent(database.pool, [one, other, NIL]);
    const expected = new Map([
      [one, { sent: 7, waiting: 1, failed: 1 }],
      [other, { sent: 4, waiting: 3, failed: 0 }],
      [NIL, { sent: 0, waiting: 0, failed: 0 }],
    ]);
    expect(await counts()).toEqual(expected);
    await database.pool.query('select outbox_open(1)');
    expect(await counts()).toEqual(expected);
    expect(await countMessages(database.pool)).toEqual({ sent: 13, waiting: 4, failed: 1 });
  });
});
