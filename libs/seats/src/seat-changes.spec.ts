import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { addSeatMetrics, auditSeats } from './index.ts';

let desk: SeatDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

const three = async () => (await buildPeople(desk.database.pool, 3)) as [string, string, string];
const cafes = async (...wanted: Parameters<typeof buildEvent>[1]) => {
  const made = await buildEvent(desk.database.pool, wanted);
  return { ...made, cafeIds: made.cafeIds as [string, string, string] };
};

/** Sets the capacity of the room of these Cafés. */
async function roomHas(roomId: string | undefined, capacity: number) {
  await desk.database.pool.query('update room set capacity = $2 where id = $1', [roomId, capacity]);
}

/** The number of transactions that wait for a lock of another one. */
async function waitingForALock(): Promise<number> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return (await desk.database.pool.query(waiting)).rowCount ?? 0;
}

async function oneWaitsForALock() {
  await waitFor(async () => (await waitingForALock()) === 1, { what: 'a transaction to wait for a lock' });
}

/** The number of transactions that were retried because their data changed before they had their locks. */
async function retriesAfterChange(): Promise<number> {
  const metrics = new Registry();
  addSeatMetrics(metrics);
  return Number(/\{why="changed"\} (\d+)/.exec(await metrics.metrics())?.[1]);
}

/** Waits until each of these has ended or waits for a lock of another transaction. */
async function haveEndedOrWait(works: Promise<unknown>[]) {
  let ended = 0;
  const count = () => {
    ended++;
  };
  for (const work of works) void work.then(count, count);
  await waitFor(async () => ended + (await waitingForALock()) === works.length, {
    what: 'the transactions to end or to wait',
  });
}

describe('a room that is too small for its Cafés together', () => {
  it('gives no more seats than it has, in any of its Cafés, and gives a freed seat to the waitlist', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 2 }, { seats: 2 }, { seats: 2, startsAfterMinutes: 60 });
    const [one, two, later] = cafeIds;
    await roomHas(roomIds[0], 3);
    const people = await buildPeople(desk.database.pool, 6);
    const [ada = '', , grace = '', last = ''] = people;
    await desk.claimInTurn(one, people.slice(0, 2));
    const answers = await desk.claimInTurn(two, [grace, last]);
    expect(answers.map((answer) => 'registration' in answer && answer.registration.status)).toEqual([
      'confirmed',
      'waitlisted',
    ]);
    expect((await desk.claimInTurn(later, people.slice(0, 2))).map(({ outcome }) => outcome)).toEqual([
      'created',
      'created',
    ]);
    await desk.seats.registrations.cancel(await desk.registrationIn(one, ada), ada);
    expect((await desk.statusesIn(two)).get(last)).toBe('confirmed');
    expect((await desk.claimInTurn(one, people.slice(4, 5)))[0]).toMatchObject({
      registration: { status: 'waitlisted' },
    });
    await desk.expectCountersEqualRecounts();
  });

  it('changes `facts` of each of its Cafés when they begin to share seats, and when its capacity changes', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 5 }, { seats: 2 });
    const [raised, other] = cafeIds;
    await roomHas(roomIds[0], 8);
    const factsNow = async () => (await desk.seats.counts.versions()).find(({ cafeId }) => cafeId === other)?.facts;
    const slots = async () => (await desk.seats.counts.cafeSeats([other]))[0]?.roomSlots;
    const facts = [await factsNow()];
    expect(await slots()).toBeUndefined();
    await desk.seats.cafes.changeCafe(raised, { capacity: 8 });
    facts.push(await factsNow());
    expect(await slots()).toMatchObject([{ capacity: 8, taken: 0, cafeIds: [raised, other].toSorted() }]);
    await roomHas(roomIds[0], 9);
    facts.push(await factsNow());
    expect(new Set(facts).size).toBe(3);
    // Taken seats do not change `facts`: the counts show them.
    const [before] = (await slots()) ?? [];
    await desk.claimInTurn(raised, await buildPeople(desk.database.pool, 1));
    expect(await factsNow()).toBe(facts[2]);
    expect(await slots()).toMatchObject([{ taken: 1, version: (before?.version ?? 0) + 1 }]);
  });

  it('gives no more seats than it has when all its Cafés are claimed at the same time, in one batch or in several', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 10 }, { seats: 10 }, { seats: 10 });
    await roomHas(roomIds[0], 12);
    const people = await buildPeople(desk.database.pool, 60);
    const answers = await Promise.all(
      people.map((attendeeId, index) =>
        desk.seats.claims.claim({ cafeId: cafeIds[index % 3] ?? '', attendeeId, guest: false }),
      ),
    );
    const seated = answers.map((answer) => 'registration' in answer && answer.registration.status === 'confirmed');
    expect(seated.lastIndexOf(true)).toBe(11);
    expect(seated.filter(Boolean)).toHaveLength(12);
    await desk.expectCountersEqualRecounts();
  });
});

