import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Email } from '#contract';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { tokenOf } from '../../../../test/support/identity.ts';
import { mailboxOf } from '../http/fair-share.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

const path = (cafeId: string | undefined) => `/cafes/${cafeId}/registrations`;
const emailOf = async (attendeeId: string) => (await api.people.attendees.findById(attendeeId))?.email as string;

/** Claims with an address, in a browser without cookies. */
const plant = (cafeId: string | undefined, email: string, headers: Record<string, string> = {}) =>
  api.call('POST', path(cafeId), { body: { name: 'Mallory', email }, headers });

/** Returns the code in the mail about a guest registration. */
async function codeOf(registrationId: string, email: string): Promise<string> {
  const { attendeeId = '' } = (await api.people.attendees.findByEmail(email)) ?? {};
  return api.people.signInMails.codeOf(await api.people.signInMails.challengeForMail({ attendeeId, registrationId }));
}

const mine = async (as: string) => (await api.ask('GET /me/registrations', { as })).json;

/** Values that differ between calls are compared by their type. */
function shape(answer: { status: number; headers: Headers; json: Record<string, unknown> }) {
  const fields = Object.entries(answer.json).map(([name, value]) => [
    name,
    /^(id|claimToken|createdAt|expiresAt)$/.test(name) ? typeof value : value,
  ]);
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]*/, ''));
  return { status: answer.status, cookies, fields };
}

