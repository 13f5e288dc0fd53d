import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';

let desk: SeatDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

/** A Café with one confirmed registration. */
async function seatedOne() {
  const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 5 }]);
  const [attendeeId, by] = (await buildPeople(desk.database.pool, 2)) as [string, string];
  const [cafeId] = cafeIds as [string];
  await desk.claimInTurn(cafeId, [attendeeId]);
  return { cafeId, attendeeId, by, registrationId: await desk.registrationIn(cafeId, attendeeId) };
}

describe('an outcome of the SQL that this build does not know', () => {
  it('is an error of a check-in, never a success', async () => {
    const { cafeId, by, registrationId } = await seatedOne();
    await desk.database.pool.query(
      `drop function seats_check_in;
       create function seats_check_in(uuid, uuid, uuid, check_in_source, timestamptz, uuid, text) returns text language sql as $$ select 'blessed' $$`,
    );
    await expect(desk.seats.checkIns.checkIn({ registrationId, cafeId, by })).rejects.toThrow(
      'unknown outcome: blessed',
    );
  });

  it('is an error of an acceptance, never a success', async () => {
    const { attendeeId, registrationId } = await seatedOne();
    await desk.database.pool.query(
      `drop function seats_accept;
       create function seats_accept(uuid, uuid, out outcome text, out registration_ids uuid[]) returns setof record
       language sql as $$ select 'perhaps', null::uuid[] $$`,
    );
    await expect(desk.seats.registrations.accept(registrationId, attendeeId)).rejects.toThrow(
      'unknown outcome: perhaps',
    );
  });
});

describe('a Café whose row another transaction holds for too long', () => {
  it('is answered busy to an organiser and to an attendee, and does not change', async () => {
    const { cafeId, attendeeId, by, registrationId } = await seatedOne();
    const client = await desk.database.pool.connect();
    await client.query('begin');
    await client.query('select from cafe_seats where cafe_id = $1 for update', [cafeId]);
    const refusals = await Promise.allSettled([
      desk.seats.cafes.changeCafe(cafeId, { capacity: 9 }, by),
      desk.seats.registrations.cancel(registrationId, attendeeId),
    ]);
    await client.query('rollback');
    client.release();
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ status: 'rejected', reason: { code: 'busy', retryAfterSeconds: 2 } });
    }
    expect(await desk.statusesIn(cafeId)).toEqual(new Map([[attendeeId, 'confirmed']]));
    expect((await desk.seats.counts.countsOf([cafeId]))[0]).toMatchObject({ capacity: 5, taken: 1 });
  });
});
