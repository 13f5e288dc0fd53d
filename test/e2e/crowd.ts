import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { Registration } from '#contract';

/** The answer to one person of a crowd. */
export interface CrowdAnswer {
  status: number;
  registration?: Registration;
}

/** Returns the violations after a crowd claimed seats of one Café at the same time. `answers` has one answer for each person. */
export async function violationsOf(
  pool: pg.Pool,
  { cafeId, seats, answers }: { cafeId: string; seats: number; answers: CrowdAnswer[] },
): Promise<string[]> {
  const violations: string[] = [];
  const expect = (what: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      violations.push(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
    }
  };
  const waiting = answers.length - seats;
  // Rows are inserted in the order of their ids: while one batch has the lock of the Café, no other transaction inserts any.
  const rows = await pool.query<{ id: string; status: string; waitlist_number: number | null }>(
    'select id, status, waitlist_number from registration where cafe_id = $1 order by id',
    [cafeId],
  );
  expect('answers that are not 201', answers.filter(({ status }) => status !== 201).length, 0);
  expect('registrations', rows.rows.length, answers.length);
  expect('seats given, in order', rows.rows.map(({ status }) => status).lastIndexOf('confirmed') + 1, seats);
  expect('people with a seat', rows.rows.filter(({ status }) => status === 'confirmed').length, seats);
  expect(
    'the waitlist, in order of commits',
    rows.rows.flatMap(({ status, waitlist_number: number }) => (status === 'waitlisted' ? [number] : [])),
    Array.from({ length: waiting }, (_, index) => index + 1),
  );
  const numbers = new Map(rows.rows.map((row) => [row.id, row.waitlist_number]));
  expect(
    'answers with another position than the registration',
    answers.filter(
      ({ registration }) => registration && (registration.waitlistPosition ?? null) !== numbers.get(registration.id),
    ).length,
    0,
  );
  expect('counters that differ from a recount', (await pool.query('select * from seats_recount()')).rows, []);
  return violations;
}

/** The function seats_claim without the lock on the rows of the Cafés. */
export async function claimWithoutItsLock(): Promise<string> {
  const claim = await readFile('libs/seats/sql/claims/seats_claim.sql', 'utf8');
  const unlocked = claim.replace(/(from cafe_seats s where [^;]*?) for update/, '$1');
  if (unlocked === claim) throw new Error('the claim function does not contain the expected lock');
  return unlocked;
}