describe('the answer to a claim without a session', () => {
  it('is the same, field by field, for an unknown, an unproved and a proved address, and for a person with a seat there', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 20 }, { seats: 20 }]);
    const [cafeId, elsewhere] = cafeIds;
    const [unproved = ''] = await buildPeople(api.database.pool, 1, { proved: false });
    const [proved = '', here = '', busy = ''] = await buildPeople(api.database.pool, 3);
    await api.call('POST', path(cafeId), { as: here, body: {} });
    await api.call('POST', path(elsewhere), { as: busy, body: {} });
    const emails = await Promise.all([unproved, proved, here, busy].map(emailOf));
    const unknown = shape(await plant(cafeId, 'nobody-yet@example.org'));
    expect(unknown).toMatchObject({ status: 201, cookies: [expect.stringContaining('comptoir_asked')] });
    expect(unknown.fields.map(([name]) => name).sort()).toEqual(
      [
        'id',
        'cafeId',
        'eventId',
        'status',
        'guest',
        'expiresAt',
        'claimToken',
        'createdAt',
        'startsAt',
        'endsAt',
      ].sort(),
    );
    for (const email of emails) expect(shape(await plant(cafeId, email))).toEqual(unknown);
    // A repeated claim gets the same registration, for each of them.
    for (const email of emails)
      expect(await plant(cafeId, email)).toMatchObject({ status: 200, json: { guest: true } });
  });

  it('gives access to its own registration only, and shows its state', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const email = 'follower@example.org';
    const { json } = await plant(cafeIds[0], email);
    const read = (id: string, token: string) =>
      api.ask('GET /registrations/{id}', { id, headers: { 'claim-token': token } });
    const { claimToken, ...registration } = json;
    expect(await read(json.id, claimToken)).toMatchObject({ status: 200, json: registration });
    const other = (await plant(cafeIds[0], 'other@example.org')).json;
    expect(await read(other.id, claimToken)).toMatchObject({ status: 404, json: { code: 'registration-not-found' } });
    expect((await api.ask('GET /registrations/{id}', { id: json.id })).json.code).toBe('not-signed-in');
    await api.ask('POST /sign-in/verify', { body: { email, code: await codeOf(json.id, email) } });
    const after = await read(json.id, claimToken);
    expect(after.json).toMatchObject({ id: json.id, status: 'confirmed' });
    expect(after.json).not.toHaveProperty('attendeeId');
    expect(after.headers.get('cache-control')).toContain('no-store');
    // The claim token gives no access to the data of the attendee.
    for (const [method, rest] of [
      ['GET', '/ticket'],
      ['GET', '/calendar.ics'],
      ['GET', '/receipt'],
      ['DELETE', ''],
    ] as const) {
      const answer = await api.call(method, `/registrations/${json.id}${rest}`, {
        headers: { 'claim-token': claimToken },
      });
      expect([rest, answer.status, answer.json.code]).toEqual([rest, 401, 'not-signed-in']);
    }
  });

  it('does not reveal what the attendee does with the seat, but reads as a claim that was not confirmed', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 4 }, { seats: 4 }, { seats: 4 }]);
    const people = await buildPeople(api.database.pool, 4);
    const host = people.pop() as string;
    await api.people.roles.grant(host, { role: 'organiser', eventId });
    const choices: Record<string, (as: string, id: string) => Promise<{ status: number }>> = {
      'own claim': (as) => api.call('POST', path(cafeIds[0]), { as, body: {} }),
      yes: (as, id) => api.ask('POST /registrations/{id}/confirm', { as, id }),
      no: (as, id) => api.ask('DELETE /registrations/{id}', { as, id }),
    };
    for (const [place, [choice, choose]] of Object.entries(choices).entries()) {
      const person = people[place] as string;
      const { claimToken, ...claimed } = (await plant(cafeIds[0], await emailOf(person))).json;
      const read = () => api.ask('GET /registrations/{id}', { id: claimed.id, headers: { 'claim-token': claimToken } });
      expect([choice, (await choose(person, claimed.id)).status]).toEqual([choice, 200]);
      expect([choice, (await read()).json]).toEqual([choice, claimed]);
      if (choice !== 'no') {
        const body = { registrationId: claimed.id, cafeId: cafeIds[0] };
        expect((await api.ask('POST /check-ins', { as: host, body })).json.result).toBe('checked-in');
      }
      expect([choice, (await read()).json]).toEqual([choice, claimed]);
      await api.ask('DELETE /check-ins/{registrationId}', { as: host, registrationId: claimed.id });
      await api.ask('DELETE /registrations/{id}', { as: person, id: claimed.id });
      expect([choice, (await read()).json]).toEqual([choice, claimed]);
      // Its time is over.
      await api.database.pool.query('update guest_outcome set until = now() where registration_id = $1', [claimed.id]);
      const { guest: _, expiresAt: __, ...rest } = claimed;
      expect([choice, (await read()).json]).toEqual([choice, { ...rest, status: 'expired' }]);
    }
  });

  it('shows a confirmation by its own mail for an hour, and neither a check-in nor a cancellation', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [owner = '', host = ''] = await buildPeople(api.database.pool, 2);
    await api.people.roles.grant(host, { role: 'organiser', eventId });
    const email = await emailOf(owner);
    const { id, claimToken } = (await plant(cafeIds[0], email)).json;
    const read = () => api.ask('GET /registrations/{id}', { id, headers: { 'claim-token': claimToken } });
    await api.ask('POST /sign-in/verify', { body: { email, code: await codeOf(id, email) } });
    const confirmed = (await read()).json;
    expect(confirmed).toMatchObject({ id, status: 'confirmed' });
    await api.ask('POST /check-ins', { as: host, body: { registrationId: id, cafeId: cafeIds[0] } });
    expect((await read()).json).toEqual(confirmed);
    await api.ask('DELETE /check-ins/{registrationId}', { as: host, registrationId: id });
    expect((await api.ask('DELETE /registrations/{id}', { as: owner, id })).json.status).toBe('cancelled');
    expect((await read()).json).toEqual(confirmed);
    await api.database.pool.query('update guest_outcome set until = now() where registration_id = $1', [id]);
    expect(await read()).toMatchObject({ status: 404, json: { code: 'registration-not-found' } });
  });

  it('gives the claim token again to the browser that claimed, and to no other browser that repeats the claim', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const email = 'repeated@example.org';
    const { json, headers } = await plant(cafeIds[0], email);
    const { claimToken, ...registration } = json;
    const strangers: Record<string, string>[] = [{}, { 'idempotency-key': 'another' }, { 'claim-token': 'x' }];
    for (const more of strangers) {
      for (let times = 0; times < 2; times++) {
        const stranger = await plant(cafeIds[0], email, more);
        expect([stranger.status, stranger.json]).toEqual([200, registration]);
        expect(stranger.headers.getSetCookie()).toEqual([]);
      }
    }
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const proofs: Record<string, string>[] = [{ cookie }, { 'claim-token': claimToken }];
    for (const proof of proofs) {
      const own = await plant(cafeIds[0], email, proof);
      expect([own.status, own.json]).toEqual([200, json]);
      expect(own.headers.getSetCookie()).toHaveLength(1);
    }
  });

  it('gives no claim token to another browser that guesses its Idempotency-Key, after its attendee confirmed it', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const email = 'keyed@example.org';
    const headers = { 'idempotency-key': '1' };
    const first = await plant(cafeIds[0], email, headers);
    expect((await plant(cafeIds[0], email, headers)).json).toEqual(first.json);
    await api.ask('POST /sign-in/verify', { body: { email, code: await codeOf(first.json.id, email) } });
    const guessed = await plant(cafeIds[0], email, headers);
    expect([guessed.json.id, guessed.json.claimToken]).toEqual([first.json.id, undefined]);
    expect(guessed.headers.getSetCookie()).toEqual([]);
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await plant(cafeIds[0], email, { ...headers, cookie })).json).toEqual(first.json);
    const { rows } = await api.database.pool.query('select answer::text from idempotency_key');
    for (const { answer } of rows) expect(answer).not.toContain(first.json.claimToken);
  });
});

