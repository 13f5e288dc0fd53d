import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CafeChange } from '#contract';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';

/** The number of parallel attempts of each race. */
const ROUNDS = 12;

let desk: SeatDesk;
/** A session whose clock is eleven seconds ahead, so that pending changes are due. */
let later: pg.Client;

beforeAll(async () => {
  desk = await openDesk();
  await desk.database.pool.query(`
    create or replace function seats_now() returns timestamptz language sql stable as $$
      select now() + coalesce(nullif(current_setting('test.later', true), ''), '0')::interval
    $$`);
  const { rows } = await desk.database.pool.query('select current_database() as name');
  const url = new URL(desk.database.pool.options.connectionString as string);
  url.pathname = `/${rows[0].name}`;
  url.searchParams.set('options', '-c test.later=11s');
  later = new pg.Client({ connectionString: url.href });
  await later.connect();
});

afterAll(async () => {
  await later?.end();
  await desk?.close();
});

const applyLater = () =>
  later.query('select a.* from seats_changes_due(100) as d (id) cross join lateral seats_apply_change(d.id) a');
const pendingOf = async (cafeId: string) =>
  (await desk.database.pool.query('select id from pending_change where cafe_id = $1 order by id', [cafeId])).rows.map(
    ({ id }) => id as string,
  );
const messages = async () =>
  Number(
    (await desk.database.pool.query('select (select count(*) from outbox) + (select count(*) from outbox_batch) as n'))
      .rows[0].n,
  );

/** A Café that began this number of minutes ago, with seated and waiting people; all of them are absent. */
async function startedCafe(seats: number, waiting: number, minutesAgo = 11) {
  const { cafeIds, eventId } = await buildEvent(desk.database.pool, [{ seats }]);
  const cafeId = cafeIds[0] ?? '';
  await desk.startIn(cafeId, -minutesAgo);
  const people = await buildPeople(desk.database.pool, seats + waiting + 1);
  const host = people.pop() ?? '';
  await desk.claimInTurn(cafeId, people);
  const seated = people.slice(0, seats);
  const waitlist = people.slice(seats);
  const ids = await Promise.all(seated.map((person) => desk.registrationIn(cafeId, person)));
  return { cafeId, eventId, host, seated, waitlist, ids };
}

/** The state of a Café that people can see: its people, their registrations and the status of each. */
const everything = async (cafeId: string) => (await desk.seats.attendance.attendanceOf(cafeId))?.people;