describe('an offer', () => {
  it('goes to the first person of the waitlist of a near Café, for ten minutes', async () => {
    const { cafeIds } = await cafes({ seats: 1 });
    const [cafeId] = cafeIds;
    const [ada, grace, last] = await three();
    await desk.startIn(cafeId, 90);
    await desk.claimInTurn(cafeId, [ada, grace, last]);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    const id = await desk.registrationIn(cafeId, grace);
    const offer = await desk.seats.reads.registration(id);
    expect(offer).toMatchObject({ status: 'offered' });
    const minutes = (Date.parse(offer?.expiresAt ?? '') - Date.now()) / 60_000;
    expect(Math.round(minutes)).toBe(10);
    await expect(desk.seats.registrations.accept(id, ada)).rejects.toMatchObject({ code: 'registration-not-found' });
    const registration = await desk.seats.registrations.accept(id, grace);
    expect(registration.status).toBe('confirmed');
    await expect(desk.seats.registrations.accept(id, grace)).rejects.toMatchObject({ code: 'offer-accepted' });
    await expect(desk.seats.registrations.decline(id, grace)).rejects.toMatchObject({ code: 'offer-accepted' });
    await expect(desk.seats.registrations.accept(await desk.registrationIn(cafeId, last), last)).rejects.toMatchObject({
      code: 'no-offer',
    });
    expect(await desk.mailKindsOf(grace)).toEqual(['waitlisted', 'offered', 'confirmed']);
    await desk.expectCountersEqualRecounts();
  });

  it('goes to the next person when it expires, and cannot be accepted any more', async () => {
    const { cafeIds } = await cafes({ seats: 1 });
    const [cafeId] = cafeIds;
    const [ada, grace, last] = await three();
    await desk.startIn(cafeId, 90);
    await desk.claimInTurn(cafeId, [ada, grace, last]);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    const id = await desk.registrationIn(cafeId, grace);
    await desk.database.pool.query('update registration set expires_at = now() where id = $1', [id]);
    await expect(desk.seats.registrations.accept(id, grace)).rejects.toMatchObject({ code: 'offer-expired' });
    expect(await desk.seats.registrations.expireDue()).toBe(1);
    await expect(desk.seats.registrations.accept(id, grace)).rejects.toMatchObject({ code: 'offer-expired' });
    expect((await desk.statusesIn(cafeId)).get(last)).toBe('offered');
    // A person who let the offer expire and claims again is the last of the waitlist.
    await desk.claimInTurn(cafeId, [grace]);
    await desk.seats.registrations.decline(await desk.registrationIn(cafeId, last), last);
    expect((await desk.statusesIn(cafeId)).get(grace)).toBe('offered');
    expect(await desk.mailKindsOf(grace)).toContain('offer-expired');
    await desk.expectCountersEqualRecounts();
  });

  it('that is accepted and declined at the same time is either accepted or declined', async () => {
    for (let time = 0; time < 20; time++) {
      const { cafeIds } = await cafes({ seats: 1 });
      const [cafeId] = cafeIds;
      const [ada, grace] = await three();
      await desk.startIn(cafeId, 90);
      await desk.claimInTurn(cafeId, [ada, grace]);
      await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
      const id = await desk.registrationIn(cafeId, grace);
      const answers = await Promise.allSettled([
        desk.seats.registrations.accept(id, grace),
        desk.seats.registrations.decline(id, grace),
      ]);
      const [accepted, declined] = answers.map(({ status }) => status === 'fulfilled');
      expect(accepted).not.toBe(declined);
      expect((await desk.seats.reads.registration(id))?.status).toBe(accepted ? 'confirmed' : 'cancelled');
    }
  });

  it('to swap, when accepted, gives the other seat to the first person who waits for that seat', async () => {
    const { cafeIds } = await cafes({ seats: 1 }, { seats: 1 });
    const [wanted, held] = cafeIds;
    const [ada, grace, last] = await three();
    await desk.claimInTurn(held, [grace, last]);
    await desk.claimInTurn(wanted, [ada, grace]);
    await desk.seats.registrations.cancel(await desk.registrationIn(wanted, ada), ada);
    const id = await desk.registrationIn(wanted, grace);
    expect(await desk.seats.reads.registration(id)).toMatchObject({ status: 'offered', overlapping: true });
    await desk.expectCountersEqualRecounts();
    const registration = await desk.seats.registrations.accept(id, grace);
    expect(registration).toMatchObject({ status: 'confirmed' });
    expect(registration).not.toHaveProperty('overlapping');
    expect(Object.fromEntries(await desk.statusesIn(held))).toEqual({ [last]: 'confirmed' });
    expect(await desk.mailKindsOf(grace)).toEqual(['confirmed', 'waitlisted', 'offered', 'cancelled', 'swapped']);
    await desk.expectCountersEqualRecounts();
  });

  it('to swap gives no seat back when one of the Cafés is moved at the same time and the seats do not overlap any more', async () => {
    for (const moving of ['wanted', 'held'] as const) {
      const { cafeIds, roomIds } = await cafes({ seats: 1 }, { seats: 1 });
      const [wanted, held] = cafeIds;
      const [ada, grace] = await three();
      await desk.claimInTurn(held, [grace]);
      await desk.claimInTurn(wanted, [ada, grace]);
      await desk.seats.registrations.cancel(await desk.registrationIn(wanted, ada), ada);
      const id = await desk.registrationIn(wanted, grace);
      const mover = await desk.database.pool.connect();
      try {
        await mover.query('begin');
        await mover.query(
          `select m.outcome from cafe c cross join lateral seats_move_cafe(
             c.id, $2, c.starts_at + interval '3 hours', c.ends_at + interval '3 hours', 1, null, false, null
           ) m where c.id = $1`,
          [{ wanted, held }[moving], roomIds[0]],
        );
        const accepted = desk.seats.registrations.accept(id, grace);
        await oneWaitsForALock();
        await mover.query('commit');
        expect(await accepted).toMatchObject({ status: 'confirmed' });
      } finally {
        mover.release(true);
      }
      expect(Object.fromEntries(await desk.statusesIn(held))).toEqual({ [grace]: 'confirmed' });
      await desk.expectCountersEqualRecounts();
    }
  });
});

