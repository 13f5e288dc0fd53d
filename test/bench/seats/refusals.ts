import type { Database } from '#platform';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { type ApiBench, claimPath } from './api-bench.ts';
import { expectOnly, expectRecounted, peopleFor, type Turn } from './turn.ts';

/** The numbers of people and seats. */
export interface Rush {
  people: number;
  seats: number;
}

/**
 * Refusals of a full Café whose waitlist is closed. First more people than there are seats claim once; then other people claim, and only
 * their claims are measured. Only the first people can get a seat, and every seat is given.
 */
export async function prepareRefusals(bench: ApiBench, seconds: number, rush: Rush): Promise<Turn> {
  const { pool } = bench.database;
  const { cafeIds } = await buildEvent(pool, [{ seats: rush.seats, waitlistOpen: false }]);
  const [cafeId] = cafeIds as [string];
  const cookies = bench.sessions(await buildPeople(pool, rush.people + peopleFor(seconds)));
  const where = { origin: bench.apiOrigin, paths: [claimPath(cafeId)] };
  return async () => {
    const rushed = await bench.load({ ...where, cookies: cookies.slice(0, rush.people), requests: rush.people });
    const { 201: seated, 409: refused, ...others } = rushed.answers;
    if (
      seated !== rush.seats ||
      refused !== rush.people - rush.seats ||
      Object.keys(others).length + rushed.errors > 0
    ) {
      throw new Error(`${rush.people} people asked for ${rush.seats} seats: ${JSON.stringify(rushed)}`);
    }
    const measured = await bench.load({ ...where, cookies: cookies.slice(rush.people), seconds });
    expectOnly(409, measured);
    await expectExactlyFull(bench.database, cafeId, rush.seats);
    return measured;
  };
}

async function expectExactlyFull(database: Database, cafeId: string, seats: number): Promise<void> {
  const { rows } = await database.pool.query(
    `select count(*)::integer as taken from registration
     where cafe_id = $1 and status in ('held', 'offered', 'confirmed', 'waitlisted')`,
    [cafeId],
  );
  if (rows[0].taken !== seats) throw new Error(`${rows[0].taken} people have one of ${seats} seats.`);
  await expectRecounted(database, [cafeId]);
}
