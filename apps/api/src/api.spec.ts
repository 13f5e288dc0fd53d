import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Cafe, callNames, routeOf, type SeatFeedMessage } from '#contract';
import { openSeatFeed } from '#live';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { waitFor } from '../../../test/support/index.ts';
import { openOutboxBatches } from '../../../test/support/outbox.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

async function outbox(attendeeId: string): Promise<string[]> {
  await openOutboxBatches(api.database.pool);
  const found = await api.database.pool.query('select kind from outbox where attendee_id = $1 order by id', [
    attendeeId,
  ]);
  return found.rows.map(({ kind }) => kind);
}

/** The digits that the mail about a guest registration holds. */
async function codeFor({ id: registrationId }: { id: string }, email: string): Promise<string> {
  const { attendeeId = '' } = (await api.people.attendeeOf(email)) ?? {};
  return api.people.signInCode(await api.people.challengeFor({ attendeeId, registrationId }));
}

function cookieFrom(headers: Headers): string {
  return String(headers.get('set-cookie')).split(';')[0] as string;
}

describe('taking a seat, signed in', () => {
  it('confirms it, lists it, and gives it back', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const taken = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    expect(taken.status).toBe(201);
    expect(taken.json).toMatchObject({ cafeId: cafeIds[0], eventId, attendeeId: lea, status: 'confirmed' });
    const again = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea });
    expect([again.status, again.json]).toEqual([200, taken.json]);
    expect((await api.call('GET', '/me/registrations', { as: lea })).json).toEqual([taken.json]);
    const cancelled = await api.call('DELETE', `/registrations/${taken.json.id}`, { as: lea });
    expect(cancelled).toMatchObject({ status: 200, json: { id: taken.json.id, status: 'cancelled' } });
    expect((await api.call('DELETE', `/registrations/${taken.json.id}`, { as: lea })).json).toEqual(cancelled.json);
    expect(await outbox(lea)).toEqual(['confirmed', 'cancelled']);
  });

  it('names what stands in the way, with its title', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, startsAfterMinutes: 30 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const first = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    const second = await api.call('POST', `/cafes/${cafeIds[1]}/registrations`, { as: lea, body: {} });
    expect(second).toMatchObject({ status: 409, json: { code: 'schedule-clash' } });
    expect(second.json.clashesWith).toEqual([
      {
        registrationId: first.json.id,
        cafeId: cafeIds[0],
        title: 'Café 1',
        startsAt: first.json.startsAt,
        endsAt: first.json.endsAt,
      },
    ]);
  });

  it('refuses a closed Café, a full one without a waitlist, and one that is not there', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [
      { seats: 1, state: 'closed' },
      { seats: 0, waitlistOpen: false, startsAfterMinutes: 60 },
    ]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const claim = (id: string) => api.call('POST', `/cafes/${id}/registrations`, { as: lea, body: {} });
    expect((await claim(cafeIds[0] as string)).json.code).toBe('cafe-not-open');
    expect((await claim(cafeIds[1] as string)).json.code).toBe('cafe-full');
    expect((await claim(lea)).json.code).toBe('cafe-not-found');
  });

  it('answers an Idempotency-Key the first answer again, and another body with the same key 422', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const path = `/cafes/${cafeIds[0]}/registrations`;
    const headers = { 'idempotency-key': 'one' };
    const first = await api.call('POST', path, { as: lea, body: {}, headers });
    const again = await api.call('POST', path, { as: lea, body: {}, headers });
    expect([first.status, again.status, again.json]).toEqual([201, 201, first.json]);
    const guest = { name: 'Samir', email: 'samir@example.org' };
    expect((await api.call('POST', path, { body: guest, headers })).status).toBe(201);
    const other = await api.call('POST', path, { body: { ...guest, name: 'Sam' }, headers });
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency-mismatch' } });
    expect((await api.call('POST', path, { as: lea, body: {}, headers: { 'idempotency-key': 'é x' } })).status).toBe(
      400,
    );
  });

  it('knows a Café and a registration by their ids in capitals, too', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, startsAfterMinutes: 60 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const headers = { 'idempotency-key': 'capitals' };
    const [first = '', second = ''] = cafeIds;
    const claims = [first, first.toUpperCase()].map((id) => `/cafes/${id}/registrations`);
    const [taken, again] = [
      await api.call('POST', claims[0] as string, { as: lea, body: {}, headers }),
      await api.call('POST', claims[1] as string, { as: lea, body: {}, headers }),
    ];
    expect([taken.status, again.status, again.json]).toEqual([201, 201, taken.json]);
    const swap = (id: string) => ({ path: `/registrations/${id}/swap`, body: { cafeId: second } });
    const [lower, upper] = [swap(taken.json.id), swap(taken.json.id.toUpperCase())];
    const swapped = await api.call('POST', upper.path, { as: lea, body: upper.body, headers });
    expect(swapped.json).toMatchObject({ status: 'confirmed', cafeId: second });
    expect((await api.call('POST', lower.path, { as: lea, body: lower.body, headers })).json).toEqual(swapped.json);
    const ticket = await api.call('GET', `/registrations/${swapped.json.id.toUpperCase()}/ticket`, { as: lea });
    expect(ticket.json.registrationId).toBe(swapped.json.id);
  });

  it('gives one of two hundred the one seat, and the others their places in the order of commits', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const people = await buildPeople(api.database.pool, 200);
    const answers = await Promise.all(
      people.map((as) => api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as, body: {} })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(answers.filter(({ json }) => json.status === 'confirmed')).toHaveLength(1);
    const line = answers.flatMap(({ json }) => json.waitlistPosition ?? []).sort((one, other) => one - other);
    expect(line).toEqual(Array.from({ length: 199 }, (_, index) => index + 1));
    const rows = await api.database.pool.query(
      'select waitlist_number from registration where cafe_id = $1 order by id',
      [cafeIds[0]],
    );
    expect(rows.rows.map((row) => row.waitlist_number)).toEqual([null, ...line]);
    const { rows: differing } = await api.database.pool.query('select * from seats_recount()');
    expect(differing).toEqual([]);
  });

  it('tells the seat feed what was committed', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 3 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const heard: SeatFeedMessage[] = [];
    let listening = false;
    const feed = openSeatFeed({ redisUrl: api.redis.url, secret: api.secret, counts: async () => [] });
    feed.subscribe({
      onMessage: (message) => heard.push(message),
      onGap: () => {},
      onBack: () => {
        listening = true;
      },
    });
    await waitFor(() => listening, { what: 'the subscription' });
    const { json } = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    const told = await waitFor(
      () => heard.find(({ registrations }) => registrations.some(([registrationId]) => registrationId === json.id)),
      { what: 'the message' },
    );
    expect(told?.seats).toContainEqual(expect.objectContaining({ cafeId: cafeIds[0], taken: 1, free: 2 }));
    await feed.close();
  });
});