describe('a claim that a stranger made with the address of a person', () => {
  it("never blocks the person's own claims: a claim that overlaps it gets 201", async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }, { seats: 4 }]);
    const [victim = ''] = await buildPeople(api.database.pool, 1);
    await plant(cafeIds[0], await emailOf(victim));
    const own = await api.call('POST', path(cafeIds[1]), { as: victim, body: {} });
    expect([own.status, own.json.status]).toEqual([201, 'confirmed']);
  });

  it("is not confirmed by the person's sign-in elsewhere, and is listed with its own confirmation", async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [victim = '', mallory = ''] = await buildPeople(api.database.pool, 2);
    const email = await emailOf(victim);
    const guestClaim = (await plant(cafeIds[0], email)).json;
    const link = await api.people.signInMails.createOperatorLink(email, { ttlHours: 1 });
    const token = tokenOf(link);
    expect((await api.ask('POST /sign-in/verify', { body: { token } })).status).toBe(200);
    expect(await mine(victim)).toMatchObject([{ id: guestClaim.id, status: 'held', guest: true }]);
    const confirm = (as?: string) => api.ask('POST /registrations/{id}/confirm', { as, id: guestClaim.id });
    expect((await confirm()).json.code).toBe('not-signed-in');
    expect((await confirm(mallory)).json.code).toBe('registration-not-found');
    const confirmed = await confirm(victim);
    expect(confirmed).toMatchObject({ status: 200, json: { id: guestClaim.id, status: 'confirmed' } });
    expect((await confirm(victim)).json).toEqual(confirmed.json);
  });

  it('is not in their calendar until they confirm it', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [victim = ''] = await buildPeople(api.database.pool, 1);
    const { id } = (await plant(cafeIds[0], await emailOf(victim))).json;
    const { url } = (await api.ask('POST /me/calendar-feed', { as: victim })).json;
    const feed = async () => (await api.call('GET', new URL(url ?? '').href.replace(/^.*\/api\/v1/, ''))).text;
    expect(await feed()).not.toContain('VEVENT');
    await api.ask('POST /registrations/{id}/confirm', { as: victim, id });
    expect(await feed()).toContain('VEVENT');
  });

  it('cannot be confirmed after its end', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [victim = ''] = await buildPeople(api.database.pool, 1);
    const { id } = (await plant(cafeIds[0], await emailOf(victim))).json;
    await api.database.pool.query('update registration set expires_at = now() where id = $1', [id]);
    const late = await api.ask('POST /registrations/{id}/confirm', { as: victim, id });
    expect(late).toMatchObject({ status: 409, json: { code: 'registration-over' } });
  });

  it('becomes theirs when they claim the same seat: 200, the same registration, confirmed', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [victim = ''] = await buildPeople(api.database.pool, 1);
    const guestClaim = (await plant(cafeIds[0], await emailOf(victim))).json;
    const own = await api.call('POST', path(cafeIds[0]), { as: victim, body: {} });
    expect(own).toMatchObject({ status: 200, json: { id: guestClaim.id, status: 'confirmed', attendeeId: victim } });
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json.seats.taken).toBe(1);
  });

  it('is confirmed on a new phone of its owner by the code of its own mail', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [owner = ''] = await buildPeople(api.database.pool, 1);
    const email = await emailOf(owner);
    const held = (await plant(cafeIds[0], email)).json;
    expect(held.status).toBe('held');
    const verify = { email, code: await codeOf(held.id, email) };
    expect((await api.ask('POST /sign-in/verify', { body: verify })).status).toBe(200);
    expect(await mine(owner)).toMatchObject([{ id: held.id, status: 'confirmed' }]);
  });
});

