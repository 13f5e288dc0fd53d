import type { Database } from '#platform';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { claimPath, type Stand } from './stand.ts';
import { expectOnly, expectRecounted, peopleFor, type Turn } from './turn.ts';

/** So many people ask for so many seats. */
export interface Rush {
  people: number;
  seats: number;
}

/**
 * Refusals of a full Café whose line is closed. First everybody asks once, more people than there are seats; then, with
 * no seat left, other people ask: only that is measured. Nobody may be seated but the first, and every seat is given.
 */
export async function prepareRefusals(stand: Stand, seconds: number, rush: Rush): Promise<Turn> {
  const { pool } = stand.database;
  const { cafeIds } = await buildEvent(pool, [{ seats: rush.seats, waitlistOpen: false }]);
  const [cafeId] = cafeIds as [string];
  const cookies = stand.sessions(await buildPeople(pool, rush.people + peopleFor(seconds)));
  const where = { origin: stand.apiOrigin, paths: [claimPath(cafeId)] };
  return async () => {
    const rushed = await stand.load({ ...where, cookies: cookies.slice(0, rush.people), requests: rush.people });
    const { 201: seated, 409: refused, ...others } = rushed.answers;
    if (
      seated !== rush.seats ||
      refused !== rush.people - rush.seats ||
      Object.keys(others).length + rushed.errors > 0
    ) {
      throw new Error(`${rush.people} people asked for ${rush.seats} seats: ${JSON.stringify(rushed)}`);
    }
    const measured = await stand.load({ ...where, cookies: cookies.slice(rush.people), seconds });
    expectOnly(409, measured);
    await expectExactlyFull(stand.database, cafeId, rush.seats);
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