describe('an offer in a Café that is moved or is over', () => {
  it('expires no later than an offer made then, and cannot be accepted when the Café is over', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 1 }, { seats: 1 });
    const [cafeId, other] = cafeIds;
    const [ada, grace, organiser] = await three();
    await desk.claimInTurn(cafeId, [ada, grace]);
    await desk.claimInTurn(other, [grace]);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    const id = await desk.registrationIn(cafeId, grace);
    const leftMinutes = async () =>
      Math.round((Date.parse((await desk.seats.reads.registration(id))?.expiresAt ?? '') - Date.now()) / 60_000);
    expect(await leftMinutes()).toBe(240);
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const between = (from: number, until: number) => ({
      ...{ roomId: roomIds[0] ?? '', capacity: 1, excess: 'refuse' as const },
      startsAt: new Date(minute + from * 60_000).toISOString(),
      endsAt: new Date(minute + until * 60_000).toISOString(),
    });
    await expect(desk.seats.cafes.moveCafe(cafeId, between(-60, -1), organiser)).rejects.toMatchObject({
      code: 'ends-before-now',
    });
    await desk.seats.cafes.moveCafe(cafeId, between(60, 120), organiser);
    expect(await leftMinutes()).toBe(10);
    await desk.expectCountersEqualRecounts();
    await desk.database.pool.query(
      `update cafe set starts_at = starts_at - interval '3 hours', ends_at = ends_at - interval '3 hours' where id = $1`,
      [cafeId],
    );
    await expect(desk.seats.registrations.accept(id, grace)).rejects.toMatchObject({ code: 'offer-expired' });
  });
});