describe('taking a seat, not signed in', () => {
  it('holds it until the mail is answered; the code confirms it and signs in', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const guest = { name: 'Léa Martin', email: 'Lea@Example.org', locale: 'en', organisation: 'Orvault' };
    const held = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { body: guest });
    expect(held.json).toMatchObject({ status: 'held', expiresAt: expect.any(String) });
    expect(held.json).not.toHaveProperty('attendeeId');
    const { attendeeId = '' } = (await api.people.attendeeOf('lea@example.org')) ?? {};
    expect(await outbox(attendeeId)).toEqual(['prove-address']);
    const wrong = await api.call('POST', '/sign-in/verify', { body: { email: guest.email, code: '000000' } });
    expect(wrong).toMatchObject({ status: 401, json: { code: 'sign-in-invalid' } });
    const code = await codeFor(held.json, 'lea@example.org');
    const answer = await api.call('POST', '/sign-in/verify', { body: { email: guest.email, code } });
    expect(answer.json.attendee).toMatchObject({ name: 'Léa Martin', locale: 'en', roles: [] });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/i);
    const cookie = cookieFrom(answer.headers);
    const mine = await api.call('GET', '/me/registrations', { headers: { cookie } });
    expect(mine.json).toMatchObject([{ id: held.json.id, status: 'confirmed' }]);
    // Once used, the code opens nothing more.
    expect((await api.call('POST', '/sign-in/verify', { body: { email: guest.email, code } })).status).toBe(401);
    expect((await api.call('POST', '/sign-out', { headers: { cookie } })).status).toBe(204);
    expect((await api.call('GET', '/me', { headers: { cookie } })).json.code).toBe('not-signed-in');
  });

  it('asks everybody in the same words to look into their mailbox', async () => {
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const known = await api.call('POST', '/sign-in', { body: { email: (await api.people.personOf(lea))?.email } });
    const unknown = await api.call('POST', '/sign-in', { body: { email: 'nobody@example.org' } });
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    expect(known.status).toBe(202);
  });
});

