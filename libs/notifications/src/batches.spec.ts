import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Database, openDatabase } from '#platform';
import {
  createTestDatabase,
  startTestRedis,
  type TestDatabase,
  type TestRedis,
  waitFor,
} from '../../../test/support/index.ts';
import { openOutbox } from './outbox.ts';
import { openRelay, workerNumber } from './relay.ts';

let testDatabase: TestDatabase;
let redis: TestRedis;
let database: Database;

beforeAll(async () => {
  [testDatabase, redis] = await Promise.all([createTestDatabase(), startTestRedis()]);
  database = openDatabase({ url: testDatabase.url, connectionsMax: 8, applicationName: 'batches-spec' });
});
afterAll(async () => {
  await database.close();
  await Promise.all([testDatabase.drop(), redis.stop()]);
});
beforeEach(() => database.pool.query('truncate outbox, outbox_batch cascade'));

/** Writes one batch of messages about this number of registrations. Returns the ids of the registrations. */
async function addBatch(count: number, guests = false): Promise<string[]> {
  const made = await database.pool.query<{ ids: string[] }>(
    `with made as (select array_agg(uuidv7()) as ids from generate_series(1, $1))
     insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids)
     select ids[1], case when $2 then 'prove-address' else 'confirmed' end::mail_kind, ids, ids, case when $2 then ids else '{}' end from made
     returning registration_ids as ids`,
    [count, guests],
  );
  return made.rows[0]?.ids ?? [];
}

const open = (batches: number) => database.pool.query('select outbox_open($1) as rows', [batches]);

describe('a batch of messages', () => {
  it('becomes one row for each message, also when several processes open it', async () => {
    const confirmed = await addBatch(200);
    const guests = await addBatch(3, true);
    const batches = await Promise.all(Array.from({ length: 20 }, () => addBatch(2)));
    const ids = [...confirmed, ...guests, ...batches.flat()];
    const opened = await Promise.all(Array.from({ length: 30 }, () => open(1)));
    expect(opened.reduce((sum, { rows }) => sum + rows[0].rows, 0)).toBe(ids.length);
    const found = await database.pool.query('select * from outbox');
    const byId = new Map(found.rows.map((row) => [row.id, row]));
    expect(new Set(byId.keys())).toEqual(new Set(ids));
    const [first = ''] = confirmed;
    const [guest = ''] = guests;
    const waiting = { queued_at: null, done_at: null, created_at: expect.any(Date) };
    expect(byId.get(first)).toMatchObject({
      ...waiting,
      kind: 'confirmed',
      attendee_id: first,
      registration_id: first,
      challenge_id: null,
    });
    expect(byId.get(guest)).toMatchObject({
      ...waiting,
      kind: 'prove-address',
      attendee_id: guest,
      registration_id: guest,
      challenge_id: guest,
    });
    expect((await database.pool.query('select from outbox_batch')).rowCount).toBe(0);
  });

  it('counts as waiting before and after it is opened', async () => {
    await addBatch(5);
    await addBatch(2);
    const outbox = openOutbox({ database });
    expect((await outbox.counts()).waiting).toBe(7);
    await database.pool.query(`update outbox_batch set created_at = now() - interval '1 minute'`);
    expect((await outbox.backlog()).oldestSeconds).toBeGreaterThanOrEqual(60);
    await open(1);
    expect((await outbox.counts()).waiting).toBe(7);
    expect((await outbox.backlog()).oldestSeconds).toBeGreaterThanOrEqual(60);
  });

  it('is enqueued before later messages, also when another relay locks it for a time', async () => {
    const message = async () =>
      (await database.pool.query(`insert into outbox (kind, attendee_id) values ('confirmed', uuidv7()) returning id`))
        .rows[0].id as string;
    const earlier = await message();
    const [inBatch = ''] = await addBatch(1);
    const later = await message();
    const other = await database.pool.connect();
    const enqueued = async () => {
      const found = await database.pool.query(
        'select id from outbox where queued_at is not null order by queued_at, id',
      );
      return found.rows.map(({ id }) => id);
    };
    const relay = openRelay({
      database,
      databaseUrl: testDatabase.url,
      redisUrl: redis.url,
      worker: workerNumber(),
      logger: pino({ level: 'silent' }),
    });
    try {
      await other.query('begin');
      await other.query('select from outbox_batch for update');
      relay.start();
      await waitFor(async () => (await enqueued()).length > 0, { what: 'the first message to be enqueued' });
      expect(await enqueued()).toEqual([earlier]);
      await other.query('rollback');
      await waitFor(async () => (await enqueued()).length === 3, { what: 'all to be enqueued' });
      expect(await enqueued()).toEqual([earlier, inBatch, later]);
    } finally {
      other.release(true);
      await relay.close();
    }
  });
});