describe('a seat from the waitlist', () => {
  /** A guest joins the waitlist, and then the taken seat is given back. Returns the registration of the guest. */
  async function afterWaiting(attendeeId: string, meanwhile: (id: string) => Promise<unknown> = async () => {}) {
    const { cafeIds } = await cafes({ seats: 1 });
    const [cafeId] = cafeIds;
    const [ada] = await three();
    await desk.claimInTurn(cafeId, [ada]);
    await desk.seats.claims.claim({ cafeId, attendeeId, guest: true });
    await meanwhile(await desk.registrationIn(cafeId, attendeeId));
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    return desk.seats.reads.registration(await desk.registrationIn(cafeId, attendeeId));
  }

  it('is held for ten minutes for a guest, who gets a mail when the hold expires', async () => {
    const [attendeeId = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    const held = await afterWaiting(attendeeId);
    expect(held).toMatchObject({ status: 'held' });
    expect(Math.round((Date.parse(held?.expiresAt ?? '') - Date.now()) / 60_000)).toBe(10);
    await desk.database.pool.query(`update registration set expires_at = now() where id = $1`, [held?.id]);
    await desk.seats.registrations.expireDue();
    expect(await desk.mailKindsOf(attendeeId)).toEqual(['prove-address', 'prove-address', 'offer-expired']);
  });

  it('is held no longer than a new hold when its Café is moved', async () => {
    const [attendeeId = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    const held = await afterWaiting(attendeeId);
    const [organiser] = await three();
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const { roomId = '' } = (await desk.seats.counts.cafeSeats([held?.cafeId ?? '']))[0] ?? {};
    await desk.seats.cafes.moveCafe(
      held?.cafeId ?? '',
      {
        ...{ roomId, capacity: 1, excess: 'refuse' },
        startsAt: new Date(minute - 30 * 60_000).toISOString(),
        endsAt: new Date(minute + 5 * 60_000).toISOString(),
      },
      organiser,
    );
    const { expiresAt } = (await desk.seats.reads.registration(held?.id ?? '')) ?? {};
    expect(expiresAt).toBe(new Date(minute + 5 * 60_000).toISOString());
  });

  it('whose hold expires causes no second mail when the guest had claimed a free seat', async () => {
    const { cafeIds } = await cafes({ seats: 1 });
    const [attendeeId = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    await desk.claimInTurn(cafeIds[0], [attendeeId], { guest: true });
    await desk.database.pool.query(`update registration set expires_at = now() where attendee_id = $1`, [attendeeId]);
    await desk.seats.registrations.expireDue();
    expect(await desk.mailKindsOf(attendeeId)).toEqual(['prove-address']);
  });

  it('must be proved by a guest from the waitlist, also when the address was proved before', async () => {
    const [grace] = await three();
    expect(await afterWaiting(grace)).toMatchObject({ status: 'held' });
    const [linus] = await three();
    expect(await afterWaiting(linus, (id) => desk.seats.guests.prove(linus, [id]))).toMatchObject({
      status: 'confirmed',
    });
    await desk.expectCountersEqualRecounts();
  });

  it('is given to a whole group, and held for people who must prove their address, also when the delegate was erased', async () => {
    const { cafeIds } = await cafes({ seats: 2 });
    const [cafeId] = cafeIds;
    const [ada, linus, delegate] = await three();
    const [proved = ''] = await buildPeople(desk.database.pool, 1);
    const [unproved = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    const named = [unproved, proved];
    await desk.claimInTurn(cafeId, [ada, linus]);
    await desk.seats.claims.claimTogether({ cafeId, attendeeIds: named, mode: 'all', by: delegate });
    await desk.database.pool.query('delete from attendee where id = $1', [delegate]);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    expect([...(await desk.statusesIn(cafeId)).values()]).toEqual(['confirmed', 'waitlisted', 'waitlisted']);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, linus), linus);
    expect(Object.fromEntries(await desk.statusesIn(cafeId))).toEqual({ [unproved]: 'held', [proved]: 'confirmed' });
    await desk.expectCountersEqualRecounts();
  });
});

describe('a swap', () => {
  it('takes the new seat and gives the old one back in one commit', async () => {
    const { cafeIds } = await cafes({ seats: 1 }, { seats: 1 });
    const [from, to] = cafeIds;
    const [ada, grace] = await three();
    await desk.claimInTurn(from, [ada, grace]);
    const registration = await desk.seats.registrations.swap(await desk.registrationIn(from, ada), to, ada);
    expect(registration).toMatchObject({ cafeId: to, status: 'confirmed' });
    expect(Object.fromEntries(await desk.statusesIn(from))).toEqual({ [grace]: 'confirmed' });
    expect(await desk.mailKindsOf(ada)).toEqual(['confirmed', 'cancelled', 'swapped']);
    await desk.expectCountersEqualRecounts();
  });

  it('that is not possible is refused with the reason, and changes nothing', async () => {
    const { cafeIds } = await cafes({ seats: 1 }, { seats: 1 }, { seats: 1, startsAfterMinutes: 30 });
    const [from, full, later] = cafeIds;
    const [ada, grace, last] = await three();
    await desk.claimInTurn(from, [ada, last]);
    await desk.claimInTurn(full, [grace]);
    const id = await desk.registrationIn(from, ada);
    const versions = () => desk.seats.counts.cafeSeats(cafeIds);
    const before = await versions();
    await expect(desk.seats.registrations.swap(id, full, ada)).rejects.toMatchObject({ code: 'cafe-full' });
    await expect(desk.seats.registrations.swap(id, from, ada)).rejects.toMatchObject({ code: 'same-cafe' });
    await expect(desk.seats.registrations.swap(id, full, grace)).rejects.toMatchObject({
      code: 'registration-not-found',
    });
    await expect(desk.seats.registrations.swap(id, ada, ada)).rejects.toMatchObject({ code: 'cafe-not-found' });
    const waiting = await desk.registrationIn(from, last);
    await expect(desk.seats.registrations.swap(waiting, later, last)).rejects.toMatchObject({
      code: 'registration-over',
    });
    expect(await versions()).toEqual(before);
    await desk.expectCountersEqualRecounts();
  });
});

describe('a delegation', () => {
  it('for `each` gives as many seats as there are; the other people join the waitlist in their order', async () => {
    const { cafeIds } = await cafes({ seats: 2 });
    const [cafeId] = cafeIds;
    const people = await three();
    const answers = await desk.seats.claims.claimTogether({ cafeId, attendeeIds: people, mode: 'each', by: people[0] });
    expect(answers.map(({ outcome, registration }) => [outcome, registration?.status])).toEqual([
      ['created', 'confirmed'],
      ['created', 'confirmed'],
      ['created', 'waitlisted'],
    ]);
    expect(await desk.mailKindsOf(people[2])).toEqual(['waitlisted']);
    expect(await desk.mailKindsOf(people[0])).toEqual(['confirmed', 'delegation-summary']);
    await desk.expectCountersEqualRecounts();
  });

  it('for `all` waits as a whole and keeps its place; only people who fit in the seats that it cannot use pass it', async () => {
    const { cafeIds } = await cafes({ seats: 3 });
    const [cafeId] = cafeIds;
    const people = await buildPeople(desk.database.pool, 7);
    const seated = people.slice(0, 3);
    const group = people.slice(3, 6);
    const single = people[6] ?? '';
    await desk.claimInTurn(cafeId, seated);
    const answers = await desk.seats.claims.claimTogether({
      cafeId,
      attendeeIds: group,
      mode: 'all',
      by: group[0] ?? '',
    });
    expect(answers.map(({ registration }) => registration?.waitlistPosition)).toEqual([1, 2, 3]);
    await desk.claimInTurn(cafeId, [single]);
    const leave = async (attendeeId = '') =>
      desk.seats.registrations.cancel(await desk.registrationIn(cafeId, attendeeId), attendeeId);
    await leave(seated[0]);
    expect((await desk.statusesIn(cafeId)).get(single)).toBe('confirmed');
    await leave(seated[1]);
    await leave(seated[2]);
    expect([...(await desk.statusesIn(cafeId)).values()].filter((status) => status === 'waitlisted')).toHaveLength(3);
    await leave(single);
    expect([...(await desk.statusesIn(cafeId)).entries()].sort()).toEqual(group.map((id) => [id, 'confirmed']).sort());
    await desk.expectCountersEqualRecounts();
  });

  it('for `all` gives no seat when one person has another seat at that time, and names that person', async () => {
    const { cafeIds } = await cafes({ seats: 5 }, { seats: 5 });
    const [cafeId, elsewhere] = cafeIds;
    const people = await three();
    await desk.claimInTurn(elsewhere, [people[1]]);
    const answers = await desk.seats.claims.claimTogether({ cafeId, attendeeIds: people, mode: 'all', by: people[0] });
    expect(answers.map(({ outcome }) => outcome)).toEqual(['not-all', 'schedule-clash', 'not-all']);
    expect(await desk.statusesIn(cafeId)).toEqual(new Map());
    // No registration was made, so the delegate gets no summary.
    expect(await desk.mailKindsOf(people[0])).toEqual([]);
    await desk.expectCountersEqualRecounts();
  });

  it('that names an attendee who is erased at the same moment is answered busy, as a walk-in is', async () => {
    const { cafeIds } = await cafes({ seats: 3 });
    const [cafeId] = cafeIds;
    const [ada, by] = await three();
    const unknownId = randomUUID();
    const busy = { code: 'busy', retryAfterSeconds: 1 };
    const together = desk.seats.claims.claimTogether({ cafeId, attendeeIds: [ada, unknownId], mode: 'each', by });
    await expect(together).rejects.toMatchObject(busy);
    await expect(desk.seats.checkIns.walkIn({ cafeId, attendeeId: unknownId, by })).rejects.toMatchObject(busy);
    expect((await desk.statusesIn(cafeId)).size).toBe(0);
  });

  it('that makes no registration sends the delegate no mail', async () => {
    const { cafeIds } = await cafes({ seats: 5 });
    const [cafeId] = cafeIds;
    const people = await three();
    await desk.claimInTurn(cafeId, people);
    await desk.seats.claims.claimTogether({ cafeId, attendeeIds: people, mode: 'each', by: people[0] });
    expect(await desk.mailKindsOf(people[0])).toEqual(['confirmed']);
  });
});

describe('an organiser', () => {
  it('who lowers a capacity below the taken seats sets a target, and freed seats lower the capacity first', async () => {
    const { cafeIds } = await cafes({ seats: 3 });
    const [cafeId] = cafeIds;
    const people = await buildPeople(desk.database.pool, 4);
    await desk.claimInTurn(cafeId, people);
    await expect(desk.seats.cafes.changeCafe(cafeId, { capacity: 1 })).rejects.toMatchObject({
      members: { capacity: 1, taken: 3 },
    });
    await desk.seats.cafes.changeCafe(cafeId, { capacity: 1, asTarget: true });
    const counts = async () => (await desk.seats.counts.cafeSeats([cafeId]))[0];
    expect(await counts()).toMatchObject({ capacity: 3, targetCapacity: 1, taken: 3, free: 0, waitlisted: 1 });
    for (const attendeeId of people.slice(0, 2)) {
      await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, attendeeId), attendeeId);
    }
    expect(await counts()).toMatchObject({ capacity: 1, taken: 1, waitlisted: 1 });
    expect(await counts()).not.toHaveProperty('targetCapacity');
    await desk.expectCountersEqualRecounts();
  });

  it('who closes the waitlist or the Café ends the waitlist with messages, and ends no seat', async () => {
    for (const change of [{ waitlistOpen: false }, { state: 'closed' as const }]) {
      const { cafeIds } = await cafes({ seats: 1 });
      const [cafeId] = cafeIds;
      const [ada, grace, last] = await three();
      await desk.claimInTurn(cafeId, [ada, grace]);
      await desk.seats.cafes.changeCafe(cafeId, change);
      expect(Object.fromEntries(await desk.statusesIn(cafeId))).toEqual({ [ada]: 'confirmed' });
      expect(await desk.mailKindsOf(grace)).toEqual(['waitlisted', 'line-closed']);
      expect((await desk.claimInTurn(cafeId, [last]))[0]?.outcome).toBe(change.state ? 'cafe-not-open' : 'cafe-full');
    }
    await desk.expectCountersEqualRecounts();
  });

  it('who moves a Café must decide about people who would have two seats at the same time', async () => {
    for (const clashes of ['swap', 'keep', 'cancel'] as const) {
      const { cafeIds, roomIds } = await cafes({ seats: 2 }, { seats: 2, startsAfterMinutes: 60 });
      const [moved, other] = cafeIds;
      const [ada, grace, organiser] = await three();
      await desk.claimInTurn(moved, [ada, grace]);
      await desk.claimInTurn(other, [ada]);
      const registrations = await desk.seats.reads.registrationsOf(ada);
      const { startsAt = '', endsAt = '' } = registrations[1] ?? {};
      expect(await desk.seats.attendance.clashesOfMove(moved, startsAt, endsAt)).toMatchObject([
        { attendeeId: ada, otherCafeId: other },
      ]);
      const where = { roomId: roomIds[0] ?? '', startsAt, endsAt, capacity: 2, excess: 'refuse' as const };
      await expect(desk.seats.cafes.moveCafe(moved, where, organiser)).rejects.toMatchObject({ code: 'move-clashes' });
      await expect(
        desk.seats.cafes.moveCafe(moved, { ...where, endsAt: startsAt, clashes }, organiser),
      ).rejects.toMatchObject({ code: 'ends-before-start' });
      await desk.seats.cafes.moveCafe(moved, { ...where, clashes }, organiser);
      const expected = { swap: 'offered', keep: 'confirmed', cancel: undefined }[clashes];
      expect((await desk.statusesIn(moved)).get(ada)).toBe(expected);
      expect((await desk.statusesIn(moved)).get(grace)).toBe('confirmed');
      expect((await desk.statusesIn(other)).get(ada)).toBe('confirmed');
      expect(await desk.mailKindsOf(grace)).toEqual(['confirmed', 'cafe-moved']);
      expect((await desk.mailKindsOf(ada)).at(-1)).toBe(
        { swap: 'offered', keep: 'cafe-moved', cancel: 'cancelled-by-organiser' }[clashes],
      );
      await desk.expectCountersEqualRecounts();
    }
  });

  it('who cancels or moves a Café frees its people for seats of another event that they wait for', async () => {
    for (const change of ['cancels', 'moves']) {
      const { cafeIds, roomIds } = await cafes(
        { seats: 5, minutes: 30 },
        { seats: 5, startsAfterMinutes: 30, minutes: 30 },
      );
      const { cafeIds: otherCafeIds } = await cafes({ seats: 1, minutes: 60 });
      const [ada, grace, organiser] = await three();
      await desk.claimInTurn(otherCafeIds[0], [grace]);
      await desk.claimInTurn(cafeIds[0], [ada]);
      await desk.claimInTurn(cafeIds[1], [ada]);
      await desk.claimInTurn(otherCafeIds[0], [ada]);
      // Ada has two seats at that time, so she gets no offer to swap.
      await desk.seats.registrations.cancel(await desk.registrationIn(otherCafeIds[0], grace), grace);
      expect((await desk.statusesIn(otherCafeIds[0])).get(ada)).toBe('waitlisted');
      if (change === 'cancels') {
        await desk.seats.cafes.changeCafe(cafeIds[0], { state: 'cancelled' }, organiser);
      } else {
        const { startsAt, endsAt } =
          (await desk.seats.reads.registration(await desk.registrationIn(cafeIds[0], ada))) ?? {};
        const later = (at = '') => new Date(Date.parse(at) + 3 * 3_600_000).toISOString();
        const where = { roomId: roomIds[0] ?? '', startsAt: later(startsAt), endsAt: later(endsAt), capacity: 5 };
        await desk.seats.cafes.moveCafe(cafeIds[0], { ...where, excess: 'refuse' }, organiser);
      }
      expect((await desk.statusesIn(otherCafeIds[0])).get(ada)).toBe('offered');
      expect((await desk.mailKindsOf(ada)).at(-1)).toBe('offered');
    }
    await desk.expectCountersEqualRecounts();
  });

  it('who moves a Café to a smaller room cancels the last seats given, or nothing', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 3 }, { seats: 1, room: 1 });
    const [moved, other] = cafeIds;
    await roomHas(roomIds[1], 2);
    const [ada, grace, last] = await three();
    await desk.claimInTurn(moved, [ada, grace, last]);
    const at = (await desk.seats.reads.registrationsOf(ada))[0];
    const where = { roomId: roomIds[1] ?? '', startsAt: at?.startsAt ?? '', endsAt: at?.endsAt ?? '', capacity: 2 };
    await expect(desk.seats.cafes.moveCafe(moved, { ...where, excess: 'refuse' }, ada)).rejects.toMatchObject({
      code: 'capacity-below-taken',
      members: { capacity: 2, taken: 3 },
    });
    const [stranger] = await three();
    await desk.claimInTurn(other, [stranger]);
    await expect(desk.seats.cafes.moveCafe(moved, { ...where, excess: 'cancel' }, ada)).rejects.toMatchObject({
      code: 'room-full',
    });
    await desk.seats.registrations.cancel(await desk.registrationIn(other, stranger), stranger);
    await desk.seats.cafes.moveCafe(moved, { ...where, excess: 'cancel' }, ada);
    expect(Object.fromEntries(await desk.statusesIn(moved))).toEqual({ [ada]: 'confirmed', [grace]: 'confirmed' });
    expect(await desk.mailKindsOf(last)).toEqual(['confirmed', 'capacity-lost']);
    await desk.expectCountersEqualRecounts();
  });

  it('who lowers the capacity of a Café without moving it sends mails only to people who lose their seats', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 2 });
    const [cafeId] = cafeIds;
    const [ada, last, waiting] = await three();
    await desk.claimInTurn(cafeId, [ada, last, waiting]);
    const at = (await desk.seats.reads.registrationsOf(ada))[0];
    const where = { roomId: roomIds[0] ?? '', startsAt: at?.startsAt ?? '', endsAt: at?.endsAt ?? '', capacity: 1 };
    await expect(
      desk.seats.cafes.moveCafe(cafeId, { ...where, excess: 'cancel', expectTaken: 1 }, ada),
    ).rejects.toMatchObject({ code: 'counts-changed', members: { taken: 2 } });
    await desk.seats.cafes.moveCafe(cafeId, { ...where, excess: 'cancel', expectTaken: 2 }, ada);
    expect(desk.published.at(-1)?.registrations.map(([, attendeeId]) => attendeeId)).toEqual([last]);
    expect(await desk.mailKindsOf(ada)).toEqual(['confirmed']);
    expect(await desk.mailKindsOf(last)).toEqual(['confirmed', 'capacity-lost']);
    expect(await desk.mailKindsOf(waiting)).toEqual(['waitlisted']);
    await desk.expectCountersEqualRecounts();
  });
});

