import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import type { Registration } from '#contract';
import { isDatabaseUnavailable } from '#platform';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { waitFor } from '../../../test/support/index.ts';
import { openDesk, type SeatDesk } from '../../../test/support/seat-desk.ts';
import { openSeats } from '../../../test/support/seats.ts';

let desk: SeatDesk;
let database: SeatDesk['database'];
let seats: SeatDesk['seats'];
let published: SeatDesk['published'];
let claimInTurn: SeatDesk['claimInTurn'];
let statusesIn: SeatDesk['statusesIn'];
let registrationIn: SeatDesk['registrationIn'];
let mailKindsOf: SeatDesk['mailKindsOf'];
let expectCountersEqualRecounts: SeatDesk['expectCountersEqualRecounts'];

beforeAll(async () => {
  desk = await openDesk();
  ({ database, seats, published, claimInTurn, statusesIn, registrationIn, mailKindsOf, expectCountersEqualRecounts } =
    desk);
});

afterAll(() => desk.close());

/** Claims seats in one statement, one for each person, in the Café at the same index. */
function claimTogether(client: PoolClient, cafeIds: string[], people: string[], { guests }: { guests: boolean }) {
  const text = guests ? `select * from seats_claim_guests($1, $2, '1 hour')` : 'select * from seats_claim($1, $2)';
  return client.query({ name: 'claim', text, values: [cafeIds, people] });
}

/**
 * Runs the work with 40 people in as many Cafés. The connection ran it twice before with one person in one Café. Returns the plans, with
 * the number of rows that each node read.
 */
async function plansForOneAndMany(
  seatsIn: (room: number) => number,
  work: (client: PoolClient, cafeIds: string[], people: string[]) => Promise<void>,
): Promise<string> {
  // A connection without any cached plans.
  const own = await openDesk();
  const client = await own.database.pool.connect();
  const plans: string[] = [];
  client.on('notice', ({ message }) => plans.push(message ?? ''));
  try {
    const { cafeIds } = await buildEvent(
      own.database.pool,
      Array.from({ length: 43 }, (_, room) => ({ seats: room < 42 ? seatsIn(room) : 1, room })),
    );
    const people = await buildPeople(own.database.pool, 43);
    // Postgres may have planned the triggers of a registration for a single row.
    await client.query(
      `insert into registration (cafe_id, attendee_id, status, cause) values ($1, $2, 'confirmed', 'claim')`,
      [cafeIds[42], people[42]],
    );
    for (const place of [40, 41]) {
      await work(client, cafeIds.slice(place, place + 1), people.slice(place, place + 1));
    }
    await client.query(`load 'auto_explain'`);
    for (const setting of ['log_analyze', 'log_nested_statements']) {
      await client.query(`set auto_explain.${setting} = on`);
    }
    await client.query('set auto_explain.log_min_duration = 0');
    await client.query('set client_min_messages = log');
    await work(client, cafeIds.slice(0, 40), people.slice(0, 40));
  } finally {
    client.release(true);
    await own.close();
  }
  return plans.join('\n');
}

/**
 * Expects that every node of the plans read a few rows for each person, in all its loops together, and not one row for each pair of people.
 */
function expectWorkOf(plans: string, many: number): void {
  const rowsRead = [...plans.matchAll(/actual .*rows=([\d.]+) loops=(\d+)/g)].map(
    (part) => Number(part[1]) * Number(part[2]),
  );
  expect(Math.max(...rowsRead)).toBeGreaterThanOrEqual(many);
  expect(Math.max(...rowsRead)).toBeLessThanOrEqual(4 * many);
  expect(plans).not.toContain('Rows Removed by Join Filter');
}