describe('what is somebody else’s', () => {
  it('is not found: registrations, tickets, calendar entries', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, samir] = (await buildPeople(api.database.pool, 2)) as [string, string];
    const { json } = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    for (const [method, path] of [
      ['DELETE', ''],
      ['GET', '/ticket'],
      ['GET', '/ticket.svg'],
      ['GET', '/ticket.pdf'],
      ['GET', '/calendar.ics'],
    ] as const) {
      const answer = await api.call(method, `/registrations/${json.id}${path}`, { as: samir });
      expect(answer).toMatchObject({ status: 404, json: { code: 'registration-not-found' } });
      expect((await api.call(method, `/registrations/${json.id}${path}`)).status).toBe(401);
    }
    const ticket = await api.call('GET', `/registrations/${json.id}/ticket.svg`, { as: lea });
    expect(ticket.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    const calendar = await api.call('GET', `/registrations/${json.id}/calendar.ics`, { as: lea });
    expect(calendar.text).toContain(`UID:${json.id}@comptoir`);
  });
});

describe('the door and the organiser', () => {
  it('check in by ticket and by name, count, and undo; only for those who have the role', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, room: 1 }]);
    const [lea, host, organiser, stranger] = (await buildPeople(api.database.pool, 4)) as [
      string,
      string,
      string,
      string,
    ];
    await api.people.grantRole(host, { role: 'host', eventId, roomId: roomIds[0] as string });
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const { json: seat } = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    const attendance = `/cafes/${cafeIds[0]}/attendance`;
    expect((await api.call('GET', attendance)).status).toBe(401);
    expect((await api.call('GET', attendance, { as: stranger })).json.code).toBe('not-allowed');
    expect((await api.call('GET', `/cafes/${cafeIds[1]}/attendance`, { as: host })).json.code).toBe('not-allowed');
    expect((await api.call('GET', attendance, { as: host })).json).toMatchObject({ expected: 1, present: 0 });
    const body = { registrationId: seat.id, cafeId: cafeIds[0] };
    expect((await api.call('POST', '/check-ins', { as: lea, body })).status).toBe(403);
    expect((await api.call('POST', '/check-ins', { as: host, body })).json).toMatchObject({
      result: 'checked-in',
      registration: { id: seat.id, checkedInAt: expect.any(String) },
    });
    expect((await api.call('POST', '/check-ins', { as: host, body })).json.result).toBe('already-checked-in');
    const elsewhere = { registrationId: seat.id, cafeId: cafeIds[1] };
    expect((await api.call('POST', '/check-ins', { as: organiser, body: elsewhere })).json.result).toBe('wrong-cafe');
    const forged = await api.call('POST', '/check-ins', { as: host, body: { ticket: 'AAAA', cafeId: cafeIds[0] } });
    expect(forged).toMatchObject({ status: 422, json: { code: 'ticket-invalid' } });
    expect((await api.call('GET', attendance, { as: organiser })).json).toMatchObject({ present: 1 });
    expect((await api.call('DELETE', `/check-ins/${seat.id}`, { as: stranger })).status).toBe(404);
    expect((await api.call('DELETE', `/check-ins/${seat.id}`, { as: host })).json.checkedInAt).toBeUndefined();
    expect((await api.call('GET', attendance, { as: host })).json).toMatchObject({ present: 0 });
  });

  it('take a ticket of another event, of somebody erased, and any long text for no ticket', async () => {
    const here = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const elsewhere = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, gone, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId: here.eventId });
    const ticketOf = async (as: string, cafeId: string | undefined) => {
      const { json } = await api.call('POST', `/cafes/${cafeId}/registrations`, { as, body: {} });
      return (await api.call('GET', `/registrations/${json.id}/ticket`, { as })).json.ticket as string;
    };
    const foreign = await ticketOf(lea, elsewhere.cafeIds[0]);
    const erased = await ticketOf(gone, here.cafeIds[0]);
    expect((await api.call('DELETE', '/me', { as: gone })).status).toBe(204);
    for (const ticket of [foreign, erased, 'a'.repeat(600)]) {
      const body = { ticket, cafeId: here.cafeIds[0] };
      const answer = await api.call('POST', '/check-ins', { as: organiser, body });
      expect([answer.status, answer.json.code]).toEqual([422, 'ticket-invalid']);
    }
  });

  it('record no scan for today alone on another day than the Café’s, and any other check-in all the same', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, organiser] = (await buildPeople(api.database.pool, 2)) as [string, string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const [cafeId = ''] = cafeIds;
    const { json: seat } = await api.call('POST', `/cafes/${cafeId}/registrations`, { as: lea, body: {} });
    const { ticket } = (await api.call('GET', `/registrations/${seat.id}/ticket`, { as: lea })).json;
    const present = async () =>
      (await api.call('GET', `/cafes/${cafeId}/attendance`, { as: organiser })).json.present as number;
    const checkIn = async (shown: object) =>
      (await api.call('POST', '/check-ins', { as: organiser, body: { ...shown, cafeId } })).json;
    const moveTo = (interval: string) =>
      api.database.pool.query(
        `update cafe set starts_at = date_trunc('minute', now()) + $2::interval,
           ends_at = date_trunc('minute', now()) + $2::interval + interval '1 hour' where id = $1`,
        [cafeId, interval],
      );
    await moveTo('2 days');
    const name = (await api.people.personOf(lea))?.name;
    expect(await checkIn({ ticket, todayOnly: true })).toMatchObject({ result: 'other-day', person: { name } });
    expect(await present()).toBe(0);
    for (const shown of [{ registrationId: seat.id }, { ticket }]) {
      expect((await checkIn(shown)).result).toBe('checked-in');
      expect((await checkIn({ ticket, todayOnly: true })).result).toBe('already-checked-in');
      await api.call('DELETE', `/check-ins/${seat.id}`, { as: organiser });
    }
    await moveTo('-10 minutes');
    expect((await checkIn({ ticket, todayOnly: true })).result).toBe('checked-in');
    expect(await present()).toBe(1);
  });

  it('tell a host whom another room expects only where the ticket is shown', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, room: 1 }]);
    const [lea, host, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.grantRole(host, { role: 'host', eventId, roomId: roomIds[0] as string });
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const { json: seat } = await api.call('POST', `/cafes/${cafeIds[1]}/registrations`, { as: lea, body: {} });
    const { ticket } = (await api.call('GET', `/registrations/${seat.id}/ticket`, { as: lea })).json;
    const checkIn = async (as: string, shown: object) =>
      (await api.call('POST', '/check-ins', { as, body: { ...shown, cafeId: cafeIds[0] } })).json;
    const byId = await checkIn(host, { registrationId: seat.id });
    expect([byId.result, byId.person]).toEqual(['wrong-cafe', undefined]);
    const name = (await api.people.personOf(lea))?.name;
    expect(await checkIn(host, { ticket })).toMatchObject({ result: 'wrong-cafe', person: { name } });
    expect(await checkIn(organiser, { registrationId: seat.id })).toMatchObject({ person: { name } });
  });

  it('refuses to look at a move to more than a day, as to move there', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [organiser] = (await buildPeople(api.database.pool, 1)) as [string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const { startsAt } = (await api.call('GET', `/cafes/${cafeIds[0]}`)).json;
    const after = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString();
    const asked = async (call: string, minutes: number) => {
      const body = { endsAt: after(minutes) };
      const answer = await api.call('POST', `/cafes/${cafeIds[0]}/${call}`, { as: organiser, body });
      return [answer.status, answer.json.code];
    };
    for (const call of ['move-preview', 'move']) {
      expect(await asked(call, 24 * 60 + 1)).toEqual([422, 'ends-before-start']);
      expect(await asked(call, 24 * 60)).toEqual([200, call === 'move' ? expect.any(String) : undefined]);
    }
  });

  it('changes a Café for its organiser, and never below the seats that are taken', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [lea, samir, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const path = `/cafes/${cafeIds[0]}`;
    for (const as of [lea, samir]) await api.call('POST', `${path}/registrations`, { as, body: {} });
    expect((await api.call('PATCH', path, { as: lea, body: { capacity: 2 } })).status).toBe(403);
    expect((await api.call('PATCH', path, { as: organiser, body: { capacity: 0 } })).json).toMatchObject({
      code: 'capacity-below-taken',
      capacity: 0,
      taken: 1,
    });
    const raised = await api.call('PATCH', path, { as: organiser, body: { capacity: 2, state: 'closed' } });
    expect(raised.json).toMatchObject({ capacity: 2, state: 'closed', seats: { taken: 2, waitlisted: 0 } });
    expect((await api.call('GET', path)).json).toEqual(raised.json);
  });

  it('closes a waitlist at once for an organiser who does not ask to be able to undo it', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [lea, samir, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const path = `/cafes/${cafeIds[0]}`;
    for (const as of [lea, samir]) await api.call('POST', `${path}/registrations`, { as, body: {} });
    const closed = await api.call('PATCH', path, { as: organiser, body: { waitlistOpen: false } });
    expect(closed).toMatchObject({ status: 200, json: { waitlistOpen: false, seats: { taken: 1, waitlisted: 0 } } });
    expect(closed.json).not.toHaveProperty('closing');
    expect(await outbox(samir)).toEqual(['waitlisted', 'line-closed']);
  });

  it('show the figures of an event to its organiser', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 3, state: 'draft' },
    ]);
    const [lea, organiser] = (await buildPeople(api.database.pool, 2)) as [string, string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    const read = async () => (await api.call('GET', `/events/${eventId}/dashboard`, { as: organiser })).json;
    const [first, second] = [await read(), await read()];
    expect(first).toMatchObject({
      eventId,
      rooms: [{ roomId: roomIds[0] }],
      cafes: [
        { cafeId: cafeIds[0], state: 'open', seats: { taken: 1, free: 1 } },
        { cafeId: cafeIds[1], state: 'draft' },
      ],
      totals: { capacity: 2, taken: 1, people: 1 },
      registrationsOverTime: [{ count: 1 }],
    });
    expect(second.version).toBeGreaterThan(first.version);
    expect((await api.call('GET', `/events/${lea}/dashboard`, { as: organiser })).json.code).toBe('event-not-found');
  });

  it('never opens a cancelled Café again', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [organiser] = (await buildPeople(api.database.pool, 1)) as [string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const change = (state: string) =>
      api.call('PATCH', `/cafes/${cafeIds[0]}`, {
        as: organiser,
        body: { state },
        headers: { 'accept-language': 'en' },
      });
    expect(await change('cancelled')).toMatchObject({ status: 200, json: { state: 'cancelled' } });
    expect(await change('open')).toMatchObject({ status: 409, json: { title: 'This Café is cancelled' } });
    expect((await api.call('GET', `/cafes/${cafeIds[0]}`)).json.state).toBe('cancelled');
  });

  it('closes a waitlist for its organiser, who is shown what ends and may undo it', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [lea, samir, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.grantRole(organiser, { role: 'organiser', eventId });
    const path = `/cafes/${cafeIds[0]}`;
    for (const as of [lea, samir]) await api.call('POST', `${path}/registrations`, { as, body: {} });
    const close = (expectWaitlisted: number) =>
      api.call('PATCH', path, { as: organiser, body: { waitlistOpen: false, undoable: true, expectWaitlisted } });
    expect(await close(0)).toMatchObject({ status: 409, json: { code: 'counts-changed', taken: 1, waitlisted: 1 } });
    const { json: closed } = await close(1);
    expect(closed).toMatchObject({
      waitlistOpen: false,
      seats: { waitlisted: 1 },
      closing: { id: expect.any(String) },
    });
    expect((await api.call('GET', path)).json).not.toHaveProperty('closing');
    const undo = (as: string) => api.call('DELETE', `${path}/closings/${closed.closing.id}`, { as });
    expect((await undo(lea)).status).toBe(403);
    const undone = await undo(organiser);
    expect(undone).toMatchObject({ status: 200, json: { waitlistOpen: true, seats: { waitlisted: 1 } } });
    expect(undone.json).not.toHaveProperty('closing');
    expect(await undo(organiser)).toMatchObject({ status: 409, json: { code: 'undo-over' } });
    const nothing = { expectTaken: 1, undoable: true };
    expect((await api.call('PATCH', path, { as: organiser, body: nothing })).status).toBe(400);
  });
});