describe('a changed seat', () => {
  it('is published once by every kind of change, and not when nothing changed', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 1 }, { seats: 5 }, { seats: 5, startsAfterMinutes: 120 });
    const [cafeId, besides, later = ''] = cafeIds;
    const [ada, grace, host] = await three();
    const [busy, next, walker] = await three();
    const [unproved = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    const { seats } = desk;
    const inFirst = (id: string) => desk.registrationIn(cafeId, id);
    const published = async (work: () => Promise<unknown>) => {
      const before = desk.published.length;
      await work().catch(() => {});
      return desk.published.length - before;
    };
    await desk.claimInTurn(later, [host]);
    const { startsAt = '', endsAt = '' } = (await seats.reads.registrationsOf(host))[0] ?? {};
    const move = { roomId: roomIds[0] ?? '', startsAt, endsAt, capacity: 6, excess: 'refuse' as const };
    const verbs: [string, number, () => Promise<unknown>][] = [
      ['claim', 1, () => seats.claims.claim({ cafeId, attendeeId: ada, guest: false })],
      ['claim again', 0, () => seats.claims.claim({ cafeId, attendeeId: ada, guest: false })],
      ['wait', 1, () => seats.claims.claim({ cafeId, attendeeId: busy, guest: false })],
      ['sit elsewhere', 1, () => seats.claims.claim({ cafeId: besides, attendeeId: busy, guest: false })],
      ['wait behind', 1, () => seats.claims.claim({ cafeId, attendeeId: next, guest: false })],
      ['cancel, and be followed by an offer', 1, async () => seats.registrations.cancel(await inFirst(ada), ada)],
      ['cancel again', 0, async () => seats.registrations.cancel(await inFirst(ada), ada)],
      ['accept what is not offered', 0, async () => seats.registrations.accept(await inFirst(next), next)],
      ['decline', 1, async () => seats.registrations.decline(await inFirst(busy), busy)],
      ['decline what is confirmed', 0, async () => seats.registrations.decline(await inFirst(next), next)],
      ['check in', 1, async () => seats.checkIns.checkIn({ registrationId: await inFirst(next), cafeId, by: host })],
      [
        'check in again',
        0,
        async () => seats.checkIns.checkIn({ registrationId: await inFirst(next), cafeId, by: host }),
      ],
      ['undo', 1, async () => seats.checkIns.undoCheckIn(await inFirst(next), host)],
      ['undo again', 0, async () => seats.checkIns.undoCheckIn(await inFirst(next), host)],
      ['swap', 1, async () => seats.registrations.swap(await inFirst(next), besides, next)],
      [
        'swap into the same',
        0,
        async () => seats.registrations.swap(await desk.registrationIn(besides, next), besides, next),
      ],
      [
        'claim together',
        1,
        () => seats.claims.claimTogether({ cafeId: later, attendeeIds: [ada, grace], mode: 'all', by: ada }),
      ],
      [
        'claim together again',
        0,
        () => seats.claims.claimTogether({ cafeId: later, attendeeIds: [ada], mode: 'all', by: ada }),
      ],
      ['walk in', 1, () => seats.checkIns.walkIn({ cafeId: later, attendeeId: walker, by: host })],
      [
        'release before the start',
        0,
        async () => seats.pending.releaseNoShows(later, [await desk.registrationIn(later, host)], host),
      ],
      ['hold', 1, () => seats.claims.claim({ cafeId: later, attendeeId: unproved, guest: true })],
      ['prove', 1, async () => seats.guests.prove(unproved, [await desk.registrationIn(later, unproved)])],
      ['prove again', 0, async () => seats.guests.prove(unproved, [await desk.registrationIn(later, unproved)])],
      ['add seats', 1, () => seats.cafes.changeCafe(besides, { capacity: 6 })],
      ['take too many seats away', 0, () => seats.cafes.changeCafe(besides, { capacity: 0 })],
      [
        'move',
        1,
        () =>
          seats.cafes.moveCafe(later, { ...move, endsAt: new Date(Date.parse(endsAt) + 60_000).toISOString() }, host),
      ],
      ['move to before the start', 0, () => seats.cafes.moveCafe(later, { ...move, endsAt: startsAt }, host)],
      ['end what is due', 0, () => seats.registrations.expireDue()],
      ['apply what is not due', 0, () => seats.pending.applyDue()],
      [
        'cancel a Café so that it can be undone',
        1,
        () => seats.cafes.changeCafe(besides, { state: 'cancelled', undoable: true }),
      ],
      ['end what was cancelled', 1, () => desk.applyPending()],
      ['end it again', 0, () => desk.applyPending()],
      ['cancel a Café', 1, () => seats.cafes.changeCafe(later, { state: 'cancelled' })],
    ];
    const found: [string, number][] = [];
    for (const [verb, , work] of verbs) found.push([verb, await published(work)]);
    expect(found).toEqual(verbs.map(([verb, times]) => [verb, times]));
  });
});

