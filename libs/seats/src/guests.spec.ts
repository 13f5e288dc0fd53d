import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { waitFor } from '../../../test/support/index.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';
import { openSeats, type Seats } from '../../../test/support/seats.ts';
import type { ClaimAnswer } from './index.ts';

let desk: SeatDesk;
/** A second engine, as in another process. */
let other: Seats;

beforeAll(async () => {
  desk = await openDesk();
  other = openSeats({ database: desk.database, holdTtlMinutes: 30 });
});
afterEach(() => desk.expectCountersEqualRecounts());
afterAll(() => desk.close());

/** Cafés with these numbers of seats, one after the other in time. */
async function cafes(...seats: number[]): Promise<[string, string, string]> {
  const built = await buildEvent(
    desk.database.pool,
    seats.map((each, place) => ({ seats: each, startsAfterMinutes: 60 * place })),
  );
  return built.cafeIds as [string, string, string];
}

/** Attendees with these addresses, not proved. */
async function unproved(emails: string[]): Promise<string[]> {
  const made = await desk.database.pool.query<{ id: string }>(
    `insert into attendee (email, name, locale) select email, 'Guest', 'fr' from unnest($1::text[]) as e (email) returning id`,
    [emails],
  );
  return made.rows.map(({ id }) => id);
}

let invented = 0;
/** Unused addresses of one mailbox. */
function aliases(count: number): string[] {
  invented += 1;
  const letters = `mallory${invented}`;
  return Array.from({ length: count }, (_, place) => `${letters.slice(0, 3)}.${letters.slice(3)}+${place}@example.org`);
}

const statusOf = (answer: ClaimAnswer | undefined) => answer && 'registration' in answer && answer.registration.status;
const held = (answers: ClaimAnswer[]) => answers.filter((answer) => statusOf(answer) === 'held');

function claimAll(claims: { cafeId: string; attendeeId: string }[]): Promise<ClaimAnswer[]> {
  return Promise.all(
    claims.map((claim, place) => (place % 2 ? other : desk.seats).claims.claim({ ...claim, guest: true })),
  );
}

describe('a claim without a session', () => {
  it('holds a seat, takes no minutes of its person, and can overlap their other seats', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 4 }, { seats: 4 }]);
    const [here = '', atTheSameTime = ''] = cafeIds;
    const [victim = ''] = await buildPeople(desk.database.pool, 1);
    await desk.claimInTurn(here, [victim]);
    const planted = [
      ...(await desk.claimInTurn(here, [victim], { guest: true })),
      ...(await desk.claimInTurn(atTheSameTime, [victim], { guest: true })),
    ];
    expect(planted).toMatchObject([
      { outcome: 'created', registration: { status: 'held', guest: true } },
      { outcome: 'created', registration: { status: 'held', guest: true } },
    ]);
    const [again] = await desk.claimInTurn(here, [victim], { guest: true });
    expect(again).toEqual({ ...planted[0], outcome: 'existing' });
  });

  it('never blocks its person’s own claim, for another Café at that time or for the same one', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 4 }, { seats: 4 }, { seats: 4 }]);
    const [planted = '', wanted = '', swappedFor = ''] = cafeIds;
    const [victim = ''] = await buildPeople(desk.database.pool, 1);
    await desk.claimInTurn(planted, [victim], { guest: true });
    await desk.claimInTurn(swappedFor, [victim], { guest: true });
    const [chosen] = await desk.claimInTurn(wanted, [victim]);
    expect(chosen).toMatchObject({ outcome: 'created', registration: { status: 'confirmed' } });
    const swapped = await desk.seats.registrations.swap(await desk.registrationIn(wanted, victim), swappedFor, victim);
    expect(swapped).toMatchObject({ status: 'confirmed', cafeId: swappedFor });
    expect(await desk.seats.counts.countsOf([swappedFor])).toMatchObject([{ taken: 1 }]);
  });

  it('becomes an own registration when its person claims the same seat while signed in', async () => {
    const [cafeId] = await cafes(2);
    const [victim = ''] = await buildPeople(desk.database.pool, 1);
    const [planted] = await desk.claimInTurn(cafeId, [victim], { guest: true });
    const [own] = await desk.claimInTurn(cafeId, [victim]);
    const id = planted && 'registration' in planted && planted.registration.id;
    expect(own).toMatchObject({ outcome: 'existing', registration: { id, status: 'confirmed' } });
    expect(own).not.toHaveProperty('registration.guest');
    expect(await desk.seats.counts.countsOf([cafeId])).toMatchObject([{ taken: 1 }]);
    expect(await desk.mailKindsOf(victim)).toEqual(['prove-address', 'confirmed']);
  });
});

