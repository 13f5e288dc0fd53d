import { buildEvent, buildPeople } from '../../support/build.ts';
import { claimPath, type Measured, type Stand } from './stand.ts';
import { expectAllSeated, peopleFor, type Turn } from './turn.ts';

/** So many people ask for seats of the locked event all the time. */
const WAITING_PEOPLE = 5;

/**
 * Registrations into a Café of one event. With `locked`, another transaction holds the Cafés of another event during the whole turn, as a
 * move does while it decides, and people ask for its seats too.
 */
export async function prepareBesideMove(stand: Stand, seconds: number, locked: boolean): Promise<Turn> {
  const { pool } = stand.database;
  const { cafeIds } = await buildEvent(pool, [{ seats: 100_000 }]);
  const { cafeIds: movedCafeIds } = await buildEvent(pool, [{ seats: 100_000 }, { seats: 100_000 }]);
  const cookies = stand.sessions(await buildPeople(pool, peopleFor(seconds)));
  const others = stand.sessions(await buildPeople(pool, WAITING_PEOPLE));
  return async () => {
    const load = () =>
      stand.load({ origin: stand.apiOrigin, paths: cafeIds.map(claimPath), cookies, seconds: Math.ceil(seconds) });
    const measured = locked ? await besideLock(stand, movedCafeIds, others, load) : await load();
    await expectAllSeated(stand.database, cafeIds, measured);
    return measured;
  };
}

async function besideLock(
  stand: Stand,
  cafeIds: string[],
  cookies: string[],
  load: () => Promise<Measured>,
): Promise<Measured> {
  const client = await stand.database.pool.connect();
  let ended = false;
  /** Ask for a seat of the locked event again and again: each answer is `busy`. */
  const ask = async (cookie: string, index: number) => {
    while (!ended) {
      const answer = await fetch(`${stand.apiOrigin}${claimPath(cafeIds[index % cafeIds.length] as string)}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: '{}',
      });
      if (!ended && answer.status !== 503) throw new Error(`A claim for a locked Café was answered ${answer.status}.`);
      await answer.arrayBuffer();
    }
  };
  try {
    await client.query('begin');
    await client.query('select from cafe_seats where cafe_id = any ($1) order by cafe_id for update', [cafeIds]);
    const asking = Promise.all(cookies.map(ask));
    const measured = await load();
    ended = true;
    await client.query('rollback');
    await asking;
    return measured;
  } finally {
    client.release();
  }
}
