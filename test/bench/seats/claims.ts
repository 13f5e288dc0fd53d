import { randomUUID } from 'node:crypto';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { type ApiBench, claimPath } from './api-bench.ts';
import { expectAllSeated, expectOnly, peopleFor, type Turn } from './turn.ts';

/** The reference: the same small POST with the same cookies, answered by Fastify alone. */
export async function prepareEcho(bench: ApiBench, seconds: number): Promise<Turn> {
  const cookies = bench.sessions(Array.from({ length: 1_000 }, () => randomUUID()));
  return async () => {
    const measured = await bench.load({ origin: bench.echoOrigin, paths: ['/echo'], cookies, seconds });
    expectOnly(200, measured);
    return measured;
  };
}

/** Claims in one Café: signed in, validated, on disk when answered. */
export function prepareHotCafe(bench: ApiBench, seconds: number): Promise<Turn> {
  return prepareClaims(bench, seconds, 1);
}

/** The same claims, each in the next of 200 Cafés. */
export function prepareManyCafes(bench: ApiBench, seconds: number): Promise<Turn> {
  return prepareClaims(bench, seconds, 200);
}

async function prepareClaims(bench: ApiBench, seconds: number, cafes: number): Promise<Turn> {
  const { pool } = bench.database;
  const { cafeIds } = await buildEvent(
    pool,
    // Each Café has its own room, so that no Café shares seats.
    Array.from({ length: cafes }, (_, room) => ({ seats: 100_000, room })),
  );
  const cookies = bench.sessions(await buildPeople(pool, peopleFor(seconds)));
  return async () => {
    const paths = cafeIds.map(claimPath);
    const measured = await bench.load({ origin: bench.apiOrigin, paths, cookies, seconds });
    // A recount reads every registration for each Café, so only a few are recounted.
    await expectAllSeated(bench.database, cafeIds, measured);
    return measured;
  };
}

/** The usual way, for comparison: one transaction with a row lock for each request. */
export async function prepareRowLock(bench: ApiBench, seconds: number): Promise<Turn> {
  const { pool } = bench.database;
  const { cafeIds } = await buildEvent(pool, [{ seats: 100_000 }]);
  // It answers far fewer requests than the others.
  const cookies = await buildPeople(pool, peopleFor(seconds) / 5);
  return () =>
    bench.withServer('row-lock-server.ts', [bench.databaseUrl, ...cafeIds], async (origin) => {
      const measured = await bench.load({ origin, paths: ['/claim'], cookies, seconds });
      expectOnly(201, measured);
      return measured;
    });
}