describe('a seat that a delegate took for a person whose address is proved', () => {
  async function delegatedTo() {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 4 }, { seats: 4 }, { seats: 4 }]);
    const [planted = '', wanted = '', elsewhere = ''] = cafeIds;
    const [victim = '', delegate = ''] = await buildPeople(desk.database.pool, 2);
    const delegation = async (cafeId: string) =>
      (await desk.seats.claims.claimTogether({ cafeId, attendeeIds: [victim], mode: 'each', by: delegate }))[0];
    return { planted, wanted, elsewhere, victim, delegation };
  }

  it('is replaced by their own claim, but not after they accepted it or were checked in', async () => {
    const { planted, wanted, elsewhere, victim, delegation } = await delegatedTo();
    expect(await delegation(planted)).toMatchObject({ outcome: 'created', registration: { status: 'confirmed' } });
    const [own] = await desk.claimInTurn(wanted, [victim]);
    expect(own).toMatchObject({ outcome: 'created', registration: { status: 'confirmed', cafeId: wanted } });
    expect((await desk.statusesIn(planted)).get(victim)).toBeUndefined();
    expect((await desk.claimInTurn(elsewhere, [victim]))[0]?.outcome).toBe('schedule-clash');
    const other = await delegatedTo();
    await other.delegation(other.planted);
    const registrationId = await desk.registrationIn(other.planted, other.victim);
    await desk.seats.checkIns.checkIn({ registrationId, cafeId: other.planted, by: victim });
    expect((await desk.claimInTurn(other.wanted, [other.victim]))[0]?.outcome).toBe('schedule-clash');
  });

  it('is a guest registration when they gave back a seat that the same delegate took before', async () => {
    const { planted, elsewhere, victim, delegation } = await delegatedTo();
    await delegation(planted);
    await desk.seats.registrations.cancel(await desk.registrationIn(planted, victim), victim);
    for (const cafeId of [planted, elsewhere]) {
      expect(await delegation(cafeId)).toMatchObject({
        outcome: 'created',
        registration: { status: 'held', guest: true },
      });
    }
    // Also when their own claim replaced the delegated seat.
    const other = await delegatedTo();
    await other.delegation(other.planted);
    await desk.claimInTurn(other.wanted, [other.victim]);
    expect(await other.delegation(other.elsewhere)).toMatchObject({ registration: { status: 'held', guest: true } });
  });
});

describe('a name that another person typed with a registration', () => {
  it('is stored with a guest claim, a delegated seat and a walk-in that replaces one of them, until its person confirms it', async () => {
    const [cafeId] = await cafes(8);
    const [ada = '', grace = '', host = ''] = await buildPeople(desk.database.pool, 3);
    const shown = async () =>
      Object.fromEntries(
        (await desk.seats.attendance.attendanceOf(cafeId))?.people.map(({ attendeeId, typed }) => [
          attendeeId,
          typed,
        ]) ?? [],
      );
    const typed = { name: 'Typed, "by" \\ {a host}', organisation: 'Works' };
    await desk.seats.claims.claim({ cafeId, attendeeId: ada, guest: true, typed });
    await desk.seats.claims.claim({ cafeId, attendeeId: ada, guest: true, typed: { name: 'Typed later' } });
    await desk.seats.claims.claimTogether({
      cafeId,
      attendeeIds: [grace, host],
      mode: 'each',
      by: host,
      typed: new Map([grace, host].map((id) => [id, { name: 'Delegated' }])),
    });
    expect(await shown()).toEqual({ [ada]: typed, [grace]: { name: 'Delegated' }, [host]: undefined });
    for (const attendeeId of [ada, grace, host])
      await desk.seats.checkIns.walkIn({ cafeId, attendeeId, by: host, typed: { name: 'Walked in' } });
    expect(await shown()).toEqual({ [ada]: typed, [grace]: { name: 'Delegated' }, [host]: undefined });
    const [next] = await cafes(8);
    await desk.seats.claims.claim({ cafeId: next, attendeeId: ada, guest: true, typed });
    const id = await desk.registrationIn(next, ada);
    expect(await desk.seats.reads.typedName(id)).toEqual(typed);
    await desk.seats.guests.confirmAsOwner(ada, id);
    expect(await desk.seats.reads.typedName(id)).toBeUndefined();
  });
});

