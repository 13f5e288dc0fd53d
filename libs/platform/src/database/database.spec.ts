import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { type Database, inTransaction, isDatabaseUnavailable, openDatabase, prepared } from './database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'test-database' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** What went wrong with a statement that is given so little time. */
const faultOf = (statement: string) =>
  inTransaction(database.pool, async (client) => {
    await client.query(`set local statement_timeout = '50ms'`);
    return client.query(statement);
  }).then(
    () => undefined,
    (fault: unknown) => fault,
  );

describe('a prepared statement', () => {
  it('has the same name on a connection each time, and no other has it', async () => {
    const client = await database.pool.connect();
    try {
      for (const text of ['select 1 as n', 'select 2 as n', 'select 1 as n']) {
        expect((await client.query(prepared(text, []))).rows).toEqual([{ n: Number(text.at(7)) }]);
      }
      const { rows } = await client.query('select statement from pg_prepared_statements order by statement');
      expect(rows).toEqual([{ statement: 'select 1 as n' }, { statement: 'select 2 as n' }]);
    } finally {
      client.release(true);
    }
  });
});

describe('a fault of a statement', () => {
  it('passes by itself when the server ended it for taking too long', async () => {
    expect(isDatabaseUnavailable(await faultOf('select pg_sleep(60)'))).toBe(true);
  });

  it('does not when the statement is wrong', async () => {
    for (const wrong of ['select 1/0', 'select * from nowhere', `select 'x'::uuid`]) {
      const fault = await faultOf(wrong);
      expect(fault).toBeDefined();
      expect(isDatabaseUnavailable(fault)).toBe(false);
    }
  });
});