describe('the programme', () => {
  it('is told in the language asked for, without drafts', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 2, state: 'draft' },
    ]);
    const events = (await api.call('GET', '/events')).json as { id: string; slug: string }[];
    const slug = events.find(({ id }) => id === eventId)?.slug;
    const french = await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'de, fr;q=0.5' } });
    const english = await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'en-GB,en;q=0.9' } });
    expect([french.json.title, english.json.title]).toEqual(['Rencontres', 'Meetings']);
    expect(french.json.cafes.map(({ id }: { id: string }) => id)).toEqual([cafeIds[0]]);
    expect((await api.call('GET', `/cafes/${cafeIds[1]}`)).json.code).toBe('cafe-not-found');
    const tag = String(english.headers.get('etag'));
    const asked = async (known: string) =>
      (await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'en', 'if-none-match': known } }))
        .status;
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, `${tag},"other"`, '*']) {
      expect([known, await asked(known)]).toEqual([known, 304]);
    }
    for (const known of ['"other"', String(french.headers.get('etag'))]) expect(await asked(known)).toBe(200);
    const seats = await api.call('GET', `/rooms/${roomIds[0]}/seats`);
    expect(seats.json).toMatchObject({ roomId: roomIds[0], cafes: [{ cafeId: cafeIds[0], capacity: 2, free: 2 }] });
  });
});