describe('a guest registration that its person proves', () => {
  it('is offered when they have another seat at that time, until the end of the hold; accepting the offer swaps the seats', async () => {
    const { cafeIds } = await buildEvent(desk.database.pool, [{ seats: 2 }, { seats: 2 }]);
    const [own = '', planted = ''] = cafeIds;
    const [ada = ''] = await buildPeople(desk.database.pool, 1);
    await desk.claimInTurn(own, [ada]);
    await desk.claimInTurn(planted, [ada], { guest: true });
    const id = await desk.registrationIn(planted, ada);
    const before = await desk.seats.reads.registration(id);
    expect(await desk.seats.guests.prove(ada, [id])).toMatchObject([
      { id, status: 'offered', overlapping: true, expiresAt: before?.expiresAt },
    ]);
    expect(await desk.seats.registrations.accept(id, ada)).toMatchObject({ status: 'confirmed' });
    expect((await desk.statusesIn(own)).get(ada)).toBeUndefined();
  });

  it('ends without a mail when they have an own registration in that Café', async () => {
    const [cafeId] = await cafes(4);
    const [ada = ''] = await buildPeople(desk.database.pool, 1);
    await desk.claimInTurn(cafeId, [ada]);
    const [planted] = await desk.claimInTurn(cafeId, [ada], { guest: true });
    const id = (planted && 'registration' in planted && planted.registration.id) || '';
    expect(await desk.seats.guests.prove(ada, [id])).toMatchObject([{ id, status: 'cancelled' }]);
    expect(await desk.seats.counts.countsOf([cafeId])).toMatchObject([{ taken: 1 }]);
    expect(await desk.mailKindsOf(ada)).toEqual(['confirmed', 'prove-address']);
  });

  it('is the only one that is confirmed, and another person cannot prove it', async () => {
    const [first, second] = await cafes(2, 2);
    const [ada = '', mallory = ''] = await buildPeople(desk.database.pool, 2);
    await desk.claimInTurn(first, [ada], { guest: true });
    await desk.claimInTurn(second, [ada], { guest: true });
    const id = await desk.registrationIn(first, ada);
    expect(await desk.seats.guests.prove(mallory, [id])).toEqual([]);
    expect(await desk.seats.guests.prove(ada, [id])).toMatchObject([{ id, status: 'confirmed' }]);
    expect((await desk.statusesIn(second)).get(ada)).toBe('held');
  });
});

describe('people who have not proved their address', () => {
  it('hold together a share of a Café, also with many claims at the same time; the others get a time to prove their address', async () => {
    const [cafeId] = await cafes(24);
    const people = await buildPeople(desk.database.pool, 100, { proved: false });
    const answers = await claimAll(people.map((attendeeId) => ({ cafeId, attendeeId })));
    expect(held(answers)).toHaveLength(12);
    const waiting = answers.filter((answer) => statusOf(answer) === 'waitlisted');
    expect(waiting).toHaveLength(88);
    for (const answer of waiting) {
      const { guest, proveBy = '' } = ('registration' in answer && answer.registration) || {};
      expect(guest).toBe(true);
      expect(Math.round((Date.parse(proveBy) - Date.now()) / 60_000)).toBe(10);
    }
    expect(await desk.seats.counts.countsOf([cafeId])).toMatchObject([{ taken: 12, free: 12, waitlisted: 88 }]);
  });

  it('leave a seat for an honest person after three hundred invented addresses: the first person who proves an address gets it', async () => {
    const [cafeId] = await cafes(24);
    const crowd = await buildPeople(desk.database.pool, 300, { proved: false });
    await claimAll(crowd.map((attendeeId) => ({ cafeId, attendeeId })));
    const [honest = ''] = await unproved(['honest@example.org']);
    const [claimed] = await desk.claimInTurn(cafeId, [honest], { guest: true });
    expect(claimed).toMatchObject({ registration: { status: 'waitlisted', proveBy: expect.any(String) } });
    const id = await desk.registrationIn(cafeId, honest);
    expect(await desk.seats.guests.prove(honest, [id])).toMatchObject([{ id, status: 'confirmed' }]);
    // A person who is signed in does not wait behind them.
    const [ada = ''] = await buildPeople(desk.database.pool, 1);
    expect(await desk.claimInTurn(cafeId, [ada])).toMatchObject([{ registration: { status: 'confirmed' } }]);
  });

  it('lose their turn when they did not prove their address in time', async () => {
    const [cafeId] = await cafes(2);
    const people = await buildPeople(desk.database.pool, 2, { proved: false });
    const [, late] = await desk.claimInTurn(cafeId, people, { guest: true });
    const id = (late && 'registration' in late && late.registration.id) || '';
    await desk.database.pool.query('update registration set prove_by = now() where id = $1', [id]);
    expect(await desk.seats.guests.prove(people[1] as string, [id])).toEqual([]);
    expect(await desk.seats.registrations.expireDue()).toBe(1);
    expect(await desk.seats.reads.registration(id)).toMatchObject({ status: 'expired' });
    expect(await desk.mailKindsOf(people[1])).toEqual(['prove-address']);
  });

  it('are passed in the waitlist while a proved person waits behind them; then a seat is held for them for ten minutes', async () => {
    const [cafeId] = await cafes(2);
    const [ada = '', grace = '', last = ''] = await buildPeople(desk.database.pool, 3);
    const [guest = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    await desk.claimInTurn(cafeId, [ada, grace]);
    await desk.claimInTurn(cafeId, [guest], { guest: true });
    await desk.claimInTurn(cafeId, [last]);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, ada), ada);
    expect(Object.fromEntries(await desk.statusesIn(cafeId))).toMatchObject({
      [guest]: 'waitlisted',
      [last]: 'confirmed',
    });
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, grace), grace);
    const { status, expiresAt = '' } =
      (await desk.seats.reads.registration(await desk.registrationIn(cafeId, guest))) ?? {};
    expect(status).toBe('held');
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(10);
  });

  it('leave a seat to the next guest when one of them proves the address', async () => {
    const [cafeId] = await cafes(4);
    const people = (await buildPeople(desk.database.pool, 3, { proved: false })) as [string, string, string];
    await desk.claimInTurn(cafeId, people, { guest: true });
    expect((await desk.statusesIn(cafeId)).get(people[2])).toBe('waitlisted');
    await desk.seats.guests.prove(people[0], [await desk.registrationIn(cafeId, people[0])]);
    expect((await desk.statusesIn(cafeId)).get(people[2])).toBe('held');
  });
});