describe('a release of the seats of absent people', () => {
  it('changes nothing for ten seconds, and after an undo each seat, ticket and place is as before', async () => {
    const { cafeId, host, ids } = await startedCafe(3, 2);
    const [was, written] = [await everything(cafeId), await messages()];
    const release = await desk.seats.pending.releaseNoShows(cafeId, ids.slice(0, 2), host);
    expect(release).toEqual({ id: expect.any(String), msLeft: 10_000, registrationIds: ids.slice(0, 2) });
    expect(await everything(cafeId)).toEqual(was);
    expect((await desk.seats.attendance.attendanceOf(cafeId))?.releases).toMatchObject([{ id: release.id }]);
    await desk.seats.pending.undoChange(cafeId, { id: release.id, of: 'release' }, host);
    await applyLater();
    expect(await everything(cafeId)).toEqual(was);
    expect(await messages()).toBe(written);
    expect((await desk.seats.attendance.attendanceOf(cafeId))?.releases).toEqual([]);
    await desk.expectCountersEqualRecounts();
  });

  it('gives the seats to the waitlist in one commit after ten seconds, with one message for each person', async () => {
    const { cafeId, host, ids, seated, waitlist } = await startedCafe(3, 2);
    const release = await desk.seats.pending.releaseNoShows(cafeId, ids.slice(0, 2), host);
    await applyLater();
    await applyLater();
    expect(Object.fromEntries(await desk.statusesIn(cafeId))).toEqual({
      [seated[2] as string]: 'confirmed',
      [waitlist[0] as string]: 'offered',
      [waitlist[1] as string]: 'offered',
    });
    expect(await desk.mailKindsOf(seated[0])).toEqual(['confirmed', 'seat-released']);
    expect(await desk.mailKindsOf(seated[2])).toEqual(['confirmed']);
    expect(await desk.mailKindsOf(waitlist[0])).toEqual(['waitlisted', 'offered']);
    await expect(desk.seats.pending.undoChange(cafeId, { id: release.id, of: 'release' }, host)).rejects.toMatchObject({
      code: 'undo-over',
    });
    await desk.expectCountersEqualRecounts();
  });

  it('releases no more seats than people wait, together with all pending releases', async () => {
    const { cafeId, host, ids } = await startedCafe(4, 2);
    const refused = (chosen: string[]) =>
      desk.seats.pending.releaseNoShows(cafeId, chosen, host).catch((error) => error);
    expect(await refused(ids.slice(0, 3))).toMatchObject({
      code: 'more-than-wait',
      members: { chosen: 3, waiting: 2 },
    });
    await desk.seats.pending.releaseNoShows(cafeId, ids.slice(0, 1), host);
    expect(await refused(ids.slice(1, 3))).toMatchObject({
      code: 'more-than-wait',
      members: { chosen: 2, waiting: 1 },
    });
    expect(await pendingOf(cafeId)).toHaveLength(1);
    expect((await desk.statusesIn(cafeId)).size).toBe(6);
  });

  it('counts a group that asked for `all` only when its seats are released together', async () => {
    const { cafeId, host, ids, seated } = await startedCafe(3, 0);
    const two = await buildPeople(desk.database.pool, 2);
    await desk.seats.claims.claimTogether({ cafeId, attendeeIds: two, mode: 'all', by: host });
    await expect(desk.seats.pending.releaseNoShows(cafeId, ids.slice(0, 1), host)).rejects.toMatchObject({
      members: { chosen: 1, waiting: 0 },
    });
    await desk.seats.pending.releaseNoShows(cafeId, ids.slice(0, 2), host);
    await applyLater();
    expect([...(await desk.statusesIn(cafeId)).keys()].sort()).toEqual([seated[2], ...two].sort());
  });

  it('is refused until the grace period after the start is over, with the time of its end', async () => {
    const future = await startedCafe(1, 1, -5);
    const started = await startedCafe(1, 1, 4);
    for (const [{ cafeId, ids, host }, code] of [
      [future, 'cafe-not-begun'],
      [started, 'grace-period'],
    ] as const) {
      const from = (await desk.seats.attendance.attendanceOf(cafeId))?.releasableFrom;
      await expect(desk.seats.pending.releaseNoShows(cafeId, ids, host)).rejects.toMatchObject({
        code,
        members: { from },
      });
    }
    await desk.database.pool.query('update event set no_show_grace_minutes = 3 where id = $1', [started.eventId]);
    await desk.seats.pending.releaseNoShows(started.cafeId, started.ids, started.host);
    expect(await pendingOf(started.cafeId)).toHaveLength(1);
  });

  it('accepts only absent people of this Café with a confirmed seat, each once', async () => {
    const { cafeId, host, ids, waitlist } = await startedCafe(3, 3);
    const other = await startedCafe(1, 1);
    await desk.seats.checkIns.checkIn({ registrationId: ids[0] ?? '', cafeId, by: host });
    const waiting = await desk.registrationIn(cafeId, waitlist[0]);
    await desk.seats.pending.releaseNoShows(cafeId, [ids[2] ?? ''], host);
    for (const wrong of [ids[0], ids[2], waiting, other.ids[0], host] as string[]) {
      await expect(desk.seats.pending.releaseNoShows(cafeId, [ids[1] ?? '', wrong], host)).rejects.toMatchObject({
        code: 'not-absent',
        members: { registrationIds: [wrong] },
      });
    }
  });

  it('keeps the seat of a person who was checked in meanwhile, and one seat for each person who does not wait any more', async () => {
    const { cafeId, host, ids, waitlist, seated } = await startedCafe(3, 3);
    await desk.seats.pending.releaseNoShows(cafeId, ids, host);
    await desk.seats.checkIns.checkIn({ registrationId: ids[0] ?? '', cafeId, by: host });
    for (const person of waitlist.slice(0, 2))
      await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, person), person);
    await applyLater();
    expect(Object.fromEntries(await desk.statusesIn(cafeId))).toEqual({
      [seated[0] as string]: 'confirmed',
      [seated[2] as string]: 'confirmed',
      [waitlist[2] as string]: 'offered',
    });
    await desk.expectCountersEqualRecounts();
  });

  it('by two hosts at the same time frees no more seats than people wait', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { cafeId, host, ids, waitlist } = await startedCafe(4, 2);
      const both = await Promise.allSettled([
        desk.seats.pending.releaseNoShows(cafeId, ids.slice(0, 2), host),
        desk.seats.pending.releaseNoShows(cafeId, ids.slice(2), host),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await applyLater();
      expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ taken: 4, free: 0, waitlisted: 0 });
      for (const person of waitlist) expect((await desk.statusesIn(cafeId)).get(person)).toBe('offered');
    }
  });

  it('is undone or applied as a whole when both are called at the same time', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { cafeId, host, ids, seated, waitlist } = await startedCafe(2, 2);
      const { id } = await desk.seats.pending.releaseNoShows(cafeId, ids, host);
      const [undone] = await Promise.allSettled([
        desk.seats.pending.undoChange(cafeId, { id, of: 'release' }, host),
        applyLater(),
      ]);
      const statuses = await desk.statusesIn(cafeId);
      const isUndone = undone.status === 'fulfilled';
      for (const person of seated) expect(statuses.get(person)).toBe(isUndone ? 'confirmed' : undefined);
      for (const person of waitlist) expect(statuses.get(person)).toBe(isUndone ? 'waitlisted' : 'offered');
      expect(await desk.mailKindsOf(seated[0])).toEqual(isUndone ? ['confirmed'] : ['confirmed', 'seat-released']);
    }
    await desk.expectCountersEqualRecounts();
  });

  it('at the same time as a check-in leaves the person with a seat and checked in, or without a seat and not checked in', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { cafeId, host, ids, seated, waitlist } = await startedCafe(1, 1);
      await desk.seats.pending.releaseNoShows(cafeId, ids, host);
      const [{ result }] = await Promise.all([
        desk.seats.checkIns.checkIn({ registrationId: ids[0] ?? '', cafeId, by: host }),
        applyLater(),
      ]);
      const stayed = result === 'checked-in';
      const statuses = await desk.statusesIn(cafeId);
      expect([statuses.get(seated[0] as string), statuses.get(waitlist[0] as string)]).toEqual(
        stayed ? ['confirmed', 'waitlisted'] : [undefined, 'offered'],
      );
    }
    await desk.expectCountersEqualRecounts();
  });

  it('survives a process that is killed while it applies it: nothing is lost, nothing is sent twice', async () => {
    const { cafeId, host, ids, seated, waitlist } = await startedCafe(1, 1);
    await desk.seats.pending.releaseNoShows(cafeId, ids, host);
    const killed = await desk.database.pool.connect();
    const [change] = await pendingOf(cafeId);
    await killed.query(`begin; set local test.later = '11s'`);
    await killed.query('select * from seats_apply_change($1)', [change]);
    killed.release(true);
    await desk.database.pool.query('select 1');
    await applyLater();
    await applyLater();
    expect(await desk.mailKindsOf(seated[0])).toEqual(['confirmed', 'seat-released']);
    expect(await desk.mailKindsOf(waitlist[0])).toEqual(['waitlisted', 'offered']);
    expect(await pendingOf(cafeId)).toEqual([]);
  });
});

