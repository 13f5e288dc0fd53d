import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SeatFeedMessage } from '#contract';
import { openSeatFeed } from '#live';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { waitFor } from '../../../../test/support/index.ts';
import { openOutboxBatches } from '../../../../test/support/outbox.ts';

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

/** Returns the code in the mail about a guest registration. */
async function codeFor({ id: registrationId }: { id: string }, email: string): Promise<string> {
  const { attendeeId = '' } = (await api.people.attendees.findByEmail(email)) ?? {};
  return api.people.signInMails.codeOf(await api.people.signInMails.challengeForMail({ attendeeId, registrationId }));
}

function cookieFrom(headers: Headers): string {
  return String(headers.get('set-cookie')).split(';')[0] as string;
}

describe('a claim with a session', () => {
  it('confirms a seat, which the attendee lists and gives back', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const taken = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
    expect(taken.status).toBe(201);
    expect(taken.json).toMatchObject({ cafeId: cafeIds[0], eventId, attendeeId: lea, status: 'confirmed' });
    const again = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, { as: lea });
    expect([again.status, again.json]).toEqual([200, taken.json]);
    expect((await api.ask('GET /me/registrations', { as: lea })).json).toEqual([taken.json]);
    const cancelled = await api.ask('DELETE /registrations/{id}', { as: lea, id: taken.json.id });
    expect(cancelled).toMatchObject({ status: 200, json: { id: taken.json.id, status: 'cancelled' } });
    expect((await api.ask('DELETE /registrations/{id}', { as: lea, id: taken.json.id })).json).toEqual(cancelled.json);
    expect(await outbox(lea)).toEqual(['confirmed', 'cancelled']);
  });

  it('names the clashing Café with its title', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, startsAfterMinutes: 30 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const first = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
    const second = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[1], body: {} });
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

  it('is refused for a closed Café, a full Café without a waitlist, and an unknown Café', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [
      { seats: 1, state: 'closed' },
      { seats: 0, waitlistOpen: false, startsAfterMinutes: 60 },
    ]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const claim = (id: string) => api.ask('POST /cafes/{id}/registrations', { as: lea, id, body: {} });
    expect((await claim(cafeIds[0] as string)).json.code).toBe('cafe-not-open');
    expect((await claim(cafeIds[1] as string)).json.code).toBe('cafe-full');
    expect((await claim(lea)).json.code).toBe('cafe-not-found');
  });

  it('gets the same answer for a repeated Idempotency-Key, and 422 with another body', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const first = await api.ask('POST /cafes/{id}/registrations', {
      as: lea,
      id: cafeIds[0],
      body: {},
      idempotencyKey: 'one',
    });
    const again = await api.ask('POST /cafes/{id}/registrations', {
      as: lea,
      id: cafeIds[0],
      body: {},
      idempotencyKey: 'one',
    });
    expect([first.status, again.status, again.json]).toEqual([201, 201, first.json]);
    const guest = { name: 'Samir', email: 'samir@example.org' };
    expect(
      (await api.ask('POST /cafes/{id}/registrations', { id: cafeIds[0], body: guest, idempotencyKey: 'one' })).status,
    ).toBe(201);
    const other = await api.ask('POST /cafes/{id}/registrations', {
      id: cafeIds[0],
      body: { ...guest, name: 'Sam' },
      idempotencyKey: 'one',
    });
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency-mismatch' } });
    expect(
      (await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {}, idempotencyKey: 'é x' }))
        .status,
    ).toBe(400);
  });

  it('accepts ids in capitals', async () => {
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
    const ticket = await api.ask('GET /registrations/{id}/ticket', { as: lea, id: swapped.json.id.toUpperCase() });
    expect(ticket.json.registrationId).toBe(swapped.json.id);
  });

  it('gives one of two hundred people the one seat, and the others waitlist positions in the order of commits', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const people = await buildPeople(api.database.pool, 200);
    const answers = await Promise.all(
      people.map((as) => api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} })),
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

  it('publishes on the seat feed what was committed', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 3 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const messages: SeatFeedMessage[] = [];
    let listening = false;
    const feed = openSeatFeed({ redisUrl: api.redis.url, secret: api.secret, counts: async () => [] });
    feed.subscribe({
      onMessage: (message) => messages.push(message),
      onGap: () => {},
      onBack: () => {
        listening = true;
      },
    });
    await waitFor(() => listening, { what: 'the subscription' });
    const { json } = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
    const message = await waitFor(
      () => messages.find(({ registrations }) => registrations.some(([registrationId]) => registrationId === json.id)),
      { what: 'the message' },
    );
    expect(message?.seats).toContainEqual(expect.objectContaining({ cafeId: cafeIds[0], taken: 1, free: 2 }));
    await feed.close();
  });
});

describe('a claim without a session', () => {
  it('holds a seat; the code of the mail confirms it and signs in', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const guest = { name: 'Léa Martin', email: 'Lea@Example.org', locale: 'en', organisation: 'Orvault' } as const;
    const held = await api.ask('POST /cafes/{id}/registrations', { id: cafeIds[0], body: guest });
    expect(held.json).toMatchObject({ status: 'held', expiresAt: expect.any(String) });
    expect(held.json).not.toHaveProperty('attendeeId');
    const { attendeeId = '' } = (await api.people.attendees.findByEmail('lea@example.org')) ?? {};
    expect(await outbox(attendeeId)).toEqual(['prove-address']);
    const wrong = await api.ask('POST /sign-in/verify', { body: { email: guest.email, code: '000000' } });
    expect(wrong).toMatchObject({ status: 401, json: { code: 'sign-in-invalid' } });
    const code = await codeFor(held.json, 'lea@example.org');
    const answer = await api.ask('POST /sign-in/verify', { body: { email: guest.email, code } });
    expect(answer.json.attendee).toMatchObject({ name: 'Léa Martin', locale: 'en', roles: [] });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/i);
    const cookie = cookieFrom(answer.headers);
    const mine = await api.ask('GET /me/registrations', { cookie });
    expect(mine.json).toMatchObject([{ id: held.json.id, status: 'confirmed' }]);
    // The code is consumed and cannot be used again.
    expect((await api.ask('POST /sign-in/verify', { body: { email: guest.email, code } })).status).toBe(401);
    expect((await api.ask('POST /sign-out', { cookie })).status).toBe(204);
    expect((await api.ask('GET /me', { cookie })).json.code).toBe('not-signed-in');
  });

  it('is confirmed by a sign-in mail, whose request is answered the same for all addresses', async () => {
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const known = await api.ask('POST /sign-in', {
      body: { email: (await api.people.attendees.findById(lea))?.email ?? '' },
    });
    const unknown = await api.ask('POST /sign-in', { body: { email: 'nobody@example.org' } });
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    expect(known.status).toBe(202);
  });
});

describe('a registration of another person', () => {
  it('is not found, nor its ticket and calendar entry', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, samir] = (await buildPeople(api.database.pool, 2)) as [string, string];
    const { json } = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
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
    const ticket = await api.ask('GET /registrations/{id}/ticket.svg', { as: lea, id: json.id });
    expect(ticket.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    const calendar = await api.ask('GET /registrations/{id}/calendar.ics', { as: lea, id: json.id });
    expect(calendar.text).toContain(`UID:${json.id}@comptoir`);
  });
});