describe('a mailbox', () => {
  it('has three held seats at most, in all spellings of its addresses, and with claims in many Cafés at the same time', async () => {
    const { cafeIds } = await buildEvent(
      desk.database.pool,
      Array.from({ length: 10 }, () => ({ seats: 100 })),
    );
    const people = await unproved(aliases(50));
    const answers = await claimAll(
      people.map((attendeeId, place) => ({ cafeId: cafeIds[place % 10] ?? '', attendeeId })),
    );
    expect(held(answers)).toHaveLength(3);
    expect(answers.filter((answer) => statusOf(answer) === 'waitlisted')).toHaveLength(47);
  });

  it('is the address without dots and the part after a plus, in lower case', async () => {
    const { rows } = await desk.database.pool.query(
      `select mailbox_of(email) from unnest('{J.Doe@Example.org,jdoe@example.org,jd.oe+a.b+c@example.org}'::text[]) as e (email)`,
    );
    expect(new Set(rows.map(({ mailbox_of: mailbox }) => mailbox))).toEqual(new Set(['jdoe@example.org']));
  });

  it('has no row when no seat is held for it', async () => {
    const [cafeId] = await cafes(10);
    const people = await unproved(aliases(5));
    await desk.claimInTurn(cafeId, people, { guest: true });
    for (const attendeeId of people)
      await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, attendeeId), attendeeId);
    const { rowCount } = await desk.database.pool.query(
      'select from mailbox_hold where mailbox = (select mailbox_of(email) from attendee where id = $1)',
      [people[0]],
    );
    expect(rowCount).toBe(0);
  });
});

/** Two claims whose transactions run at the same time: the second is decided before the first commits. Returns the statuses of both. */
async function atOnce(on: SeatDesk, first: [string, string], second: [string, string]): Promise<string[]> {
  const claim = async (client: PoolClient, [cafeId, attendeeId]: [string, string]) =>
    (
      await client.query('select status from seats_claim_guests(array[$1::uuid], array[$2::uuid], $3)', [
        cafeId,
        attendeeId,
        '1 hour',
      ])
    ).rows[0].status as string;
  const one = await on.database.pool.connect();
  const two = await on.database.pool.connect();
  try {
    await one.query('begin');
    const statuses = [await claim(one, first)];
    const later = claim(two, second);
    await waitFor(
      async () => {
        const { rowCount } = await on.database.pool.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rowCount === 1;
      },
      { what: 'the second claim to wait for the first' },
    );
    await one.query('commit');
    return [...statuses, await later];
  } finally {
    one.release(true);
    two.release(true);
  }
}

