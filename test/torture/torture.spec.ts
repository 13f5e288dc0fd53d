import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../support/index.ts';
import { administer } from '../support/template.ts';
import { torture } from './torture.ts';

/** `npm run seats -- torture --minutes N` runs more. */
const ROUNDS = 12;

describe('eight connections that make random changes of seats', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    // The rounds have many deadlocks: Postgres detects them after 0.1 s instead of one second.
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

  it('leave tables that equal the ledger, no oversold Café, and no person who waits for a free seat that they could take', async () => {
    const { violations, rounds } = await torture(database, {
      seed: Date.now() % 2 ** 31,
      until: Number.POSITIVE_INFINITY,
      rounds: ROUNDS,
    });
    expect(violations).toEqual([]);
    expect(rounds).toBe(ROUNDS);
  });

  it('break these rules when the Cafés are not locked', async () => {
    for (const name of ['seats_lock_around', 'seats_claim', 'seats_lock_event']) {
      const found = await database.pool.query('select pg_get_functiondef($1::regproc) as definition', [name]);
      const definition: string = found.rows[0].definition;
      const unlocked = definition.replace(/(from cafe_seats s where [^;]*?) for update/, '$1');
      expect(unlocked).not.toBe(definition);
      await database.pool.query(unlocked);
    }
    const { violations } = await torture(database, { seed: 1, until: Number.POSITIVE_INFINITY, rounds: 100 });
    expect(violations).not.toEqual([]);
  });
});
