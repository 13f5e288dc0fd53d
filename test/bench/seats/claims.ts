import { randomUUID } from 'node:crypto';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { claimPath, type Stand } from './stand.ts';
import { expectAllSeated, expectOnly, peopleFor, type Turn } from './turn.ts';

/** The yardstick: the same small POST, with the same cookies, given back by Fastify and nothing else. */
export async function prepareEcho(stand: Stand, seconds: number): Promise<Turn> {
  const cookies = stand.sessions(Array.from({ length: 1_000 }, () => randomUUID()));
  return async () => {
    const measured = await stand.load({ origin: stand.echoOrigin, paths: ['/echo'], cookies, seconds });
    expectOnly(200, measured);
    return measured;
  };
}

/** Registrations into one Café: signed in, validated, on disk when answered. */
export function prepareHotCafe(stand: Stand, seconds: number): Promise<Turn> {
  return prepareClaims(stand, seconds, 1);
}

/** The same registrations, each into another of 200 Cafés in turn. */
export function prepareManyCafes(stand: Stand, seconds: number): Promise<Turn> {
  return prepareClaims(stand, seconds, 200);
}

async function prepareClaims(stand: Stand, seconds: number, cafes: number): Promise<Turn> {
  const { pool } = stand.database;
  const { cafeIds } = await buildEvent(
    pool,
    // A room each: none of them shares its seats.
    Array.from({ length: cafes }, (_, room) => ({ seats: 100_000, room })),
  );
  const cookies = stand.sessions(await buildPeople(pool, peopleFor(seconds)));
  return async () => {
    const paths = cafeIds.map(claimPath);
    const measured = await stand.load({ origin: stand.apiOrigin, paths, cookies, seconds });
    // A recount reads every registration for each Café: a few of them tell.
    await expectAllSeated(stand.database, cafeIds, measured);
    return measured;
  };
}

/** The usual way, for comparison: one row-locking transaction a request. */
export async function prepareRowLock(stand: Stand, seconds: number): Promise<Turn> {
  const { pool } = stand.database;
  const { cafeIds } = await buildEvent(pool, [{ seats: 100_000 }]);
  // It answers far fewer than the others do.
  const cookies = await buildPeople(pool, peopleFor(seconds) / 5);
  return () =>
    stand.withServer('row-lock-server.ts', [stand.databaseUrl, ...cafeIds], async (origin) => {
      const measured = await stand.load({ origin, paths: ['/claim'], cookies, seconds });
      expectOnly(201, measured);
      return measured;
    });
}
