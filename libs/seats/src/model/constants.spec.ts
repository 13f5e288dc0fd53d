import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { seatConstants } from './constants.ts';

let testDatabase: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await testDatabase.drop();
});

describe('the constants of the SQL', () => {
  it('equal those of the model, and each has one function', async () => {
    const found: Record<string, number> = {};
    for (const file of readdirSync('libs/seats/sql/constants')) {
      const name = file.replace('.sql', '');
      const { rows } = await client
        .query(`select extract(epoch from v) / 60 as minutes from (select ${name}() as v) c`)
        .catch(() => client.query(`select ${name}() as minutes`));
      found[name] = Number(rows[0].minutes);
    }
    const expected = Object.fromEntries(
      Object.entries(seatConstants).map(([name, value]) => [name, expect.closeTo(value)]),
    );
    expect(found).toEqual(expected);
  });

  it('equal those of the constraints', async () => {
    const { rows } = await client.query(
      `select conname, pg_get_constraintdef(oid) as says from pg_constraint where conname in ('cafe_within_a_day', 'mailbox_hold_within_limit') order by 1`,
    );
    expect(rows.map(({ says }) => says)).toEqual([
      expect.stringContaining(`'${seatConstants.cafe_duration_max / 60}:00:00'::interval`),
      expect.stringContaining(`held <= ${seatConstants.mailbox_holds_max}`),
    ]);
  });
});