describe('an answer', () => {
  it('says to caches that it depends on the language, where it does', async () => {
    const { cafeIds, roomIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const vary = async (path: string) => (await api.call('GET', path)).headers.get('vary');
    for (const path of ['/cafes/x', '/nothing', '/me']) {
      expect([path, await vary(path)]).toEqual([path, 'Accept-Language']);
    }
    for (const path of ['/events', `/cafes/${cafeIds[0]}`]) {
      expect([path, await vary(path)]).toEqual([path, 'Accept-Language, Accept-Encoding']);
    }
    for (const path of [`/rooms/${roomIds[0]}/seats`, '/client-config']) {
      expect([path, await vary(path)]).toEqual([path, null]);
    }
  });

  it('to HEAD has the headers of that to GET', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    for (const path of ['/events', `/cafes/${cafeIds[0]}`, '/client-config', '/me']) {
      const [head, get] = [await api.call('HEAD', path), await api.call('GET', path)];
      // But for what is said of the connection, which this client ends after a HEAD.
      const ours = ([name]: [string, string]) => !['date', 'connection', 'keep-alive'].includes(name);
      const told = ({ status, headers }: typeof get) => [status, [...headers].filter(ours)];
      expect(told(head)).toEqual(told(get));
    }
  });
});

describe('a room that is too small for its Cafés together', () => {
  it('is told with each of them, with the times that they share and what is taken then', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 2, startsAfterMinutes: 15 },
      { seats: 2, state: 'draft' },
      { seats: 2, startsAfterMinutes: 120 },
    ]);
    const [one, two, , later] = cafeIds as [string, string, string, string];
    await api.database.pool.query('update room set capacity = 3 where id = $1', [roomIds[0]]);
    const [person = ''] = await buildPeople(api.database.pool, 1);
    const seated = await api.call('POST', `/cafes/${one}/registrations`, { body: {}, as: person });
    expect(seated.status).toBe(201);
    const known = (await api.call('GET', '/events')).json as { id: string; slug: string }[];
    const slug = known.find(({ id }) => id === eventId)?.slug;
    const { cafes } = (await api.call('GET', `/events/${slug}`)).json as { cafes: Cafe[] };
    const slotsOf = (id: string) => cafes.find((cafe) => cafe.id === id)?.roomSlots;
    const both = [one, two].toSorted();
    expect(slotsOf(two)).toEqual([{ capacity: 3, taken: 1, version: expect.any(Number), cafeIds: both }]);
    expect(slotsOf(one)).toContainEqual(slotsOf(two)?.[0]);
    expect(slotsOf(later)).toBeUndefined();
    expect((await api.call('GET', `/cafes/${one}`)).json.roomSlots).toEqual(slotsOf(one));
  });
});