describe('the door', () => {
  it('gives the seats of absent people to the waitlist, and seats people at the door', async () => {
    const { cafeIds, roomIds } = await cafes({ seats: 2 });
    const [cafeId] = cafeIds;
    const [came, absent, host] = await three();
    const [walker] = await three();
    await desk.claimInTurn(cafeId, [came, absent]);
    const absentId = await desk.registrationIn(cafeId, absent);
    const now = Math.floor(Date.now() / 60_000 - 10) * 60_000;
    const [startsAt, endsAt] = [now, now + 45 * 60_000].map((at) => new Date(at).toISOString()) as [string, string];
    await desk.seats.cafes.moveCafe(
      cafeId,
      { roomId: roomIds[0] ?? '', startsAt, endsAt, capacity: 2, excess: 'refuse' },
      host,
    );
    await expect(desk.seats.checkIns.walkIn({ cafeId, attendeeId: walker, by: host })).rejects.toMatchObject({
      code: 'cafe-full',
    });
    await desk.seats.checkIns.checkIn({ registrationId: await desk.registrationIn(cafeId, came), cafeId, by: host });
    // No person waits, so a released seat would stay empty.
    await expect(desk.seats.pending.releaseNoShows(cafeId, [absentId], host)).rejects.toMatchObject({
      code: 'more-than-wait',
    });
    const [waiting] = await three();
    await desk.claimInTurn(cafeId, [waiting]);
    await desk.seats.pending.releaseNoShows(cafeId, [absentId], host);
    await desk.applyPending();
    expect((await desk.statusesIn(cafeId)).get(waiting)).toBe('offered');
    await desk.seats.registrations.decline(await desk.registrationIn(cafeId, waiting), waiting);
    const { result, registration } = await desk.seats.checkIns.walkIn({ cafeId, attendeeId: walker, by: host });
    expect([result, registration.status]).toEqual(['checked-in', 'confirmed']);
    expect((await desk.seats.checkIns.walkIn({ cafeId, attendeeId: walker, by: host })).result).toBe(
      'already-checked-in',
    );
    expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ taken: 2, present: 2 });
    expect(await desk.mailKindsOf(walker)).toEqual([]);
    await desk.expectCountersEqualRecounts();
  });
});