describe('the link of a mail about one registration', () => {
  async function seated() {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }, { seats: 4 }]);
    const [owner = ''] = await buildPeople(api.database.pool, 1);
    const { id } = (await api.call('POST', path(cafeIds[0]), { as: owner, body: {} })).json as { id: string };
    return { id, owner, key: { 'registration-key': api.people.registrationLinks.key(id) } };
  }

  it('opens that registration and its ticket without a session, and nothing else', async () => {
    const { id, key } = await seated();
    const other = await seated();
    for (const rest of ['', '/ticket', '/ticket.svg', '/ticket.pdf', '/calendar.ics']) {
      const answer = await api.call('GET', `/registrations/${id}${rest}`, { headers: key });
      expect([rest, answer.status]).toEqual([rest, 200]);
      expect(answer.text).not.toContain('attendeeId');
      const foreign = await api.call('GET', `/registrations/${other.id}${rest}`, { headers: key });
      expect([rest, foreign.status]).toEqual([rest, 404]);
    }
    expect((await api.call('GET', '/me', { headers: key })).status).toBe(401);
    expect((await api.call('GET', `/registrations/${id}/receipt`, { headers: key })).status).toBe(401);
  });

  it('changes nothing with a click alone in a browser that did not ask; with the code of the mail it does', async () => {
    const { id, key } = await seated();
    const cancel = (headers: Record<string, string>) => api.call('DELETE', `/registrations/${id}`, { headers });
    const code = api.people.registrationLinks.code(id);
    const wrong = code === '000000' ? '000001' : '000000';
    for (const headers of [key, { ...key, 'registration-code': wrong }]) {
      expect(await cancel(headers)).toMatchObject({ status: 401, json: { code: 'code-required' } });
    }
    expect((await cancel({ ...key, 'registration-code': code })).json).toMatchObject({ id, status: 'cancelled' });
    // It ends with the registration.
    expect((await api.call('GET', `/registrations/${id}`, { headers: key })).status).toBe(404);
  });

  it('changes it with a click in the browser that claimed it', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const claimed = await plant(cafeIds[0], 'presses@example.org');
    const { id, claimToken } = claimed.json;
    const cookie = claimed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const key = { 'registration-key': api.people.registrationLinks.key(id) };
    const decline = await api.call('POST', `/registrations/${id}/decline`, { headers: { ...key, cookie } });
    expect(decline.json.code).toBe('no-offer');
    const cancelled = await api.call('DELETE', `/registrations/${id}`, {
      headers: { ...key, 'claim-token': claimToken },
    });
    expect(cancelled.json).toMatchObject({ id, status: 'cancelled' });
    expect(cancelled.json).not.toHaveProperty('attendeeId');
  });

  it('opens nothing after the end of its Café', async () => {
    const { id, key } = await seated();
    await api.database.pool.query(
      `update cafe set starts_at = starts_at - interval '3 days', ends_at = ends_at - interval '3 days'
       where id = (select cafe_id from registration where id = $1)`,
      [id],
    );
    expect((await api.call('GET', `/registrations/${id}`, { headers: key })).status).toBe(404);
  });
});

describe('the stored name of a person whose address a host types', () => {
  async function hostOfOne() {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 8 }]);
    const [victim = '', host = ''] = await buildPeople(api.database.pool, 2);
    await api.people.attendees.updateProfile(victim, { name: 'Ada Lovelace', organisation: 'Secret Works' });
    await api.people.roles.grant(host, { role: 'organiser', eventId });
    const [cafeId = ''] = cafeIds;
    const answers: string[] = [];
    const ask = async (method: string, to: string, body?: unknown) => {
      const answer = await api.call(method, to, { as: host, body });
      answers.push(answer.text);
      return answer.json;
    };
    const attendance = async () => (await ask('GET', `/cafes/${cafeId}/attendance`)).people;
    return { cafeId, victim, email: await emailOf(victim), ask, attendance, answers };
  }

  it('is not revealed by a claim without a session and a walk-in after it, until the person confirms', async () => {
    const { cafeId, victim, email, ask, attendance, answers } = await hostOfOne();
    const { id } = (await plant(cafeId, email)).json;
    await attendance();
    await ask('POST', '/check-ins', { registrationId: id, cafeId });
    await api.ask('POST /cafes/{id}/registrations', {
      id: cafeId,
      body: { name: 'Mallory', email: 'other@example.org' },
    });
    await ask('POST', `/cafes/${cafeId}/walk-ins`, { name: 'Mallory', email });
    await ask('POST', '/check-ins', { registrationId: id, cafeId });
    await attendance();
    for (const answer of answers) expect(answer).not.toMatch(/Ada|Lovelace|Secret/);
    expect(victim).not.toBe('');
  });

  it('is not revealed by a delegated seat, and the typed name is shown until the person confirms the seat', async () => {
    const { cafeId, victim, email, ask, attendance, answers } = await hostOfOne();
    const people = [{ name: 'Typed Name', organisation: 'Typed Works', email }];
    const delegated = await ask('POST', `/cafes/${cafeId}/delegations`, { mode: 'each', people });
    const { id, status } = delegated.people[0].registration;
    expect(status).toBe('confirmed');
    expect(await attendance()).toMatchObject([{ name: 'Typed Name', organisation: 'Typed Works' }]);
    const checked = await ask('POST', '/check-ins', { registrationId: id, cafeId });
    expect(checked.person).toMatchObject({ name: 'Typed Name', organisation: 'Typed Works' });
    await ask('POST', `/cafes/${cafeId}/walk-ins`, { name: 'Mallory', email });
    for (const answer of answers) expect(answer).not.toMatch(/Ada|Lovelace|Secret/);
    expect(victim).not.toBe('');
  });

  it('is shown after they confirmed a guest registration themselves', async () => {
    const { cafeId, victim, email, attendance } = await hostOfOne();
    const { id } = (await plant(cafeId, email)).json;
    await api.ask('POST /registrations/{id}/confirm', { as: victim, id });
    expect(await attendance()).toMatchObject([{ name: 'Ada Lovelace', organisation: 'Secret Works' }]);
  });
});

