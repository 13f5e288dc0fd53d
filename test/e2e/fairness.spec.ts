import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SESSION_COOKIE } from '#identity';
import { type Database, openDatabase } from '#platform';
import { buildEvent, buildPeople } from '../support/build.ts';
import { clientAt } from '../support/client.ts';
import { type Identity, openIdentity } from '../support/identity.ts';
import { type Stack, startStack } from '../support/index.ts';
import { type CrowdAnswer, claimWithoutItsLock, faultsOf } from './crowd.ts';

/** So many Cafés in turn: without its lock the claim goes wrong most of the time, with it never. */
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

  /** What is wrong after each of the crowds. */
  async function crowds(): Promise<string[][]> {
    const { cafeIds } = await buildEvent(
      database.pool,
      // A room each: they share nothing, so that the Café's own lock is all there is.
      Array.from({ length: CROWDS }, (_, room) => ({ seats: SEATS, room })),
    );
    const found: string[][] = [];
    for (const cafeId of cafeIds) {
      const attendeeIds = await buildPeople(database.pool, PEOPLE);
      const answers = await Promise.all(attendeeIds.map((attendeeId, index) => claim(cafeId, attendeeId, index)));
      found.push(await faultsOf(database.pool, { cafeId, seats: SEATS, answers }));
    }
    return found;
  }

  async function claim(cafeId: string, attendeeId: string, index: number): Promise<CrowdAnswer> {
    const api = stack.apiUrls[index % stack.apiUrls.length];
    const client = clientAt(api ?? '', `${SESSION_COOKIE}=${people.sessions.open(attendeeId).cookie}`);
    const { status, answer } = await client.ask('POST /cafes/{id}/registrations', { id: cafeId, body: {} });
    return status === 201 ? { status, registration: answer } : { status };
  }

  it('are seated and queued in the order of commits, each told so, and every counter equals a recount', async () => {
    expect(await crowds()).toEqual(Array(CROWDS).fill([]));
  });

  it('are not, once the claim does without its row lock', async () => {
    await database.pool.query(await claimWithoutItsLock());
    expect((await crowds()).flat()).not.toEqual([]);
  });
});