describe('an audit', () => {
  it('finds differences between the tables and the ledger, and versions with too many taken seats', async () => {
    const own = await openDesk();
    try {
      const { cafeIds } = await buildEvent(own.database.pool, [{ seats: 2 }]);
      const people = await buildPeople(own.database.pool, 2);
      await own.claimInTurn(cafeIds[0] ?? '', people);
      await own.expectCountersEqualRecounts();
      const client = await own.database.pool.connect();
      // Changes the tables without the engine: a seat ends without a row in the ledger, and a capacity is too small.
      await client.query('set session_replication_role = replica');
      await client.query(`update registration set status = 'cancelled' where attendee_id = $1`, [people[0]]);
      await client.query(`update seat_event set cafe = cafe || '{"capacity": 1}' where what = 'cafe'`);
      client.release(true);
      const { differences } = await auditSeats(own.database);
      const expected = [
        /oversold at version/,
        /capacity is 2 in the table, 1 by the ledger/,
        /is “.* cancelled .*” in the table/,
        /recounted/,
      ];
      for (const difference of expected) expect(differences.join('\n')).toMatch(difference);
    } finally {
      await own.close();
    }
  });
});

describe('a receipt', () => {
  it('shows all changes of a registration', async () => {
    const { cafeIds } = await cafes({ seats: 1 });
    const [cafeId] = cafeIds;
    const [ada, grace] = await three();
    await desk.claimInTurn(cafeId, [ada, grace]);
    const id = await desk.registrationIn(cafeId, grace);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    await desk.seats.registrations.cancel(id, grace);
    const registration = await desk.seats.reads.registration(id);
    const events = registration && (await desk.seats.reads.receiptOf(registration));
    expect(events?.map(({ what, cause, waitlistNumber }) => [what, cause, waitlistNumber])).toEqual([
      ['waitlisted', 'claim', 1],
      ['confirmed', 'line', undefined],
      ['cancelled', 'attendee', undefined],
    ]);
    expect(events?.map(({ version }) => version)).toEqual([...new Set(events?.map(({ version }) => version))].sort());
  });
});

