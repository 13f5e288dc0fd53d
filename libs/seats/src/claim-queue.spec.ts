import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { waitFor } from '../../../test/support/index.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';

let desk: SeatDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

const claim = (cafeId: string, attendeeId: string) => desk.seats.claims.claim({ cafeId, attendeeId, guest: false });

/** Locks the row of a Café, as a move or a closing does, until `release` is called. */
async function lockCafe(cafeId: string): Promise<{ release(): Promise<void> }> {
  const client = await desk.database.pool.connect();
  await client.query('begin');
  await client.query('select from cafe_seats where cafe_id = $1 for update', [cafeId]);
  return {
    async release() {
      await client.query('rollback');
      client.release();
    },
  };
}

/** Waits until this number of claims wait for a lock at the database. */
function claimsWaiting(count: number) {
  return waitFor(
    async () =>
      (
        await desk.database.pool.query(
          `select from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like 'select * from seats_claim%'`,
        )
      ).rowCount === count,
    { what: `${count} batches to wait for a lock` },
  );
}

describe('the claim queue', () => {
  it('decides claims for other Cafés, of the same event and of others, while a Café is locked', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 10 }, { seats: 10, room: 1 }]);
    const { cafeIds: elsewhere } = await buildEvent(desk.database.pool, [{ seats: 10 }]);
    const [first, second, third, fourth, fifth] = (await buildPeople(desk.database.pool, 5)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const [locked, free] = cafeIds as [string, string];
    // The queue knows the event of both Cafés, so they are in one lane.
    await Promise.all([claim(locked, first), claim(free, second)]);
    const lock = await lockCafe(locked);
    const answered: string[] = [];
    const waiting = claim(locked, third).then(() => answered.push('locked'));
    await claimsWaiting(1);
    await claim(free, fourth).then(() => answered.push('free'));
    await claim(elsewhere[0] as string, fifth).then(() => answered.push('another event'));
    await lock.release();
    await waiting;
    expect(answered).toEqual(['free', 'another event', 'locked']);
  });

  it('keeps the order of the claims for a Café while its batch waits', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 1 }]);
    const people = await buildPeople(desk.database.pool, 4);
    const [cafeId] = cafeIds as [string];
    const lock = await lockCafe(cafeId);
    const early = claim(cafeId, people[0] as string);
    await claimsWaiting(1);
    const late = people.slice(1).map((id) => claim(cafeId, id));
    await lock.release();
    expect(await early).toMatchObject({ registration: { status: 'confirmed' } });
    for (const [index, answer] of (await Promise.all(late)).entries()) {
      expect(answer).toMatchObject({ registration: { status: 'waitlisted', waitlistPosition: index + 1 } });
    }
  });

  it('answers busy when a Café stays locked, changes nothing there, and decides the other claims of the batch', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 10 }, { seats: 10, room: 1 }]);
    const people = await buildPeople(desk.database.pool, 4);
    const [locked, free] = cafeIds as [string, string];
    // The queue knows the event of both Cafés, so the next two claims are in one batch.
    await Promise.all([claim(locked, people[0] as string), claim(free, people[1] as string)]);
    const lock = await lockCafe(locked);
    const [busy, seated] = await Promise.all([claim(locked, people[2] as string), claim(free, people[3] as string)]);
    await lock.release();
    expect(busy).toEqual({ outcome: 'busy', retryAfterSeconds: 2 });
    expect(seated).toMatchObject({ outcome: 'created', registration: { status: 'confirmed' } });
    expect(await desk.statusesIn(locked)).toEqual(new Map([[people[0], 'confirmed']]));
    await desk.expectCountersEqualRecounts();
  });

  it('answers a repeated claim with all fields of the registration', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 10 }]);
    const [attendeeId] = (await buildPeople(desk.database.pool, 1)) as [string];
    const [cafeId] = cafeIds as [string];
    await claim(cafeId, attendeeId);
    await desk.database.pool.query('update registration set overlapping = true where attendee_id = $1', [attendeeId]);
    expect(await claim(cafeId, attendeeId)).toMatchObject({ outcome: 'existing', registration: { overlapping: true } });
  });
});
