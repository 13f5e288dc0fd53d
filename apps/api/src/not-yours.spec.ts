import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callNames, routeOf } from '#contract';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { waitFor } from '../../../test/support/index.ts';

let api: TestApi;
const lines: string[] = [];
beforeAll(async () => {
  api = await startTestApi({}, { lines });
});
afterAll(() => api?.stop());

/** An event with an open Café and a draft, an organiser, a host of its room, and an attendee without a role. */
async function event() {
  const { pool } = api.database;
  const { eventId, cafeIds, roomIds } = await buildEvent(pool, [
    { seats: 5 },
    { seats: 5, state: 'draft', startsAfterMinutes: 60 },
  ]);
  const [organiser, host, nobody] = (await buildPeople(pool, 3)) as [string, string, string];
  await api.people.roles.grant(organiser, { role: 'organiser', eventId });
  await api.people.roles.grant(host, { role: 'host', eventId, roomId: roomIds[0] as string });
  const [open, draft] = cafeIds as [string, string];
  return { eventId, roomIds: roomIds as [string], open, draft, organiser, host, nobody };
}

/** A body that matches the schema of a call, so that the answer depends only on the client. */
function bodyOf(path: string, cafeId: string): unknown {
  const bodies: Record<string, unknown> = {
    '/cafes/{id}': { capacity: 5 },
    '/cafes/{id}/no-shows': { registrationIds: [cafeId] },
    '/cafes/{id}/walk-ins': { name: 'Noé', email: 'noe@example.org' },
    '/cafes/{id}/delegations': { mode: 'each', people: [{ name: 'Noé', email: 'noe@example.org' }] },
    '/cafes/{id}/delegations/preview': { emails: ['noe@example.org'] },
    '/check-ins': { registrationId: cafeId, cafeId },
    '/registrations/{id}/swap': { cafeId },
  };
  return bodies[path] ?? {};
}

describe('a draft', () => {
  const ofCafes = callNames.map(routeOf).filter(({ path }) => path.startsWith('/cafes/{id}') || path === '/check-ins');

  it.each(ofCafes.map(({ method, path }) => [method, path] as const))(
    'is not found by a person without a role in its event: %s %s',
    async (method, path) => {
      const { draft, nobody } = await event();
      const other = await event();
      for (const as of [nobody, other.organiser, other.host]) {
        const body = method === 'GET' ? undefined : bodyOf(path, draft);
        const answer = await api.call(method, path.replace(/\{\w+\}/g, draft), { as, body });
        expect([answer.status, answer.json?.code]).toEqual([404, 'cafe-not-found']);
      }
    },
  );

  it('is not found by a claim without a session, nor by a swap', async () => {
    const { open, draft, nobody } = await event();
    const guest = await api.ask('POST /cafes/{id}/registrations', {
      id: draft,
      body: { name: 'Noé', email: 'noe@example.org' },
    });
    expect(guest.json.code).toBe('cafe-not-found');
    const { json } = await api.ask('POST /cafes/{id}/registrations', { as: nobody, id: open, body: {} });
    const swap = await api.ask('POST /registrations/{id}/swap', { as: nobody, id: json.id, body: { cafeId: draft } });
    expect(swap.json.code).toBe('cafe-not-found');
  });

  it('is shown to its organisers and the hosts of its room', async () => {
    const { draft, organiser, host } = await event();
    for (const as of [organiser, host]) {
      expect((await api.ask('GET /cafes/{id}/attendance', { as, id: draft })).status).toBe(200);
    }
  });
});

describe('an answer that is stored for an Idempotency-Key', () => {
  it('is not returned to a client that lost the role or the session', async () => {
    const { open, eventId } = await event();
    const [host] = (await buildPeople(api.database.pool, 1)) as [string];
    const { rows } = await api.database.pool.query('select room_id from cafe where id = $1', [open]);
    await api.people.roles.grant(host, { role: 'host', eventId, roomId: rows[0].room_id });
    const cookie = api.cookieOf(host);
    const walkIn = () =>
      api.call('POST', `/cafes/${open}/walk-ins`, {
        body: { name: 'Noé', email: `noe-${host}@example.org` },
        headers: { cookie, 'idempotency-key': 'walk-in' },
      });
    const first = await walkIn();
    expect([first.status, (await walkIn()).json]).toEqual([200, first.json]);
    await api.database.pool.query('delete from role_grant where attendee_id = $1', [host]);
    // Roles are cached for some seconds.
    const refused = async () => {
      const { status, json } = await walkIn();
      return status === 403 && json.code;
    };
    expect(await waitFor(refused, { what: 'the end of the role' })).toBe('not-allowed');
    expect((await api.ask('POST /sign-out', { cookie })).status).toBe(204);
    expect((await walkIn()).json.code).toBe('not-signed-in');
  });
});