describe('the documentation', () => {
  it('covers every call that the API answers, and no other', async () => {
    const { json } = await api.call('GET', '/openapi.json');
    expect(json.openapi).toMatch(/^3\.1\./);
    const told = Object.entries(json.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(told.sort()).toEqual([...callNames].sort());
    for (const { method, path } of callNames.map(routeOf)) {
      const answer = await api.call(method, path.replace(/\{\w+\}/g, 'x'));
      expect([method, path, answer.json?.code]).not.toEqual([method, path, 'not-found']);
      expect([method, path, answer.json?.code]).not.toEqual([method, path, 'method-not-allowed']);
    }
  });

  it('says which calls may be sent twice, and what their addresses need', async () => {
    const { json } = await api.call('GET', '/openapi.json');
    type Operation = { parameters: { name: string; in: string }[]; responses: Record<string, { description: string }> };
    const calls = Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ call: `${method} ${path}`, ...operation })),
    );
    const repeatable = calls.filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'));
    expect(repeatable.map(({ call }) => call).sort()).toEqual([
      'post /cafes/{id}/delegations',
      'post /cafes/{id}/registrations',
      'post /cafes/{id}/walk-ins',
      'post /me/calendar-feed',
      'post /registrations/{id}/swap',
    ]);
    for (const { responses } of repeatable) expect(responses['422']?.description).toContain('idempotency-mismatch');
    const feed = calls.find(({ call }) => call === 'get /me/calendar.ics');
    expect(feed?.parameters).toContainEqual(expect.objectContaining({ name: 'token', in: 'query' }));
    for (const path of ['/openapi.json', '/asyncapi.json']) {
      const schema = json.paths[path].get.responses['200'].content['application/json'].schema;
      expect(schema.type).toBe('object');
    }
  });

  it('has its page, from our own files alone', async () => {
    const page = await api.call('GET', '/docs');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain(`script-src 'self'`);
    for (const [, file] of page.text.matchAll(/(?:src|href)="\/api\/v1([^"]+)"/g)) {
      expect((await api.call('GET', file as string)).status).toBe(200);
    }
    expect(page.text).not.toMatch(/https?:\/\//);
  });
});