describe('a delegated seat of a person whose address is not proved', () => {
  it('is held, shown to hosts and organisers with its delegate, and without the id of the person', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [delegate = '', organiser = ''] = await buildPeople(api.database.pool, 2);
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const body = { mode: 'each' as const, people: [{ name: 'Invited', email: 'invited@example.org' }] };
    const { json } = await api.ask('POST /cafes/{id}/delegations', { as: delegate, id: cafeIds[0], body });
    expect(json.people).toMatchObject([{ outcome: 'created', registration: { status: 'held', guest: true } }]);
    expect(json.people[0]?.registration).not.toHaveProperty('attendeeId');
    const attendance = await api.ask('GET /cafes/{id}/attendance', { as: organiser, id: cafeIds[0] });
    expect(attendance.json.people).toMatchObject([
      { name: 'Invited', status: 'held', guest: true, registeredBy: await emailOf(delegate) },
    ]);
  });

  it('is shown with its delegate to a browser that opens the link of its mail', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 4 }]);
    const [delegate = ''] = await buildPeople(api.database.pool, 1);
    const email = 'invited-by-link@example.org';
    const body = { mode: 'each' as const, people: [{ name: 'Invited', email }] };
    const { json } = await api.ask('POST /cafes/{id}/delegations', { as: delegate, id: cafeIds[0], body });
    const { attendeeId = '' } = (await api.people.attendees.findByEmail(email)) ?? {};
    const registrationId = json.people[0]?.registration?.id;
    const challengeId = await api.people.signInMails.challengeForMail({ attendeeId, registrationId });
    const token = new URL(api.people.signInMails.linkOf(challengeId)).searchParams.get('token');
    for (const path of ['/sign-in/look', '/sign-in/verify']) {
      const answer = await api.call('POST', path, { body: { token } });
      const registration = { cafeId: cafeIds[0], registeredBy: await emailOf(delegate) };
      expect(answer).toMatchObject({ status: 401, json: { code: 'code-required', email, registration } });
    }
  });
});

describe('the mailbox of an address', () => {
  it('is the same in SQL and in TypeScript', async () => {
    const part = fc.string({ unit: fc.constantFrom(...'aZé.+-_@"1'), minLength: 1, maxLength: 12 });
    const local = fc.oneof(part, fc.constantFrom('a+b+c', 'A.b.C', '+a', 'a+', "o'neil+x.y", 'ab_c-d'));
    const emails = fc
      .sample(fc.oneof(fc.tuple(local, fc.constantFrom('example.org', 'Mail.Example.ORG')), fc.emailAddress()), 2_000)
      .map((made) => (typeof made === 'string' ? made : made.join('@')))
      .flatMap((typed) => Email.safeParse(typed).data ?? []);
    expect(emails.length).toBeGreaterThan(500);
    const { rows } = await api.database.pool.query<{ email: string; mailbox: string }>(
      'select e as email, mailbox_of(e) as mailbox from unnest($1::text[]) as e',
      [emails],
    );
    expect(rows.filter(({ email, mailbox }) => mailbox !== mailboxOf(email))).toEqual([]);
  });
});