describe('a claim', () => {
  it('gives free seats in the order of arrival, and puts the others in the waitlist in the same order', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 2 }]);
    const cafeId = cafeIds[0] as string;
    const people = await buildPeople(database.pool, 5);
    const answers = await Promise.all(
      people.map((attendeeId) => seats.claims.claim({ cafeId, attendeeId, guest: false })),
    );
    expect(
      answers.map(
        (answer) => 'registration' in answer && [answer.registration.status, answer.registration.waitlistPosition],
      ),
    ).toEqual([
      ['confirmed', undefined],
      ['confirmed', undefined],
      ['waitlisted', 1],
      ['waitlisted', 2],
      ['waitlisted', 3],
    ]);
    expect((await seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({
      capacity: 2,
      taken: 2,
      free: 0,
      waitlisted: 3,
    });
    expect(await mailKindsOf(people[0])).toEqual(['confirmed']);
    expect(await mailKindsOf(people[4])).toEqual(['waitlisted']);
    expect(published.at(-1)?.cafeIds).toEqual([cafeId]);
    expect(await seats.counts.countsOf([cafeId])).toMatchObject([{ cafeId, taken: 2, free: 0, waitlisted: 3 }]);
    await expectCountersEqualRecounts();
  });

  it('answers all claims that arrive at once with the event and the time of their own Café', async () => {
    const [one, other] = await Promise.all([
      buildEvent(database.pool, [{ seats: 2 }, { seats: 2, startsAfterMinutes: 300 }]),
      buildEvent(database.pool, [{ seats: 1 }]),
    ]);
    const [first = '', later = ''] = one.cafeIds;
    const [elsewhere = ''] = other.cafeIds;
    await database.pool.query(
      'update cafe c set starts_at = o.starts_at, ends_at = o.ends_at from cafe o where c.id = $1 and o.id = $2',
      [elsewhere, first],
    );
    // First at the same time in two events; then at other times, and on the waitlist.
    for (const wanted of [
      [first, elsewhere],
      [first, later, elsewhere, elsewhere],
    ]) {
      const people = await buildPeople(database.pool, wanted.length);
      const answers = await Promise.all(
        wanted.map((cafeId, index) =>
          seats.claims.claim({ cafeId, attendeeId: people[index] as string, guest: false }),
        ),
      );
      for (const answer of answers) {
        const { registration } = answer as { registration: Registration };
        expect(registration).toEqual(await seats.reads.registration(registration.id));
      }
    }
  });

  it('is refused when it names the same person twice in one statement', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }, { seats: 1, startsAfterMinutes: 300 }]);
    const [ada] = await buildPeople(database.pool, 1);
    await expect(
      database.pool.query(
        `insert into registration (cafe_id, attendee_id, status, cause) select id, $2, 'confirmed', 'claim' from unnest($1::uuid[]) as c (id)`,
        [cafeIds, ada],
      ),
    ).rejects.toMatchObject({ code: '23503' });
    await expectCountersEqualRecounts();
  });

  it('answers the same person with the same registration, also when both claims arrive at once', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 5 }]);
    const cafeId = cafeIds[0] as string;
    const [attendeeId] = (await buildPeople(database.pool, 1)) as [string];
    const answers = await Promise.all([1, 2, 3].map(() => seats.claims.claim({ cafeId, attendeeId, guest: false })));
    expect(answers.map((answer) => answer.outcome)).toEqual(['created', 'existing', 'existing']);
    expect(new Set(answers.map((answer) => 'registration' in answer && answer.registration.id)).size).toBe(1);
    expect((await seats.counts.cafeSeats([cafeId]))[0]?.taken).toBe(1);
  });

  it('refuses a seat that overlaps another by a minute, names it, and leaves it to the next claim', async () => {
    const { cafeIds } = await buildEvent(database.pool, [
      { seats: 5, minutes: 46 },
      { seats: 1, startsAfterMinutes: 45 },
      { seats: 5, startsAfterMinutes: 46 },
    ]);
    const [first, overlapping, after] = cafeIds as [string, string, string];
    const [ada, grace] = (await buildPeople(database.pool, 2)) as [string, string];
    await claimInTurn(first, [ada]);
    const [clash, next] = await Promise.all([
      seats.claims.claim({ cafeId: overlapping, attendeeId: ada, guest: false }),
      seats.claims.claim({ cafeId: overlapping, attendeeId: grace, guest: false }),
    ]);
    expect(clash).toMatchObject({
      outcome: 'schedule-clash',
      clashesWith: [{ registrationId: await registrationIn(first, ada), cafeId: first }],
    });
    expect(next).toMatchObject({ outcome: 'created', registration: { status: 'confirmed' } });
    expect(await seats.claims.claim({ cafeId: after, attendeeId: ada, guest: false })).toMatchObject({
      outcome: 'created',
    });
    await expectCountersEqualRecounts();
  });

  it('keeps a person to one seat at a time when they claim overlapping Cafés at once through two processes', async () => {
    const { cafeIds } = await buildEvent(
      database.pool,
      Array.from({ length: 6 }, () => ({ seats: 5 })),
    );
    const [attendeeId] = (await buildPeople(database.pool, 1)) as [string];
    const other = openSeats({ database, holdTtlMinutes: 30 });
    const answers = await Promise.all(
      cafeIds.map((cafeId, index) => (index % 2 ? other : seats).claims.claim({ cafeId, attendeeId, guest: false })),
    );
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['created', ...Array(5).fill('schedule-clash')]);
    await expectCountersEqualRecounts();
  });

  it('takes the minutes of both days of a Café over midnight, or none', async () => {
    const midnight = 16 * 60;
    const { cafeIds } = await buildEvent(database.pool, [
      { seats: 5, startsAfterMinutes: midnight + 10, minutes: 20 },
      { seats: 5, startsAfterMinutes: midnight - 30, minutes: 60 },
      { seats: 5, startsAfterMinutes: midnight - 30, minutes: 30 },
    ]);
    const [after, over, before] = cafeIds as [string, string, string];
    const [attendeeId] = (await buildPeople(database.pool, 1)) as [string];
    await claimInTurn(after, [attendeeId]);
    expect((await claimInTurn(over, [attendeeId]))[0]?.outcome).toBe('schedule-clash');
    expect((await claimInTurn(before, [attendeeId]))[0]?.outcome).toBe('created');
    await expectCountersEqualRecounts();
  });

  it('has different outcomes for Cafés that do not exist, are not open, and are full without a waitlist', async () => {
    const { cafeIds } = await buildEvent(database.pool, [
      { seats: 5, state: 'draft' },
      { seats: 5, state: 'closed' },
      { seats: 0, waitlistOpen: false },
      { seats: 5, startsAfterMinutes: -3 * 24 * 60 },
    ]);
    const [attendeeId] = (await buildPeople(database.pool, 1)) as [string];
    const outcomes = [];
    for (const cafeId of [...cafeIds, attendeeId]) outcomes.push((await claimInTurn(cafeId, [attendeeId]))[0]?.outcome);
    expect(outcomes).toEqual(['cafe-not-found', 'cafe-not-open', 'cafe-full', 'cafe-not-open', 'cafe-not-found']);
    expect(await mailKindsOf(attendeeId)).toEqual([]);
  });

  it('that names a person who does not exist fails alone', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 5 }]);
    const cafeId = cafeIds[0] as string;
    const [attendeeId] = (await buildPeople(database.pool, 1)) as [string];
    const [, wrong, right] = await Promise.allSettled([
      seats.claims.claim({ cafeId, attendeeId, guest: false }),
      seats.claims.claim({ cafeId, attendeeId: cafeId, guest: false }),
      seats.claims.claim({ cafeId, attendeeId: (await buildPeople(database.pool, 1))[0] as string, guest: false }),
    ]);
    expect([wrong.status, right.status]).toEqual(['rejected', 'fulfilled']);
    expect((await seats.counts.cafeSeats([cafeId]))[0]?.taken).toBe(2);
  });
});

