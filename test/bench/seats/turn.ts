import type { Database } from '#platform';
import { CONNECTIONS, type Measured, type Stand } from './stand.ts';

/** More people than a second can register, on any machine that this was run on. */
const PEOPLE_A_SECOND_MAX = 25_000;

/** One turn of a measurement: everything that it needs is there, and running it measures. */
export type Turn = () => Promise<Measured>;

/** Prepares a turn of so many seconds. */
export type Prepare = (stand: Stand, seconds: number) => Promise<Turn>;

/** So many people that no claim of a turn repeats another. */
export function peopleFor(seconds: number): number {
  return seconds * PEOPLE_A_SECOND_MAX;
}

/** A figure counts only when every answer was the expected one. */
export function expectOnly(status: number, measured: Measured): void {
  const others = Object.keys(measured.answers).filter((answered) => answered !== String(status));
  if (others.length > 0 || measured.errors > 0) throw new Error(`The load went wrong: ${JSON.stringify(measured)}`);
}

/** A figure counts only when every answer was a registration, and the database agrees with their number. */
export async function expectAllSeated(database: Database, cafeIds: string[], measured: Measured): Promise<void> {
  expectOnly(201, measured);
  const { rows } = await database.pool.query(
    'select sum(taken + waitlisted)::integer as registered from cafe_seats where cafe_id = any ($1)',
    [cafeIds],
  );
  const registered: number = rows[0].registered;
  const answered = measured.answers[201] ?? 0;
  // The last request of each connection may be on disk without its answer having been read.
  if (registered < answered || registered > answered + CONNECTIONS) {
    throw new Error(`The load went wrong: ${JSON.stringify({ ...measured, registered })}`);
  }
  await expectRecounted(database, cafeIds);
}

/** The counters of these Cafés are those of a recount. (Of others they are not: the rival registers people without them.) */
export async function expectRecounted(database: Database, cafeIds: string[]): Promise<void> {
  const recount = await database.pool.query(`select * from seats_recount() where what = 'cafe' and id = any ($1)`, [
    cafeIds,
  ]);
  if (recount.rows.length > 0) throw new Error(`Counters differ from recounts: ${JSON.stringify(recount.rows)}`);
}
