import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../support/index.ts';
import { administer } from '../support/template.ts';
import { torture } from './torture.ts';

/** More by command: `npm run seats -- torture --minutes N`. */
const ROUNDS = 12;

describe('eight connections that change seats at random at once', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    // A deadlock, of which rounds are full, is found in a tenth of a second instead of one.
    await administer(
      testDatabase.url,
      `do $$ begin execute format('alter database %I set deadlock_timeout = ''100ms''', current_database()); end $$`,
    );
    database = openDatabase({ url: testDatabase.url, connectionsMax: 8, applicationName: 'torture-spec' });
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  it('leave the tables as the ledger says, never oversold, and nobody waiting for a seat they could take', async () => {
    const { faults, rounds } = await torture(database, {
      seed: Date.now() % 2 ** 31,
      until: Number.POSITIVE_INFINITY,
      rounds: ROUNDS,
    });
    expect(faults).toEqual([]);
    expect(rounds).toBe(ROUNDS);
  });

  it('do not, once what is around a seat is no longer locked', async () => {
    for (const name of ['seats_lock_around', 'seats_claim', 'seats_lock_event']) {
      const found = await database.pool.query('select pg_get_functiondef($1::regproc) as definition', [name]);
      const definition: string = found.rows[0].definition;
      const unlocked = definition.replace(/(from cafe_seats s where [^;]*?) for update/, '$1');
      expect(unlocked).not.toBe(definition);
      await database.pool.query(unlocked);
    }
    const { faults } = await torture(database, { seed: 1, until: Number.POSITIVE_INFINITY, rounds: 100 });
    expect(faults).not.toEqual([]);
  });
});
