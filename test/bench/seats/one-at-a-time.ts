import type { Database } from '#platform';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { openSeats } from '../../support/seats.ts';
import { median } from '../measure.ts';
import { settle } from './api-bench.ts';

/** The number of steps before the measurement, which open connections, prepare statements and make plans. */
const WARM_UP = 20;

/** A step that runs one at a time. Its argument is the number of the run. */
export type Step = (time: number) => Promise<unknown>;

/** The median times of two steps in milliseconds. The steps take turns, so that both run with the machine in the same state. */
export async function medianTimesMs(times: number, steps: [Step, Step]): Promise<[number, number]> {
  const found: [number[], number[]] = [[], []];
  for (let time = 0; time < stepsOf(times); time++) {
    for (const index of time % 2 ? ([0, 1] as const) : ([1, 0] as const)) {
      const started = performance.now();
      await steps[index](time);
      if (time >= WARM_UP) found[index].push(performance.now() - started);
    }
  }
  return [median(found[0]), median(found[1])];
}

/** How often each step runs for this number of counted times. */
export function stepsOf(times: number): number {
  return WARM_UP + times;
}

/** A step that makes the next of these claims. The claim must get a seat. */
export function claimStep(database: Database, claims: { cafeId: string; attendeeId: string }[]): Step {
  const seats = openSeats({ database, holdTtlMinutes: 30 });
  return async (time) => {
    const claim = claims[time] as { cafeId: string; attendeeId: string };
    const { outcome } = await seats.claims.claim({ ...claim, guest: false });
    if (outcome !== 'created') throw new Error(`A claim was not seated: ${outcome}`);
  };
}

/** One claim in an idle system, compared with one bare insert of a row. Both are on disk when they end. */
export async function measureIdleClaim(
  database: Database,
  times: number,
): Promise<{ claimMs: number; insertMs: number }> {
  const { pool } = database;
  const { cafeIds } = await buildEvent(pool, [{ seats: 100_000 }]);
  const [cafeId] = cafeIds as [string];
  const people = await buildPeople(pool, stepsOf(times));
  await pool.query('create table bench_row (id uuid primary key default uuidv7(), cafe_id uuid, attendee_id uuid)');
  await settle(pool);
  const [claimMs, insertMs] = await medianTimesMs(times, [
    claimStep(
      database,
      people.map((attendeeId) => ({ cafeId, attendeeId })),
    ),
    (time) =>
      pool.query({
        name: 'bench-row',
        text: 'insert into bench_row (cafe_id, attendee_id) values ($1, $2)',
        values: [cafeId, people[time]],
      }),
  ]);
  await pool.query('drop table bench_row');
  return { claimMs, insertMs };
}