describe('the claim queue of a Café', () => {
  /** Another transaction locks the row of a Café during `work`, or until it calls `release`. */
  async function whileLocked(cafeId: string, work: (release: () => Promise<unknown>) => Promise<void>): Promise<void> {
    const blocker = await database.pool.connect();
    const release = () => blocker.query('rollback');
    try {
      await blocker.query('begin');
      await blocker.query('select from cafe_seats where cafe_id = $1 for update', [cafeId]);
      await work(release);
    } finally {
      await release();
      blocker.release();
    }
  }

  /** The database process that waits with claims for the row of a Café. */
  const waitingAtTheDatabase = () =>
    waitFor(
      async () => {
        const found = await database.pool.query<{ pid: number }>(
          `select pid from pg_stat_activity
           where datname = current_database() and query like '%seats_claim%' and wait_event_type = 'Lock'`,
        );
        return found.rows[0]?.pid;
      },
      { what: 'claims to wait for the Café' },
    );

  it('is bounded: further claims are answered busy immediately, and do not reach the database', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 5 }, { seats: 5, startsAfterMinutes: 60 }]);
    const [crowded, other] = cafeIds as [string, string];
    const [last = '', ...crowd] = await buildPeople(database.pool, 5_001);
    const own = openSeats({ database, holdTtlMinutes: 30 });
    await whileLocked(crowded, async (release) => {
      // All in one turn of the event loop, so that none of them is at the database yet.
      const waiting = crowd.map((attendeeId) => own.claims.claim({ cafeId: crowded, attendeeId, guest: false }));
      expect(await own.claims.claim({ cafeId: crowded, attendeeId: last, guest: false })).toEqual({
        outcome: 'busy',
        retryAfterSeconds: expect.any(Number),
      });
      const elsewhere = own.claims.claim({ cafeId: other, attendeeId: last, guest: false });
      await release();
      expect((await elsewhere).outcome).toBe('created');
      expect(new Set((await Promise.all(waiting)).map(({ outcome }) => outcome))).toEqual(new Set(['created']));
      expect((await statusesIn(crowded)).has(last)).toBe(false);
    });
  });

  it('keeps the order of arrival over batches', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 0 }]);
    const [cafeId = ''] = cafeIds;
    const people = await buildPeople(database.pool, 120);
    const claim = (attendeeId: string) => seats.claims.claim({ cafeId, attendeeId, guest: false });
    await whileLocked(cafeId, async (release) => {
      const first = people.slice(0, 1).map(claim);
      await waitingAtTheDatabase();
      const rest = people.slice(1).map(claim);
      await release();
      const places = (await Promise.all([...first, ...rest])).map(
        (answer) => 'registration' in answer && answer.registration.waitlistPosition,
      );
      expect(places).toEqual(people.map((_, index) => index + 1));
    });
  });

  it('decides claims that arrive in one turn of the event loop together, in one transaction', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 20 }]);
    const [cafeId = ''] = cafeIds;
    const people = await buildPeople(database.pool, 20);
    // Each in a callback of its own, like requests.
    const answers = people.map(
      (attendeeId) =>
        new Promise((read) => setImmediate(() => read(seats.claims.claim({ cafeId, attendeeId, guest: false })))),
    );
    await Promise.all(answers);
    const { rows } = await database.pool.query(
      'select count(distinct xmin::text)::integer as transactions from registration where cafe_id = $1',
      [cafeId],
    );
    expect(rows).toEqual([{ transactions: 1 }]);
  });

  // The order of two batches depends on the machine, so the test runs five times.
  it.each([1, 2, 3, 4, 5])('keeps later claims behind a batch that is decided again (%i)', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 0 }]);
    const [cafeId = ''] = cafeIds;
    const people = await buildPeople(database.pool, 81);
    const claim = async (attendeeId: string) => {
      const answer = await seats.claims.claim({ cafeId, attendeeId, guest: false });
      return 'registration' in answer ? answer.registration.waitlistPosition : undefined;
    };
    await whileLocked(cafeId, async (release) => {
      const first = claim(people[0] as string);
      await waitingAtTheDatabase();
      // The second batch has a person who does not exist; the others are sent after the first batch is answered.
      const unknown = claim(cafeId);
      const second = people.slice(1, 32).map(claim);
      const later = first.then(() => Promise.all(people.slice(32).map(claim)));
      await release();
      await expect(unknown).rejects.toThrow();
      const places = [await first, ...(await Promise.all(second)), ...(await later)];
      expect(places).toEqual(people.map((_, index) => index + 1));
    });
  });

  it('rejects all claims at the database when the connection is lost, and continues over a new one', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 300 }]);
    const [cafeId = ''] = cafeIds;
    const people = await buildPeople(database.pool, 120);
    const claim = (attendeeId: string) => seats.claims.claim({ cafeId, attendeeId, guest: false });
    await whileLocked(cafeId, async (release) => {
      const atTheDatabase = people.slice(0, 1).map(claim);
      const pid = await waitingAtTheDatabase();
      const laterClaims = people.slice(1).map(claim);
      await database.pool.query('select pg_terminate_backend($1)', [pid]);
      await release();
      const [lost] = await Promise.allSettled(atTheDatabase);
      expect(lost?.status === 'rejected' && isDatabaseUnavailable(lost.reason)).toBe(true);
      expect(new Set((await Promise.all(laterClaims)).map(({ outcome }) => outcome))).toEqual(new Set(['created']));
      expect((await seats.counts.cafeSeats([cafeId]))[0]?.taken).toBe(119);
    });
  });

  it('takes time in proportion to the size of the batch and not to its square, also with plans that were made for one claim', async () => {
    // In half of the Cafés, people wait.
    const plans = await plansForOneAndMany(
      (room) => room % 2,
      async (client, cafeIds, people) => {
        // A second time, for the answer with the existing registrations.
        for (let time = 0; time < 2; time++) await claimTogether(client, cafeIds, people, { guests: false });
      },
    );
    expect(plans).toContain('Update on cafe_seats');
    expectWorkOf(plans, 40);
  });

  it('has a few places for one person, however many others wait', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 5 }]);
    const [cafeId = ''] = cafeIds;
    const [greedy = '', other = ''] = await buildPeople(database.pool, 2);
    const own = openSeats({ database, holdTtlMinutes: 30 });
    await whileLocked(cafeId, async (release) => {
      const claims = Array.from({ length: 50 }, () => own.claims.claim({ cafeId, attendeeId: greedy, guest: false }));
      const otherClaim = own.claims.claim({ cafeId, attendeeId: other, guest: false });
      await release();
      expect((await otherClaim).outcome).toBe('created');
      const outcomes = (await Promise.all(claims)).map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      // All in one turn of the event loop, so that none of them is at the database yet: eight wait.
      expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(50 - 8);
    });
  });
});