/** The results of both limits when two claims arrive at the same time, in a separate database. */
async function limitsAtOnce(change: (on: SeatDesk) => Promise<unknown> = async () => {}) {
  const own = await openDesk();
  try {
    await change(own);
    const { cafeIds } = await buildEvent(
      own.database.pool,
      [10, 10, 2].map((seats) => ({ seats })),
    );
    const [one = '', two = '', small = ''] = cafeIds;
    const [a = '', b = '', c = '', d = ''] = await buildPeople(own.database.pool, 4, { proved: false });
    for (const [place, id] of [a, b, c, d].entries()) {
      await own.database.pool.query('update attendee set email = $2 where id = $1', [id, `same+${place}@example.org`]);
    }
    await own.seats.claims.claim({ cafeId: one, attendeeId: a, guest: true });
    await own.seats.claims.claim({ cafeId: one, attendeeId: b, guest: true });
    const mailbox = await atOnce(own, [one, c], [two, d]);
    const [e = '', f = ''] = await buildPeople(own.database.pool, 2, { proved: false });
    return { mailbox, share: await atOnce(own, [small, e], [small, f]) };
  } finally {
    await own.close();
  }
}

async function redefine(on: SeatDesk, name: string, found: RegExp, put: string): Promise<void> {
  const { rows } = await on.database.pool.query('select pg_get_functiondef($1::regproc) as definition', [name]);
  const definition: string = rows[0].definition;
  expect(definition).toMatch(found);
  await on.database.pool.query(definition.replace(found, put));
}

describe('the limits of guests, with claims at the same time', () => {
  it('hold for the last seat of a mailbox and of a share', async () => {
    expect(await limitsAtOnce()).toEqual({ mailbox: ['held', 'waitlisted'], share: ['held', 'waitlisted'] });
  });

  it('fail when the rows that they depend on are not locked', async () => {
    const broken = limitsAtOnce(async (on) => {
      await on.database.pool.query('alter table mailbox_hold drop constraint mailbox_hold_within_limit');
      await redefine(on, 'mailboxes_lock', /insert into[^$]*mine\.held/, 'select');
      await redefine(on, 'seats_claim_guests', /(from cafe_seats s where [^;]*?) for update/, '$1');
    });
    expect(await broken).toEqual({ mailbox: ['held', 'held'], share: ['held', 'held'] });
  });
});

describe('a delegation', () => {
  it('holds seats for people who have not proved their address, and confirms those of the others', async () => {
    const [cafeId] = await cafes(10);
    const [delegate = '', proved = ''] = await buildPeople(desk.database.pool, 2);
    const [guest = ''] = await buildPeople(desk.database.pool, 1, { proved: false });
    const answers = await desk.seats.claims.claimTogether({
      cafeId,
      attendeeIds: [guest, proved],
      mode: 'each',
      by: delegate,
    });
    expect(answers).toMatchObject([
      { outcome: 'created', registration: { attendeeId: guest, status: 'held', guest: true } },
      { outcome: 'created', registration: { attendeeId: proved, status: 'confirmed' } },
    ]);
    expect(await desk.mailKindsOf(guest)).toEqual(['prove-address']);
    const entries = (await desk.seats.attendance.attendanceOf(cafeId))?.people;
    expect(entries).toContainEqual(expect.objectContaining({ attendeeId: guest, guest: true, delegatedBy: delegate }));
    expect(entries?.find(({ attendeeId }) => attendeeId === proved)).not.toHaveProperty('delegatedBy');
  });

  it('has at most twenty open guest registrations in an event, also when many calls arrive at the same time', async () => {
    const [first, second, third] = await cafes(100, 100, 100);
    const [elsewhere] = await cafes(10);
    const [delegate = '', another = ''] = await buildPeople(desk.database.pool, 2);
    const named = await buildPeople(desk.database.pool, 62, { proved: false });
    const calls = Array.from({ length: 10 }, (_, place) =>
      (place % 2 ? other : desk.seats).claims.claimTogether({
        cafeId: [first, second, third][place % 3] ?? '',
        attendeeIds: named.slice(place * 6, place * 6 + 6),
        mode: 'each',
        by: delegate,
      }),
    );
    const outcomes = (await Promise.all(calls)).flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === 'too-many-unproved')).toHaveLength(40);
    const last = named.slice(60);
    const all = await desk.seats.claims.claimTogether({ cafeId: first, attendeeIds: last, mode: 'all', by: delegate });
    expect(all.map(({ outcome }) => outcome)).toEqual(['too-many-unproved', 'too-many-unproved']);
    for (const [cafeId, by] of [
      [elsewhere, delegate],
      [first, another],
    ] as const) {
      const given = await desk.seats.claims.claimTogether({ cafeId, attendeeIds: last, mode: 'each', by });
      expect(given.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    }
  });
});
