import type { Database } from '#platform';
import { type ApiBench, CONNECTIONS, type Measured } from './api-bench.ts';

/** More people than can register in a second on any machine so far. */
const PEOPLE_A_SECOND_MAX = 25_000;

/** One prepared turn of a measurement. A call measures it. */
export type Turn = () => Promise<Measured>;

/** Prepares a turn of this many seconds. */
export type Prepare = (bench: ApiBench, seconds: number) => Promise<Turn>;

/** Enough people that no claim of a turn repeats another. */
export function peopleFor(seconds: number): number {
  return seconds * PEOPLE_A_SECOND_MAX;
}

/** A figure counts only when every answer was the expected one. */
export function expectOnly(status: number, measured: Measured): void {
  const others = Object.keys(measured.answers).filter((answered) => answered !== String(status));
  if (others.length > 0 || measured.errors > 0) throw new Error(`The load went wrong: ${JSON.stringify(measured)}`);
}

/** A figure counts only when every answer was a registration and the database has the same number of registrations. */
export async function expectAllSeated(database: Database, cafeIds: string[], measured: Measured): Promise<void> {
  expectOnly(201, measured);
  const { rows } = await database.pool.query(
    'select sum(taken + waitlisted)::integer as registered from cafe_seats where cafe_id = any ($1)',
    [cafeIds],
  );
  const registered: number = rows[0].registered;
  const answered = measured.answers[201] ?? 0;
  // The last request of each connection may be on disk although its answer was not read.
  if (registered < answered || registered > answered + CONNECTIONS) {
    throw new Error(`The load went wrong: ${JSON.stringify({ ...measured, registered })}`);
  }
  await expectRecounted(database, cafeIds);
}

/**
 * Checks that the counts of these Cafés equal a recount. The counts of other Cafés may differ, because the row-lock server registers people
 * without counting.
 */
export async function expectRecounted(database: Database, cafeIds: string[]): Promise<void> {
  const recount = await database.pool.query(`select * from seats_recount() where what = 'cafe' and id = any ($1)`, [
    cafeIds,
  ]);
  if (recount.rows.length > 0) throw new Error(`Counters differ from recounts: ${JSON.stringify(recount.rows)}`);
}