describe('a seat that becomes free', () => {
  it('goes in the same commit to the first person who can take it, who gets a mail', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }, { seats: 5 }]);
    const [cafeId, elsewhere] = cafeIds as [string, string];
    const [seated, busy, free] = (await buildPeople(database.pool, 3)) as [string, string, string];
    await claimInTurn(elsewhere, [busy]);
    const [here] = await claimInTurn(cafeId, [seated, busy, free]);
    expect(here?.outcome).toBe('created');
    // A person with a seat in another Café at that time, who is checked in there, cannot take it.
    await seats.checkIns.checkIn({
      registrationId: await registrationIn(elsewhere, busy),
      cafeId: elsewhere,
      by: seated,
    });
    const registration = await seats.registrations.cancel(await registrationIn(cafeId, seated), seated);
    expect(registration.status).toBe('cancelled');
    expect(Object.fromEntries(await statusesIn(cafeId))).toEqual({ [free]: 'confirmed', [busy]: 'waitlisted' });
    expect(
      published
        .at(-1)
        ?.registrations.map(([, attendeeId]) => attendeeId)
        .sort(),
    ).toEqual([seated, free].sort());
    expect(await mailKindsOf(free)).toEqual(['waitlisted', 'moved-up']);
    expect(await mailKindsOf(seated)).toEqual(['confirmed', 'cancelled']);
    await expectCountersEqualRecounts();
  });

  it('is offered to the first person when they have another seat at that time, and goes to the next when they decline', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }, { seats: 5 }]);
    const [cafeId, elsewhere] = cafeIds as [string, string];
    const [seated, busy, free] = (await buildPeople(database.pool, 3)) as [string, string, string];
    await claimInTurn(cafeId, [seated, busy, free]);
    await claimInTurn(elsewhere, [busy]);
    await seats.registrations.cancel(await registrationIn(cafeId, seated), seated);
    expect(Object.fromEntries(await statusesIn(cafeId))).toEqual({ [busy]: 'offered', [free]: 'waitlisted' });
    const registration = await seats.registrations.decline(await registrationIn(cafeId, busy), busy);
    expect(registration.status).toBe('cancelled');
    expect(Object.fromEntries(await statusesIn(cafeId))).toEqual({ [free]: 'confirmed' });
    expect((await statusesIn(elsewhere)).get(busy)).toBe('confirmed');
    expect(await mailKindsOf(busy)).toEqual(['waitlisted', 'confirmed', 'offered']);
    await expectCountersEqualRecounts();
  });

  it('moves its person up in another waitlist when the seat had blocked that time', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }, { seats: 1 }]);
    const [first, second] = cafeIds as [string, string];
    const [ada, grace] = (await buildPeople(database.pool, 2)) as [string, string];
    await claimInTurn(first, [ada]);
    await claimInTurn(second, [grace, ada]);
    await seats.checkIns.checkIn({ registrationId: await registrationIn(first, ada), cafeId: first, by: grace });
    await seats.registrations.cancel(await registrationIn(second, grace), grace);
    expect((await statusesIn(second)).get(ada)).toBe('waitlisted');
    await seats.registrations.cancel(await registrationIn(first, ada), ada);
    expect((await statusesIn(second)).get(ada)).toBe('confirmed');
    await expectCountersEqualRecounts();
  });

  it('is cancelled once by several requests, and only by its person', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const cafeId = cafeIds[0] as string;
    const [ada, grace] = (await buildPeople(database.pool, 2)) as [string, string];
    await claimInTurn(cafeId, [ada]);
    const id = await registrationIn(cafeId, ada);
    await expect(seats.registrations.cancel(id, grace)).rejects.toMatchObject({ code: 'registration-not-found' });
    const answers = await Promise.all([1, 2, 3].map(() => seats.registrations.cancel(id, ada)));
    expect(answers.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await mailKindsOf(ada)).toEqual(['confirmed', 'cancelled']);
    expect((await seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ taken: 0, free: 1 });
  });

  it('moves the waitlist up by the number of added seats', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const cafeId = cafeIds[0] as string;
    const people = await buildPeople(database.pool, 4);
    await claimInTurn(cafeId, people);
    const counts = await seats.cafes.changeCafe(cafeId, { capacity: 3 });
    expect(counts).toMatchObject({ capacity: 3, taken: 3, waitlisted: 1 });
    expect([...(await statusesIn(cafeId)).values()]).toEqual(['confirmed', 'confirmed', 'confirmed', 'waitlisted']);
    await expect(seats.cafes.changeCafe(cafeId, { capacity: 2 })).rejects.toMatchObject({
      code: 'capacity-below-taken',
      members: { capacity: 2, taken: 3 },
    });
    await expect(seats.cafes.changeCafe(cafeId, { capacity: 100_000 })).resolves.toMatchObject({ waitlisted: 0 });
    await expectCountersEqualRecounts();
  });
});

