import { buildEvent, buildPeople } from '../../support/build.ts';
import { type ApiBench, claimPath, type Measured } from './api-bench.ts';
import { expectAllSeated, peopleFor, type Turn } from './turn.ts';

/** The number of people who claim seats of the locked event all the time. */
const WAITING_PEOPLE = 5;

/**
 * Claims in a Café of one event. With `locked`, another transaction holds the Cafés of another event during the whole turn, as a move does,
 * while people claim seats of that event too.
 */
export async function prepareBesideMove(bench: ApiBench, seconds: number, locked: boolean): Promise<Turn> {
  const { pool } = bench.database;
  const { cafeIds } = await buildEvent(pool, [{ seats: 100_000 }]);
  const { cafeIds: movedCafeIds } = await buildEvent(pool, [{ seats: 100_000 }, { seats: 100_000 }]);
  const cookies = bench.sessions(await buildPeople(pool, peopleFor(seconds)));
  const others = bench.sessions(await buildPeople(pool, WAITING_PEOPLE));
  return async () => {
    const load = () =>
      bench.load({ origin: bench.apiOrigin, paths: cafeIds.map(claimPath), cookies, seconds: Math.ceil(seconds) });
    const measured = locked ? await besideLock(bench, movedCafeIds, others, load) : await load();
    await expectAllSeated(bench.database, cafeIds, measured);
    return measured;
  };
}

async function besideLock(
  bench: ApiBench,
  cafeIds: string[],
  cookies: string[],
  load: () => Promise<Measured>,
): Promise<Measured> {
  const client = await bench.database.pool.connect();
  let ended = false;
  /** Claims a seat of the locked event repeatedly. Each answer is `busy`. */
  const ask = async (cookie: string, index: number) => {
    while (!ended) {
      const answer = await fetch(`${bench.apiOrigin}${claimPath(cafeIds[index % cafeIds.length] as string)}`, {
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
