import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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
  it('is a row for each arrival and each undo, and updates the registration and the counts', async () => {
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

  it('that a device sends again is recorded once, and gets the answer of the first time', async () => {
    const { cafeId, host, registrationId } = await seated();
    const clientId = randomUUID();
    const send = async (id: string) =>
      (await desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host, clientId: id })).result;
    expect([await send(clientId), await send(clientId), await send(randomUUID())]).toEqual([
      'checked-in',
      'checked-in',
      'already-checked-in',
    ]);
    await desk.seats.checkIns.undoCheckIn(registrationId, host);
    expect(await send(clientId)).toBe('checked-in');
    expect((await rowsOf(cafeId)).map(({ kind }) => kind)).toEqual(['in', 'undone']);
    await desk.expectCountersEqualRecounts();
  });

  it('that arrives twice at the same time is one row with one answer', async () => {
    const { cafeId, host, registrationId } = await seated();
    const clientId = randomUUID();
    const copies = Array.from({ length: 6 }, () =>
      desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host, clientId }),
    );
    expect(new Set((await Promise.all(copies)).map(({ result }) => result))).toEqual(new Set(['checked-in']));
    expect(await rowsOf(cafeId)).toHaveLength(1);
  });

  it('with the id of another check-in is refused, also when both arrive at the same time', async () => {
    const [one, other, third] = [await seated(), await seated(), await seated()];
    const clientId = randomUUID();
    const send = ({ registrationId, cafeId, host }: typeof one) =>
      desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host, clientId });
    const answers = await Promise.allSettled([one, other].map(send));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? 'recorded' : answer.reason.code)).sort()).toEqual([
      'idempotency-mismatch',
      'recorded',
    ]);
    await expect(send(third)).rejects.toMatchObject({ code: 'idempotency-mismatch' });
    expect(await rowsOf(third.cafeId)).toEqual([]);
  });

  it('stores its source and device, and a time between the registration and now', async () => {
    const { cafeId, host, registrationId, walkIn } = await seated();
    const { pool } = desk.database;
    await pool.query(`update registration set created_at = now() - interval '1 hour' where id = $1`, [registrationId]);
    const recorded = async (scannedAt: string) => {
      const scan = { source: 'scan', device: 'Porte 2', clientId: randomUUID(), scannedAt } as const;
      const { registration } = await desk.seats.checkIns.checkIn({ registrationId, cafeId, by: host, ...scan });
      const { rows } = await pool.query(
        `select source, device, client_id, recorded_by, scanned_at,
           scanned_at = recorded_at as is_now, scanned_at = r.created_at as is_first
         from check_in i join registration r on r.id = i.registration_id where i.cafe_id = $1 order by i.id desc limit 1`,
        [cafeId],
      );
      await desk.seats.checkIns.undoCheckIn(registrationId, host);
      const { clientId: client_id, ...sent } = scan;
      expect(rows).toMatchObject([{ source: sent.source, device: sent.device, client_id, recorded_by: host }]);
      expect(rows[0].scanned_at.toISOString()).toBe(registration.checkedInAt);
      return rows[0] as { scanned_at: Date; is_now: boolean; is_first: boolean };
    };
    const earlier = new Date(Date.now() - 1_800_000).toISOString();
    expect((await recorded(earlier)).scanned_at.toISOString()).toBe(earlier);
    expect(await recorded('1970-01-01T00:00:00Z')).toMatchObject({ is_first: true });
    expect(await recorded('2199-01-01T00:00:00Z')).toMatchObject({ is_now: true });
    const clientId = randomUUID();
    const enter = () => desk.seats.checkIns.walkIn({ cafeId, attendeeId: walkIn, by: host, clientId });
    expect([(await enter()).result, (await enter()).result]).toEqual(['checked-in', 'checked-in']);
    await desk.expectCountersEqualRecounts();
  });

  it('is never changed or deleted by itself, and the audit finds a registration that differs from it', async () => {
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

/** Possible events at a door: for one of four people, with one of a few client ids or none. */
const event = fc.record({
  what: fc.constantFrom('claim', 'cancel', 'check-in', 'check-in', 'check-in', 'undo', 'undo', 'walk-in'),
  person: fc.integer({ min: 0, max: 3 }),
  clientId: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
});

describe('after a random history of a door', () => {
  it('the people who are present, and since when, follow from the events; and a recorded id gets its first answer', async () => {
    const { pool } = desk.database;
    const { claims, registrations, checkIns, counts } = desk.seats;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 25 }), async (history) => {
        const [cafeId = ''] = (await buildEvent(pool, [{ seats: 3 }])).cafeIds;
        const people = await buildPeople(pool, 4);
        const by = people[0] as string;
        const firstAnswers = new Map<string, string>();
        for (const { what, person, clientId } of history) {
          const attendeeId = people[person] as string;
          const registrationId = await desk.registrationIn(cafeId, attendeeId);
          // The client ids of one person, so that none is the id of another person's check-in.
          const id = clientId === undefined ? undefined : `${attendeeId.slice(0, -1)}${clientId}`;
          if (what === 'claim') await claims.claim({ cafeId, attendeeId, guest: false });
          if (what === 'walk-in') await checkIns.walkIn({ cafeId, attendeeId, by }).catch(onlyFull);
          if (!registrationId) continue;
          if (what === 'cancel') await registrations.cancel(registrationId, attendeeId);
          if (what === 'undo') await checkIns.undoCheckIn(registrationId, by);
          if (what === 'check-in') {
            const scan = { registrationId, cafeId, by, clientId: id };
            const { result } = await checkIns.checkIn(scan).catch(onlyMismatch);
            const key = `${registrationId} ${id}`;
            if (id && result === 'checked-in') firstAnswers.set(key, result);
            expect(result).toBe(firstAnswers.get(key) ?? result);
          }
        }
        const events = await pool.query<{ registration_id: string; kind: string; scanned_at: Date }>(
          'select registration_id, kind, scanned_at from check_in where cafe_id = $1 order by id',
          [cafeId],
        );
        const cameAt = new Map<string, Date>();
        for (const { registration_id: of, kind, scanned_at: at } of events.rows) {
          if (kind === 'in') cameAt.set(of, at);
          else cameAt.delete(of);
        }
        const { rows } = await pool.query<{ id: string; status: string; checked_in_at: Date | null }>(
          'select id, status, checked_in_at from registration where cafe_id = $1',
          [cafeId],
        );
        const expected = rows.map(({ id, status }) => (status === 'confirmed' ? (cameAt.get(id) ?? null) : null));
        expect(rows.map((row) => row.checked_in_at)).toEqual(expected);
        expect((await counts.countsOf([cafeId]))[0]?.present).toBe(expected.filter(Boolean).length);
      }),
      { numRuns: 15 },
    );
    await desk.expectCountersEqualRecounts();
  });
});

function onlyFull(error: { code?: string }): void {
  if (error.code !== 'cafe-full') throw error;
}

/** The first registration of a person ended, and its check-in has the id. */
function onlyMismatch(error: { code?: string }): { result: string } {
  if (error.code !== 'idempotency-mismatch') throw error;
  return { result: 'refused' };
}