describe('a hold', () => {
  it('is confirmed when its person proves the address, once', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const cafeId = cafeIds[0] as string;
    const [ada] = (await buildPeople(database.pool, 1, { proved: false })) as [string];
    const [answer] = await claimInTurn(cafeId, [ada], { guest: true });
    const id = await registrationIn(cafeId, ada);
    expect(answer).toMatchObject({ registration: { status: 'held', guest: true, expiresAt: expect.any(String) } });
    const registrations = await seats.guests.prove(ada, [id]);
    expect(registrations).toMatchObject([{ id, status: 'confirmed' }]);
    expect(registrations[0]).not.toHaveProperty('expiresAt');
    expect(registrations[0]).not.toHaveProperty('guest');
    expect(await seats.guests.prove(ada, [id])).toEqual([]);
    expect(await mailKindsOf(ada)).toEqual(['prove-address', 'confirmed']);
  });

  it('that ends together with others takes time in proportion to their number and not to its square, also with plans that were made for one', async () => {
    const plans = await plansForOneAndMany(
      () => 1,
      async (client, cafeIds, people) => {
        await claimTogether(client, cafeIds, people, { guests: true });
        await client.query('update registration set expires_at = now() where expires_at is not null');
        const { rowCount } = await client.query({ name: 'end', text: `select * from seats_expire_due(500)` });
        expect(rowCount).toBe(people.length);
      },
    );
    expect(plans).toContain('Delete on mailbox_hold');
    expectWorkOf(plans, 40);
  });

  it('ends by the database’s clock, and its seat goes to the next person', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const cafeId = cafeIds[0] as string;
    const [late] = (await buildPeople(database.pool, 1, { proved: false })) as [string];
    const [next] = (await buildPeople(database.pool, 1)) as [string];
    await claimInTurn(cafeId, [late], { guest: true });
    await claimInTurn(cafeId, [next]);
    expect(await seats.registrations.expireDue()).toBe(0);
    await database.pool.query(`update registration set expires_at = now() where attendee_id = $1`, [late]);
    expect(await seats.guests.prove(late, [await registrationIn(cafeId, late)])).toEqual([]);
    expect(await seats.registrations.expireDue()).toBe(1);
    expect(published.at(-1)?.cafeIds).toEqual([cafeId]);
    expect(await seats.counts.countsOf([cafeId])).toMatchObject([{ cafeId, taken: 1, waitlisted: 0 }]);
    expect(Object.fromEntries(await statusesIn(cafeId))).toEqual({ [next]: 'confirmed' });
    await expectCountersEqualRecounts();
  });

  it('is the status of a seat for a person of the waitlist whose address is not proved', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const cafeId = cafeIds[0] as string;
    const [seated] = (await buildPeople(database.pool, 1)) as [string];
    const [guest] = (await buildPeople(database.pool, 1, { proved: false })) as [string];
    await claimInTurn(cafeId, [seated]);
    await claimInTurn(cafeId, [guest], { guest: true });
    await seats.registrations.cancel(await registrationIn(cafeId, seated), seated);
    expect((await statusesIn(cafeId)).get(guest)).toBe('held');
    expect(await mailKindsOf(guest)).toEqual(['prove-address', 'prove-address']);
  });
});

