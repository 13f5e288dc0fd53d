import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';

let desk: SeatDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

async function seated() {
  const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 5 }]);
  const [attendeeId, walkIn, host] = (await buildPeople(desk.database.pool, 3)) as [string, string, string];
  const cafeId = cafeIds[0] as string;
  await desk.claimInTurn(cafeId, [attendeeId]);
  return { cafeId, attendeeId, walkIn, host, registrationId: await desk.registrationIn(cafeId, attendeeId) };
}

const rowsOf = async (cafeId: string) =>
  (
    await desk.database.pool.query('select kind, source, recorded_by from check_in where cafe_id = $1 order by id', [
      cafeId,
    ])
  ).rows;

describe('a check-in', () => {
  it('is a row for each arrival and each undo, from which the registration and the counts follow', async () => {
    const { cafeId, walkIn, host, registrationId } = await seated();
    const present = async () => (await desk.seats.counts.countsOf([cafeId]))[0]?.present;
    await desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host });
    await desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host });
    expect(await present()).toBe(1);
    await desk.seats.checkIns.undoCheckIn(registrationId, host);
    await desk.seats.checkIns.undoCheckIn(registrationId, host);
    expect(await present()).toBe(0);
    await desk.seats.checkIns.walkIn({ cafeId, attendeeId: walkIn, by: host });
    expect(await rowsOf(cafeId)).toEqual([
      { kind: 'in', source: 'list', recorded_by: host },
      { kind: 'undone', source: 'list', recorded_by: host },
      { kind: 'in', source: 'walk-in', recorded_by: host },
    ]);
    const { rows } = await desk.database.pool.query('select checked_in_at from registration where id = $1', [
      registrationId,
    ]);
    expect(rows).toEqual([{ checked_in_at: null }]);
    await desk.expectCountersEqualRecounts();
  });

  it('that a device sends twice is recorded once', async () => {
    const { registrationId } = await seated();
    const send = (clientId: string) =>
      desk.database.pool.query(
        `insert into check_in (registration_id, cafe_id, event_id, kind, scanned_at, source, client_id)
         select r.id, r.cafe_id, c.event_id, 'in', now(), 'scan', $2 from registration r join cafe c on c.id = r.cafe_id where r.id = $1
         on conflict (client_id) do nothing`,
        [registrationId, clientId],
      );
    const id = randomUUID();
    expect([(await send(id)).rowCount, (await send(id)).rowCount]).toEqual([1, 0]);
  });

  it('is never changed or deleted alone, and the audit finds a registration that differs from it', async () => {
    const { cafeId, host, registrationId } = await seated();
    await desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host });
    for (const text of [`update check_in set kind = 'undone'`, 'delete from check_in']) {
      await expect(desk.database.pool.query(text)).rejects.toThrow('rows of check_in are only added');
    }
    await desk.database.pool.query('update registration set checked_in_at = null where id = $1', [registrationId]);
    await expect(desk.expectCountersEqualRecounts()).rejects.toThrow(registrationId);
    await desk.database.pool.query(
      'update registration r set checked_in_at = i.scanned_at from check_in i where i.registration_id = r.id and r.id = $1',
      [registrationId],
    );
    await desk.expectCountersEqualRecounts();
  });
});