describe('an outage', () => {
  it('of Redis takes no seat away, and makes the API degraded, not unready', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const ready = async () => {
      const answer = await fetch(`${api.url}/health/ready`);
      return { code: answer.status, ...((await answer.json()) as { status: string; parts: Record<string, string> }) };
    };
    expect(await ready()).toEqual({ code: 200, status: 'ok', parts: { database: 'ok', redis: 'ok' } });
    await api.redis.pause();
    const taken = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea, body: {} });
    expect(taken.status).toBe(201);
    expect(await ready()).toEqual({
      code: 200,
      status: 'degraded',
      parts: { database: 'ok', schema: 'ok', redis: 'away' },
    });
    await api.redis.resume();
    await waitFor(async () => (await ready()).status === 'ok', { what: 'readiness' });
  });

  it('of the database at the start is told, and answered with a time to try again', async () => {
    const away = await startTestApi({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    try {
      const answer = await away.call('GET', '/events');
      expect(answer).toMatchObject({ status: 503, json: { code: 'unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      // It answers before it has found Redis.
      const told = await waitFor(
        async () => {
          const ready = await fetch(`${away.url}/health/ready`);
          const { status, parts } = (await ready.json()) as { status: string; parts: Record<string, string> };
          return parts.redis === 'ok' && { code: ready.status, status, parts };
        },
        { what: 'Redis to be found' },
      );
      expect(told).toEqual({ code: 503, status: 'unavailable', parts: { database: 'away', redis: 'ok' } });
    } finally {
      await away.stop();
    }
  });
});
