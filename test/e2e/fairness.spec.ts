import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SESSION_COOKIE } from '#identity';
import { type Database, openDatabase } from '#platform';
import { buildEvent, buildPeople } from '../support/build.ts';
import { clientAt } from '../support/client.ts';
import { type Identity, openIdentity } from '../support/identity.ts';
import { type Stack, startStack } from '../support/index.ts';
import { type CrowdAnswer, claimWithoutItsLock, violationsOf } from './crowd.ts';

/** The number of Cafés that are tried. Without its lock the claim fails in most of them, with it in none. */
const CROWDS = 6;
const PEOPLE = 500;
const SEATS = 20;

describe('five hundred people at a Café of twenty seats, through two API processes', () => {
  let stack: Stack;
  let database: Database;
  let people: Identity;

  beforeAll(async () => {
    stack = await startStack({ apps: ['api'], apiCount: 2 });
    database = openDatabase({ url: stack.databaseUrl, connectionsMax: 4, applicationName: 'fairness-spec' });
    people = openIdentity({ database, secret: stack.secret, publicUrl: stack.apiUrl });
  });

  afterAll(async () => {
    await database?.close();
    await stack?.stop();
  });

  /** The violations after each of the crowds. */
  async function crowds(): Promise<string[][]> {
    const { cafeIds } = await buildEvent(
      database.pool,
      // Each Café is in a room of its own, so that only the lock of the Café orders the claims.
      Array.from({ length: CROWDS }, (_, room) => ({ seats: SEATS, room })),
    );
    const found: string[][] = [];
    for (const cafeId of cafeIds) {
      const attendeeIds = await buildPeople(database.pool, PEOPLE);
      const answers = await Promise.all(attendeeIds.map((attendeeId, index) => claim(cafeId, attendeeId, index)));
      found.push(await violationsOf(database.pool, { cafeId, seats: SEATS, answers }));
    }
    return found;
  }

  async function claim(cafeId: string, attendeeId: string, index: number): Promise<CrowdAnswer> {
    const api = stack.apiUrls[index % stack.apiUrls.length];
    const client = clientAt(api ?? '', `${SESSION_COOKIE}=${people.sessions.open(attendeeId).cookie}`);
    const { status, answer } = await client.ask('POST /cafes/{id}/registrations', { id: cafeId, body: {} });
    return status === 201 ? { status, registration: answer } : { status };
  }

  it('get seats and waitlist places in the order of commits and correct answers, and the counts equal a recount', async () => {
    expect(await crowds()).toEqual(Array(CROWDS).fill([]));
  });

  it('do not when the claim runs without its row lock', async () => {
    await database.pool.query(await claimWithoutItsLock());
    expect((await crowds()).flat()).not.toEqual([]);
  });
});