describe('a host who types the address of a person', () => {
  it("does not see the person's own name, nor their other seats", async () => {
    const { pool } = api.database;
    const { open, host, organiser } = await event();
    const [known] = (await buildPeople(pool, 1)) as [string];
    const name = 'Ada Lovelace';
    await pool.query(`update attendee set name = $2, organisation = 'Analytical Society' where id = $1`, [known, name]);
    const email = (await api.people.attendees.findById(known))?.email as string;
    const typed = { name: 'Quelqu’un', email, organisation: 'Ailleurs' };
    const first = await api.ask('POST /cafes/{id}/walk-ins', { as: host, id: open, body: typed });
    expect(first.json).toMatchObject({
      result: 'checked-in',
      person: { name: typed.name, organisation: 'Ailleurs' },
    });
    const registrationId = first.json.registration.id;
    const answers: { text: string }[] = [first];
    answers.push(await api.ask('POST /cafes/{id}/walk-ins', { as: host, id: open, body: typed }));
    answers.push(await api.ask('POST /check-ins', { as: host, body: { registrationId, cafeId: open } }));
    const attendance = await api.ask('GET /cafes/{id}/attendance', { as: organiser, id: open });
    expect(attendance.json.people).toMatchObject([{ name: typed.name, organisation: 'Ailleurs' }]);
    const preview = await api.ask('POST /cafes/{id}/delegations/preview', {
      as: host,
      id: open,
      body: { emails: [email] },
    });
    for (const { text } of [...answers, attendance, preview]) expect(text).not.toMatch(/Lovelace|Analytical/);

    // At the same time, at another event.
    const other = await event();
    const clash = await api.ask('POST /cafes/{id}/walk-ins', { as: other.host, id: other.open, body: typed });
    expect([clash.status, clash.json.code, clash.json.clashesWith]).toEqual([409, 'schedule-clash', []]);
  });

  it('sees the name with which a person took a seat there themselves', async () => {
    const { open, host, nobody } = await event();
    await api.ask('POST /cafes/{id}/registrations', { as: nobody, id: open, body: {} });
    const { name, email } = (await api.people.attendees.findById(nobody)) as { name: string; email: string };
    const body = { name: 'Quelqu’un', email };
    const walkIn = await api.ask('POST /cafes/{id}/walk-ins', { as: host, id: open, body });
    expect(walkIn.json.person?.name).toBe('Quelqu’un');
    const attendance = await api.ask('GET /cafes/{id}/attendance', { as: host, id: open });
    expect(attendance.json.people).toMatchObject([{ name }]);
  });
});

describe('the log', () => {
  const entries = () => lines.map((line) => JSON.parse(line)).filter(({ audit }) => audit);

  it('contains each refused client and each used role, by ids and once a minute', async () => {
    const { open, eventId, roomIds, organiser, host, nobody } = await event();
    const attendance = (as: string) => api.ask('GET /cafes/{id}/attendance', { as, id: open });
    for (let time = 0; time < 20; time++) {
      await attendance(nobody);
      await attendance(host);
    }
    await attendance(organiser);
    await api.call('GET', '/registrations/0199a0f3-7c1b-7d3e-8f00-0123456789ab/ticket', { as: nobody });
    await api.call('POST', '/sign-out', { headers: { origin: 'https://elsewhere.example' } });
    const call = 'GET /api/v1/cafes/:id/attendance';
    const of = (who: string) => entries().filter((entry) => entry.who === who);
    expect(of(nobody)).toMatchObject([
      { code: 'not-allowed', call, msg: 'a request was refused' },
      { code: 'registration-not-found', call: 'GET /api/v1/registrations/:id/ticket' },
    ]);
    expect(of(host)).toMatchObject([{ role: 'host', eventId, roomId: roomIds[0], call, msg: 'a role was used' }]);
    expect(of(organiser)).toMatchObject([{ role: 'organiser', eventId, call }]);
    expect(entries()).toContainEqual(
      expect.objectContaining({ code: 'not-allowed', call: 'POST /api/v1/sign-out', who: expect.stringMatching(/^~/) }),
    );
    expect(lines.join('')).not.toMatch(/@example\.org|127\.0\.0\.1/);
  });
});
