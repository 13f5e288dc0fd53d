import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ TRUSTED_PROXIES: '1' });
});
afterAll(() => api?.stop());

/** No Café has this id. */
const NO_CAFE = '0199a0f3-7c1b-7d3e-8f00-0123456789ab';
const claim = (cafeId: string | undefined, body: object, from = '192.0.2.1', solves = true) =>
  api.call('POST', `/cafes/${cafeId}/registrations`, { body, headers: { 'x-forwarded-for': from }, solves });
async function nameOf(email: string): Promise<string | undefined> {
  return (await api.people.attendees.findByEmail(email))?.name;
}

describe('a client that types the address of another person', () => {
  it('changes nothing of the person, in an existing or an unknown Café', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, startsAfterMinutes: 60 }]);
    const [delegate] = (await buildPeople(api.database.pool, 1)) as [string];
    const email = 'lea@example.org';
    expect((await claim(cafeIds[0], { name: 'Léa Martin', email })).json.status).toBe('held');
    const mallory = { name: 'Mallory', email };
    expect((await claim(NO_CAFE, mallory)).json.code).toBe('cafe-not-found');
    expect((await claim(cafeIds[1], mallory)).status).toBe(201);
    for (const cafeId of [NO_CAFE, cafeIds[1]]) {
      const body = { mode: 'each' as const, people: [mallory] };
      await api.ask('POST /cafes/{id}/delegations', { as: delegate, id: cafeId, body });
    }
    expect(await nameOf(email)).toBe('Léa Martin');
  });

  it('leaves no row if the Café does not exist', async () => {
    const [delegate] = (await buildPeople(api.database.pool, 1)) as [string];
    const people = [{ name: 'Nobody', email: 'nobody@example.org' }];
    expect((await claim(NO_CAFE, people[0] as object)).status).toBe(404);
    const body = { mode: 'all' as const, people };
    expect((await api.ask('POST /cafes/{id}/delegations', { as: delegate, id: NO_CAFE, body })).json.code).toBe(
      'cafe-not-found',
    );
    expect(await nameOf('nobody@example.org')).toBeUndefined();
    const challenges = await api.database.pool.query(
      `select from sign_in_challenge where email = 'nobody@example.org'`,
    );
    expect(challenges.rowCount).toBe(0);
  });

  it('does not use up the limits of the person: each network is counted separately, and only for an existing Café', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const victim = { name: 'Victime', email: 'victim@example.org' };
    for (let count = 1; count <= 31; count++) expect((await claim(NO_CAFE, victim)).status).toBe(404);
    const answers = [];
    for (let count = 1; count <= 31; count++) {
      answers.push(await claim(cafeIds[0], victim, `2001:db8:1:2::${count.toString(16)}`, false));
    }
    expect(new Set(answers.slice(1, 30).map(({ status }) => status))).toEqual(new Set([200]));
    expect([answers[30]?.status, answers[30]?.json.code]).toEqual([429, 'proof-of-work-required']);
    // The person whose address was typed, in the same household.
    expect((await claim(cafeIds[0], victim, '2001:db8:1:2::1')).status).toBe(200);
    expect((await claim(cafeIds[0], victim, '2001:db8:1:3::1')).status).toBe(200);
    expect((await claim(cafeIds[0], victim, '192.0.2.1')).status).toBe(200);
  });

  it('puts the person on the waitlist; the registration waits for a proof, or for a claim of the person', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    // The third person is waitlisted too, and proved the address.
    const people = (await buildPeople(api.database.pool, 4)) as [string, string, string, string];
    const seats = [];
    for (const as of people.slice(0, 2)) {
      seats.push((await api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} })).json.id as string);
    }
    const waiting = people.slice(2);
    for (const attendeeId of waiting) {
      const email = (await api.people.attendees.findById(attendeeId))?.email;
      expect((await claim(cafeIds[0], { name: 'Quelqu’un', email })).json.status).toBe('waitlisted');
    }
    const [claiming = '', silent = ''] = waiting;
    const again = await api.ask('POST /cafes/{id}/registrations', { as: claiming, id: cafeIds[0], body: {} });
    expect([again.status, again.json.status]).toEqual([200, 'waitlisted']);
    for (const [index, id] of seats.entries()) await api.ask('DELETE /registrations/{id}', { as: people[index], id });
    const status = async (as: string) => (await api.ask('GET /me/registrations', { as })).json[0]?.status;
    expect([await status(claiming), await status(silent)]).toEqual(['confirmed', 'held']);
    // The person asks for the seat, and the held registration becomes theirs.
    const taken = await api.ask('POST /cafes/{id}/registrations', { as: silent, id: cafeIds[0], body: {} });
    expect([taken.status, taken.json.status]).toEqual([200, 'confirmed']);
  });

  it('causes a mail without the typed name', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const refused = await claim(cafeIds[0], { name: 'Gagnez ! https://evil.example', email: 'ana@example.org' });
    expect(refused).toMatchObject({
      status: 400,
      json: { code: 'invalid-request', errors: [{ path: 'name', message: 'must be a name, without a link' }] },
    });
  });
});

describe('a person who takes and gives back a seat many times', () => {
  it('is limited after 150 changes in a minute, and other people are not', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, samir] = (await buildPeople(api.database.pool, 2)) as [string, string];
    const take = (as: string) => api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} });
    let id = '';
    for (let change = 0; change < 300; change++) {
      const answer = change % 2 ? await api.ask('DELETE /registrations/{id}', { as: lea, id }) : await take(lea);
      expect([change, answer.status]).toEqual([change, change % 2 ? 200 : 201]);
      id = answer.json.id;
    }
    for (const answer of [
      await api.ask('DELETE /registrations/{id}', { as: lea, id }),
      await api.ask('POST /registrations/{id}/accept', { as: lea, id }),
      await api.ask('POST /registrations/{id}/decline', { as: lea, id }),
      await api.ask('POST /registrations/{id}/swap', { as: lea, id, body: { cafeId: cafeIds[0] } }),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([429, 'too-many-requests']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await take(samir)).status).toBe(201);
  });
});