describe('the door', () => {
  it('counts a person once, undoes a check-in, and removes it when they cancel', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }, { seats: 1, startsAfterMinutes: 60 }]);
    const [cafeId, other] = cafeIds as [string, string];
    const [ada, waiting] = (await buildPeople(database.pool, 2)) as [string, string];
    await claimInTurn(cafeId, [ada, waiting]);
    const registrationId = await registrationIn(cafeId, ada);
    const door = (id: string, at = cafeId) =>
      seats.checkIns.checkIn({ registrationId: id, cafeId: at, by: waiting }).then((x) => x.result);
    expect(await door(registrationId, other)).toBe('wrong-cafe');
    expect(await door(await registrationIn(cafeId, waiting))).toBe('not-confirmed');
    expect((await Promise.all([door(registrationId), door(registrationId)])).sort()).toEqual([
      'already-checked-in',
      'checked-in',
    ]);
    expect((await seats.counts.cafeSeats([cafeId]))[0]?.present).toBe(1);
    await seats.checkIns.undoCheckIn(registrationId, waiting);
    expect((await seats.counts.countsOf([cafeId]))[0]?.present).toBe(0);
    const before = published.length;
    await seats.checkIns.undoCheckIn(registrationId, waiting);
    expect(published).toHaveLength(before);
    await door(registrationId);
    await seats.registrations.cancel(registrationId, ada);
    expect((await seats.counts.cafeSeats([cafeId]))[0]).toMatchObject({ present: 0, taken: 1 });
    await expect(door(cafeId)).rejects.toMatchObject({ code: 'registration-not-found' });
    await expectCountersEqualRecounts();
  });

  it('notifies the relay when undoing a check-in makes an offer', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }, { seats: 1 }]);
    const [first, second] = cafeIds as [string, string];
    const [ada, grace] = (await buildPeople(database.pool, 2)) as [string, string];
    await claimInTurn(first, [ada]);
    await claimInTurn(second, [grace, ada]);
    const registrationId = await registrationIn(first, ada);
    await seats.checkIns.checkIn({ registrationId, cafeId: first, by: grace });
    // A person who is checked in does not get an offer to swap.
    await seats.registrations.cancel(await registrationIn(second, grace), grace);
    const relay = await database.pool.connect();
    try {
      let woken = 0;
      relay.on('notification', () => {
        woken += 1;
      });
      await relay.query('listen outbox');
      await seats.checkIns.undoCheckIn(registrationId, grace);
      await waitFor(() => woken === 1, { what: 'the relay to be woken' });
      expect(await mailKindsOf(ada)).toEqual(['confirmed', 'waitlisted', 'offered']);
    } finally {
      relay.release(true);
    }
  });
});