/** A full Café in the future, with a waitlist. */
async function full(waiting: number) {
  const { cafeId, seated, waitlist, host } = await startedCafe(2, waiting, -60 * 24);
  return { cafeId, seated, waitlist, organiser: host };
}
const changeUndoably = (cafeId: string, change: CafeChange, by: string) =>
  desk.seats.cafes.changeCafe(cafeId, { ...change, undoable: true }, by);
const closingOf = async (cafeId: string) => (await desk.seats.counts.cafeSeats([cafeId]))[0]?.closing?.id ?? '';

describe('a closing', () => {
  const closings = [{ waitlistOpen: false }, { state: 'closed' as const }, { state: 'cancelled' as const }];

  it('of a waitlist, of registrations or of the whole Café is undone with every seat and place as before', async () => {
    for (const change of closings) {
      const { cafeId, organiser, waitlist } = await full(3);
      const [was, written] = [await everything(cafeId), await messages()];
      await changeUndoably(cafeId, change, organiser);
      expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({
        ...change,
        closing: { msLeft: expect.any(Number) },
      });
      expect(await everything(cafeId)).toEqual(was);
      await desk.seats.pending.undoChange(cafeId, { id: await closingOf(cafeId), of: 'closing' }, organiser);
      await applyLater();
      expect(await everything(cafeId)).toEqual(was);
      expect(await messages()).toBe(written);
      expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ state: 'open', waitlistOpen: true });
      // The waitlist then continues in its order.
      const first = (await desk.seats.attendance.attendanceOf(cafeId))?.people[0];
      await desk.seats.registrations.cancel(first?.registrationId ?? '', first?.attendeeId ?? '');
      expect((await desk.statusesIn(cafeId)).get(waitlist[0] as string)).toBe('confirmed');
    }
    await desk.expectCountersEqualRecounts();
  });

  it('ends the registrations that it names after ten seconds, once, and then cannot be undone', async () => {
    for (const change of closings) {
      const { cafeId, organiser, waitlist, seated } = await full(1);
      await changeUndoably(cafeId, change, organiser);
      const id = await closingOf(cafeId);
      await applyLater();
      await applyLater();
      const ended = change.state === 'cancelled' ? 'cancelled-by-organiser' : 'line-closed';
      expect(await desk.mailKindsOf(waitlist[0])).toEqual(['waitlisted', ended]);
      expect((await desk.statusesIn(cafeId)).size).toBe(change.state === 'cancelled' ? 0 : 2);
      expect((await desk.mailKindsOf(seated[0])).length).toBe(change.state === 'cancelled' ? 2 : 1);
      await expect(desk.seats.pending.undoChange(cafeId, { id, of: 'closing' }, organiser)).rejects.toMatchObject({
        code: 'undo-over',
      });
    }
    await desk.expectCountersEqualRecounts();
  });

  it('refuses claims while it is pending; a freed seat goes to the waitlist, at once or after the undo', async () => {
    const [late = ''] = await buildPeople(desk.database.pool, 1);
    for (const [change, outcome, meanwhile] of [
      [{ waitlistOpen: false }, 'cafe-full', 'confirmed'],
      [{ state: 'closed' as const }, 'cafe-not-open', 'waitlisted'],
    ] as const) {
      const { cafeId, organiser, waitlist, seated } = await full(2);
      await changeUndoably(cafeId, change, organiser);
      expect((await desk.claimInTurn(cafeId, [late]))[0]?.outcome).toBe(outcome);
      await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, seated[0]), seated[0] as string);
      expect((await desk.statusesIn(cafeId)).get(waitlist[0] as string)).toBe(meanwhile);
      await desk.seats.pending.undoChange(cafeId, { id: await closingOf(cafeId), of: 'closing' }, organiser);
      expect((await desk.statusesIn(cafeId)).get(waitlist[0] as string)).toBe('confirmed');
      expect((await desk.statusesIn(cafeId)).get(waitlist[1] as string)).toBe('waitlisted');
      expect((await desk.claimInTurn(cafeId, [late]))[0]).toMatchObject({ registration: { waitlistPosition: 2 } });
    }
    await desk.expectCountersEqualRecounts();
  });

  it('is undone as a whole when a second one follows, and ends when the Café is opened again', async () => {
    const { cafeId, organiser } = await full(2);
    await changeUndoably(cafeId, { waitlistOpen: false }, organiser);
    await changeUndoably(cafeId, { state: 'cancelled' }, organiser);
    await desk.seats.pending.undoChange(cafeId, { id: await closingOf(cafeId), of: 'closing' }, organiser);
    expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ state: 'open', waitlistOpen: true });
    await changeUndoably(cafeId, { state: 'closed' }, organiser);
    await changeUndoably(cafeId, { state: 'open' }, organiser);
    expect(await pendingOf(cafeId)).toEqual([]);
    await applyLater();
    expect((await desk.statusesIn(cafeId)).size).toBe(4);
  });

  it('that cancels the Café is final when it is applied; before, only its undo reverts it', async () => {
    const { cafeId, organiser } = await full(2);
    const reopen = () => desk.seats.cafes.changeCafe(cafeId, { state: 'open' }, organiser);
    await changeUndoably(cafeId, { state: 'cancelled' }, organiser);
    await expect(reopen()).rejects.toMatchObject({ code: 'cafe-cancelled' });
    await desk.seats.pending.undoChange(cafeId, { id: await closingOf(cafeId), of: 'closing' }, organiser);
    await desk.seats.cafes.changeCafe(cafeId, { state: 'cancelled' }, organiser);
    for (const state of ['open', 'closed', 'draft'] as const)
      await expect(desk.seats.cafes.changeCafe(cafeId, { state }, organiser)).rejects.toMatchObject({
        code: 'cafe-cancelled',
      });
    // The same change again changes nothing.
    await desk.seats.cafes.changeCafe(cafeId, { state: 'cancelled' }, organiser);
    expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ state: 'cancelled', taken: 0 });
  });

  it('is not undone by the undo of an earlier one of another organiser, also when its cause stays', async () => {
    const closedWaitlist = { waitlistOpen: false };
    for (const [first, second] of [
      [closedWaitlist, { state: 'closed' as const }],
      [closedWaitlist, { state: 'cancelled' as const }],
      [{ state: 'closed' as const }, closedWaitlist],
    ] as const) {
      const { cafeId, organiser } = await full(2);
      const [other = ''] = await buildPeople(desk.database.pool, 1);
      await changeUndoably(cafeId, first, organiser);
      const firstId = await closingOf(cafeId);
      await changeUndoably(cafeId, second, other);
      const now = { state: 'open', waitlistOpen: true, ...first, ...second };
      await expect(
        desk.seats.pending.undoChange(cafeId, { id: firstId, of: 'closing' }, organiser),
      ).rejects.toMatchObject({
        code: 'undo-over',
      });
      expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({
        ...now,
        closing: { coversEarlier: true },
      });
      // The same request again changes nothing, and the pending change is the same.
      const secondId = await closingOf(cafeId);
      await changeUndoably(cafeId, second, organiser);
      expect(await pendingOf(cafeId)).toEqual([secondId]);
      await desk.seats.pending.undoChange(cafeId, { id: secondId, of: 'closing' }, other);
      expect((await desk.seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ state: 'open', waitlistOpen: true });
    }
  });

  it('cannot be undone when no person loses a place', async () => {
    const { cafeId, organiser } = await full(0);
    await changeUndoably(cafeId, { waitlistOpen: false, state: 'closed' }, organiser);
    expect(await pendingOf(cafeId)).toEqual([]);
  });

  it('that is not undoable ends the registrations in its commit, also when an undoable one is pending', async () => {
    for (const before of [undefined, ...closings] as (CafeChange | undefined)[]) {
      for (const change of [...closings, { capacity: 2 }]) {
        const { cafeId, organiser, waitlist } = await full(1);
        if (before) await changeUndoably(cafeId, before, organiser);
        const id = await closingOf(cafeId);
        if (before?.state === 'cancelled' && 'state' in change && change.state !== 'cancelled') {
          const refused = desk.seats.cafes.changeCafe(cafeId, change, organiser);
          await expect(refused).rejects.toMatchObject({ code: 'cafe-cancelled' });
          expect(await closingOf(cafeId)).toBe(id);
          continue;
        }
        await desk.seats.cafes.changeCafe(cafeId, change, organiser);
        const now = (await desk.seats.counts.cafeSeats([cafeId]))[0];
        const ends: CafeChange = { ...before, ...change };
        const seats = ends.state === 'cancelled' ? 0 : 2;
        const waiting = before || !('capacity' in change) ? 0 : 1;
        expect(now).toMatchObject({ ...change, taken: seats, waitlisted: waiting });
        expect(now).not.toHaveProperty('closing');
        expect(await desk.mailKindsOf(waitlist[0])).toHaveLength(waiting ? 1 : 2);
        expect((await desk.statusesIn(cafeId)).size).toBe(seats + waiting);
        await expect(
          desk.seats.pending.undoChange(cafeId, { id: id || cafeId, of: 'closing' }, organiser),
        ).rejects.toMatchObject({ code: 'undo-over' });
      }
    }
    await desk.expectCountersEqualRecounts();
  });

  it('is refused when the counts are not those that the organiser saw', async () => {
    const { cafeId, organiser } = await full(2);
    const expecting = (expectTaken: number, expectWaitlisted: number) =>
      changeUndoably(cafeId, { state: 'cancelled', expectTaken, expectWaitlisted }, organiser);
    for (const [taken, waiting] of [
      [1, 2],
      [2, 1],
    ] as const) {
      await expect(expecting(taken, waiting)).rejects.toMatchObject({
        code: 'counts-changed',
        members: { taken: 2, waitlisted: 2 },
      });
    }
    expect((await desk.seats.counts.cafeSeats([cafeId]))[0]?.state).toBe('open');
    await expecting(2, 2);
    expect(await pendingOf(cafeId)).toHaveLength(1);
  });

  it('cannot be undone as a release, or for another Café', async () => {
    const [one, other] = [await full(1), await full(1)];
    await changeUndoably(one.cafeId, { waitlistOpen: false }, one.organiser);
    const id = await closingOf(one.cafeId);
    for (const [cafeId, of] of [
      [one.cafeId, 'release'],
      [other.cafeId, 'closing'],
    ] as const) {
      await expect(desk.seats.pending.undoChange(cafeId, { id, of }, one.organiser)).rejects.toMatchObject({
        code: 'undo-over',
      });
    }
    expect(await pendingOf(one.cafeId)).toEqual([id]);
  });
});