/** Gives a person a seat and checks the person in. The seat overlaps another one, and is not offered for a swap. */
async function sitIn(cafeId: string, attendeeId: string): Promise<void> {
  await desk.claimInTurn(cafeId, [attendeeId]);
  const registrationId = await desk.registrationIn(cafeId, attendeeId);
  await desk.seats.checkIns.checkIn({ registrationId, cafeId, by: attendeeId });
}

describe('an attendee who joins a waitlist while they give a seat back', () => {
  it('gets the seat of that waitlist: the change is decided again, and the retry is counted', async () => {
    const before = await retriesAfterChange();
    const { cafeIds } = await cafes({ seats: 1, room: 0 }, { seats: 1, room: 1 });
    const [left, joined] = cafeIds;
    const [ada, grace] = await three();
    await sitIn(left, ada);
    await desk.claimInTurn(joined, [grace]);
    const blocker = await desk.database.pool.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select from cafe_seats where cafe_id = $1 for update', [left]);
      const givingBack = desk.seats.registrations.cancel(await desk.registrationIn(left, ada), ada);
      await oneWaitsForALock();
      await desk.claimInTurn(joined, [ada]);
      await desk.seats.registrations.cancel(await desk.registrationIn(joined, grace), grace);
      // A seat is free, and Ada cannot take it yet.
      expect((await desk.statusesIn(joined)).get(ada)).toBe('waitlisted');
      await blocker.query('rollback');
      await givingBack;
    } finally {
      await blocker.query('rollback');
      blocker.release();
    }
    expect((await desk.statusesIn(joined)).get(ada)).toBe('confirmed');
    expect((await retriesAfterChange()) - before).toBe(1);
    await desk.expectCountersEqualRecounts();
  });
});

describe('an attendee who joins a waitlist before the transaction that gives their seat back commits', () => {
  it('gets the seat of that waitlist by the transaction that commits second', async () => {
    const { cafeIds } = await cafes({ seats: 1, room: 0 }, { seats: 1, room: 1 });
    const [left, joined] = cafeIds;
    const [ada, grace] = await three();
    await sitIn(left, ada);
    await desk.claimInTurn(joined, [grace]);
    const givingBack = await desk.database.pool.connect();
    try {
      await givingBack.query('begin');
      await givingBack.query(`select seats_end(array[$1::uuid], 'cancelled', 'attendee', $2)`, [
        await desk.registrationIn(left, ada),
        ada,
      ]);
      const graces = await desk.registrationIn(joined, grace);
      const joining = desk.claimInTurn(joined, [ada]);
      await haveEndedOrWait([joining]);
      const freeing = desk.seats.registrations.cancel(graces, grace);
      await haveEndedOrWait([joining, freeing]);
      await givingBack.query('commit');
      await Promise.all([joining, freeing]);
    } finally {
      givingBack.release(true);
    }
    expect((await desk.statusesIn(joined)).get(ada)).toBe('confirmed');
    await desk.expectCountersEqualRecounts();
  });
});

describe('an attendee who gives a seat back while they join a waitlist', () => {
  it('gives it back after joining, and the waitlist moves', async () => {
    const { cafeIds } = await cafes({ seats: 1, room: 0 }, { seats: 1, room: 1 });
    const [left, joined] = cafeIds;
    const [ada, grace] = await three();
    await sitIn(left, ada);
    await desk.claimInTurn(joined, [grace]);
    const before = await retriesAfterChange();
    const joining = await desk.database.pool.connect();
    try {
      await joining.query('begin');
      await joining.query('select seats_claim(array[$1::uuid], array[$2::uuid])', [joined, ada]);
      const givingBack = desk.seats.registrations.cancel(await desk.registrationIn(left, ada), ada);
      await haveEndedOrWait([givingBack]);
      await joining.query('commit');
      await givingBack;
    } finally {
      joining.release(true);
    }
    // The transaction saw the new place in the waitlist only after it had its locks.
    expect((await retriesAfterChange()) - before).toBe(1);
    await desk.expectCountersEqualRecounts();
  });
});

describe('the changes that a gateway missed', () => {
  it('are those of the given attendees after the given versions: new registrations and changed ones', async () => {
    const { cafeIds } = await cafes({ seats: 1 }, { seats: 1, startsAfterMinutes: 60 });
    const [cafeId, other] = cafeIds;
    const [ada, grace, mary] = await three();
    const versionNow = async (of: string) => (await desk.seats.counts.cafeSeats([of]))[0]?.version ?? 0;
    const missedBy = async (attendeeIds: string[], version: number) =>
      (await desk.seats.reads.changedSince([{ cafeId, version }], attendeeIds)).map(
        ({ registrationId }) => registrationId,
      );
    const empty = await versionNow(cafeId);
    await desk.claimInTurn(cafeId, [ada]);
    await desk.claimInTurn(other, [ada, grace]);
    const withAda = await versionNow(cafeId);
    await desk.claimInTurn(cafeId, [grace, mary]);
    const [adas, graces, marys] = await Promise.all([ada, grace, mary].map((who) => desk.registrationIn(cafeId, who)));
    expect((await missedBy([ada, grace], empty)).sort()).toEqual([adas, graces].sort());
    expect(await missedBy([ada, grace], withAda)).toEqual([graces]);
    const withAll = await versionNow(cafeId);
    expect(await missedBy([ada, grace, mary], withAll)).toEqual([]);
    // Grace moves up. The registration of Ada ended, which is a change too.
    await desk.seats.registrations.cancel(adas as string, ada);
    expect((await missedBy([ada, grace, mary], withAll)).sort()).toEqual([adas, graces].sort());
    expect(await missedBy([mary], withAda)).toEqual([marys]);
  });
});