describe('a Café that is cancelled', () => {
  it('cancels all registrations with messages, and moves no person up', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const cafeId = cafeIds[0] as string;
    const [ada, waiting] = (await buildPeople(database.pool, 2)) as [string, string];
    await claimInTurn(cafeId, [ada, waiting]);
    const counts = await seats.cafes.changeCafe(cafeId, { state: 'cancelled' });
    expect(counts).toMatchObject({ taken: 0, waitlisted: 0 });
    expect(await mailKindsOf(ada)).toEqual(['confirmed', 'cancelled-by-organiser']);
    expect(await mailKindsOf(waiting)).toEqual(['waitlisted', 'cancelled-by-organiser']);
    expect((await seats.reads.registrationsOf(ada))[0]?.status).toBe('cancelled');
    await expectCountersEqualRecounts();
  });
});

describe('an attendee who was erased', () => {
  it('cannot claim, and the others of the batch get their seats', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 5 }]);
    const cafeId = cafeIds[0] as string;
    const [gone = '', ...others] = await buildPeople(database.pool, 3);
    await database.pool.query('delete from attendee where id = $1', [gone]);
    const answers = await Promise.allSettled(
      [gone, ...others].map((attendeeId) => seats.claims.claim({ cafeId, attendeeId, guest: false })),
    );
    expect(answers[0]).toMatchObject({ status: 'rejected', reason: { code: 'not-signed-in' } });
    expect([...(await statusesIn(cafeId)).keys()]).toEqual(others);
  });

  it('is erased without a registration, or is not erased and has one, when both happen at the same time', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 500 }]);
    const cafeId = cafeIds[0] as string;
    const people = await buildPeople(database.pool, 60);
    await Promise.allSettled(
      people.flatMap((attendeeId) => [
        seats.claims.claim({ cafeId, attendeeId, guest: false }),
        database.pool.query('delete from attendee where id = $1', [attendeeId]),
      ]),
    );
    const left = await database.pool.query('select id from attendee where id = any ($1) order by id', [people]);
    expect([...(await statusesIn(cafeId)).keys()].sort()).toEqual(left.rows.map((row) => row.id));
    await expectCountersEqualRecounts();
  });
});
