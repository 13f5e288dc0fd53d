import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';
import { auditSeats } from './index.ts';

let desk: SeatDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

describe('an attendee in a waitlist whose busy minutes have no registration', () => {
  it('ends the change at once with an error that names the Café, and changes nothing', async () => {
    const { pool } = desk.database;
    const { cafeIds } = await buildEvent(pool, [{ seats: 1 }]);
    const [cafeId] = cafeIds as [string];
    const [seated, waiting] = (await buildPeople(pool, 2)) as [string, string];
    await desk.claimInTurn(cafeId, [seated, waiting]);
    await pool.query('insert into attendee_day select $1, day, minutes, count from cafe_minutes where cafe_id = $2', [
      waiting,
      cafeId,
    ]);
    const began = performance.now();
    const cancelled = desk.seats.registrations.cancel(await desk.registrationIn(cafeId, seated), seated);
    await expect(cancelled).rejects.toMatchObject({ code: 'XX001', message: expect.stringContaining(cafeId) });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await desk.statusesIn(cafeId)).toEqual(
      new Map([
        [seated, 'confirmed'],
        [waiting, 'waitlisted'],
      ]),
    );
    expect((await auditSeats(desk.database)).differences).toEqual([expect.stringContaining(waiting)]);
  });
});
