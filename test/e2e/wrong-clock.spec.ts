import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { buildEvent, buildPeople } from '../support/build.ts';
import { type Stack, startStack, waitFor } from '../support/index.ts';
import { openSeats } from '../support/seats.ts';

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

  it('ends holds within a second after they expire by the clock of the database, and not earlier', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 10 }]);
    const cafeId = cafeIds[0] as string;
    const [later = '', ...soon] = await buildPeople(database.pool, 5, { proved: false });
    const seats = openSeats({ database, holdTtlMinutes: 5 });
    for (const attendeeId of [later, ...soon]) await seats.claims.claim({ cafeId, attendeeId, guest: true });
    for (const [place, attendeeId] of soon.entries()) {
      await database.pool.query(
        `update registration set expires_at = now() + (1.5 + $2) * interval '1 second' where attendee_id = $1`,
        [attendeeId, place],
      );
    }
    const endedAfter = await waitFor(
      async () => {
        const { rows } = await database.pool.query<{ seconds: number }>(
          `select extract(epoch from e.at - held.expires_at)::float as seconds
           from seat_event e join seat_event held on held.registration_ids <@ e.registration_ids
           where e.what = 'expired' and held.what = 'told' and e.cafe_id = $1`,
          [cafeId],
        );
        return rows.length === soon.length && rows.map(({ seconds }) => seconds);
      },
      { what: 'the holds are ended' },
    );
    expect(Math.min(...endedAfter)).toBeGreaterThanOrEqual(0);
    // Other tests share the processors, so only the fastest of several holds counts.
    expect(Math.min(...endedAfter)).toBeLessThan(1);
    const { rows } = await database.pool.query('select status from registration where attendee_id = $1', [later]);
    expect(rows).toEqual([{ status: 'held' }]);
  });
});
