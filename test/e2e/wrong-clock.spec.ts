import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { openSeats } from '#seats';
import { buildEvent, buildPeople } from '../support/build.ts';
import { type Stack, startStack, waitFor } from '../support/index.ts';

const preload = pathToFileURL(path.resolve('test/support/wrong-clock.mjs')).href;

describe.each([10, -10])('a worker whose clock is wrong by %i minutes', (minutes) => {
  let stack: Stack;
  let database: Database;

  beforeAll(async () => {
    stack = await startStack({
      apps: ['worker'],
      environment: { NODE_OPTIONS: `--import ${preload}`, CLOCK_WRONG_MINUTES: String(minutes) },
    });
    database = openDatabase({ url: stack.databaseUrl, connectionsMax: 2, applicationName: 'wrong-clock-spec' });
  });

  afterAll(async () => {
    await database?.close();
    await stack?.stop();
  });

  it('ends a hold within a second of its time by the database’s clock, and no other', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 2 }]);
    const cafeId = cafeIds[0] as string;
    const [soon, later] = (await buildPeople(database.pool, 2, { proved: false })) as [string, string];
    const seats = openSeats({ database, holdTtlMinutes: 5 });
    for (const attendeeId of [soon, later]) await seats.claim({ cafeId, attendeeId, proved: false });
    await database.pool.query(
      `update registration set expires_at = now() + interval '1.5 seconds' where attendee_id = $1`,
      [soon],
    );
    const endedAfter = await waitFor(
      async () => {
        const { rows } = await database.pool.query(
          `select extract(epoch from e.at - r.before)::float as seconds
         from seat_event e, lateral (
           select k.expires_at as before from seat_event k where k.registration_ids = e.registration_ids and k.what = 'told'
         ) r
         where e.what = 'expired' and e.cafe_id = $1`,
          [cafeId],
        );
        return rows[0] as { seconds: number } | undefined;
      },
      { what: 'the hold is ended' },
    );
    expect(endedAfter.seconds).toBeGreaterThanOrEqual(0);
    expect(endedAfter.seconds).toBeLessThan(1);
    const { rows } = await database.pool.query('select status from registration where attendee_id = $1', [later]);
    expect(rows).toEqual([{ status: 'held' }]);
  });
});
