import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { openOutboxBatches } from '../../../../test/support/outbox.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

const take = (cafeId: string | undefined, as: string) =>
  api.ask('POST /cafes/{id}/registrations', { as, id: cafeId, body: {} });
const emailOf = async (attendeeId: string): Promise<string> =>
  (await api.database.pool.query('select email from attendee where id = $1', [attendeeId])).rows[0].email;

describe('a person’s data', () => {
  it('contain the profile and all registrations with their history, including ended ones', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [ada, grace] = (await buildPeople(api.database.pool, 2)) as [string, string];
    const { json: first } = await take(cafeIds[0], ada);
    await api.ask('DELETE /registrations/{id}', { as: ada, id: first.id });
    const { json: again } = await take(cafeIds[0], ada);
    await take(cafeIds[0], grace);
    const { json, headers } = await api.ask('GET /me/data', { as: ada });
    expect(json.person).toMatchObject({ id: ada, email: await emailOf(ada), emailProvedAt: expect.any(String) });
    const histories = json.registrations.map(
      ({ id, cafe, events }: { id: string; cafe: string; events: { what: string }[] }) => [
        id,
        cafe,
        events.map(({ what }) => what),
      ],
    );
    expect(histories).toEqual([
      [first.id, 'Café 1', ['confirmed', 'cancelled']],
      [again.id, 'Café 1', ['confirmed']],
    ]);
    expect(JSON.stringify(json)).not.toContain(grace);
    expect(json.messages).toEqual([]);
    expect(headers.get('cache-control')).toContain('no-store');
  });

  it('are answered to no other attendee', async () => {
    expect((await api.ask('GET /me/data')).json.code).toBe('not-signed-in');
    expect((await api.ask('DELETE /me')).json.code).toBe('not-signed-in');
  });
});

describe('the erasure of an attendee', () => {
  it('removes the seats from the calendar by messages that are sent after the erasure, and keeps no data after them', async () => {
    const { pool } = api.database;
    const { cafeIds } = await buildEvent(pool, [{ seats: 1 }, { seats: 1, startsAfterMinutes: 60 }]);
    const [ada, grace] = (await buildPeople(pool, 2)) as [string, string];
    const email = await emailOf(ada);
    await take(cafeIds[0], ada);
    await take(cafeIds[1], grace);
    await take(cafeIds[1], ada);
    expect((await api.call('DELETE', '/me', { as: ada })).status).toBe(204);
    const recipients = await pool.query(
      'select r.email, o.kind from mail_recipient r join outbox o on o.id = r.outbox_id where o.attendee_id = $1',
      [ada],
    );
    expect(recipients.rows).toEqual([{ email, kind: 'cancelled' }]);
    expect((await pool.query('select from attendee where email = $1', [email])).rowCount).toBe(0);
  });

  it('gives the seats to the waitlist, then erases the attendee, the codes and the session', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [ada, grace] = (await buildPeople(api.database.pool, 2)) as [string, string];
    const email = await emailOf(ada);
    await take(cafeIds[0], ada);
    await take(cafeIds[0], grace);
    const body = { mode: 'each' as const, people: [{ name: 'Zoé', email: `zoe-${ada}@example.org` }] };
    await api.ask('POST /cafes/{id}/delegations', { as: ada, id: cafeIds[0], body, idempotencyKey: 'once' });
    const answers = () => api.database.pool.query('select from idempotency_key where scope like $1', [`%${ada}%`]);
    expect((await answers()).rowCount).toBe(1);
    const code = await api.people.signInMails.codeOf(
      await api.people.signInMails.challengeForMail({ attendeeId: ada }),
    );
    const cookie = api.cookieOf(ada);
    await openOutboxBatches(api.database.pool);
    await api.database.pool.query(
      `insert into email_delivery (outbox_id, message_id, status, attendee_id, last_fault)
       select id, id::text, 'bounced', attendee_id, $2 from outbox where attendee_id = $1 and kind = 'confirmed'`,
      [ada, `550 no mailbox ${email}`],
    );
    const { messages } = (await api.ask('GET /me/data', { as: ada })).json;
    expect(messages).toEqual([{ kind: 'confirmed', status: 'bounced', at: expect.any(String) }]);
    expect((await api.ask('DELETE /me', { cookie })).status).toBe(204);
    const sent = await api.database.pool.query('select from email_delivery where last_fault like $1', [`%${email}%`]);
    expect(sent.rowCount).toBe(0);
    expect((await api.ask('GET /me/registrations', { as: grace })).json).toMatchObject([{ status: 'confirmed' }]);
    for (const [method, path, body] of [
      ['GET', '/me'],
      ['GET', '/me/registrations'],
      ['GET', '/me/undelivered'],
      ['DELETE', '/me'],
      ['POST', '/me/calendar-feed'],
      ['POST', `/cafes/${cafeIds[0]}/registrations`, {}],
    ] as const) {
      // The session of the request, and one on another device.
      for (const session of [cookie, api.cookieOf(ada)]) {
        const answer = await api.call(method, path, { headers: { cookie: session }, body });
        expect([path, answer.status, answer.json?.code]).toEqual([path, 401, 'not-signed-in']);
      }
    }
    expect((await api.ask('POST /sign-in/verify', { body: { email, code } })).json.code).toBe('sign-in-invalid');
    const left = await api.database.pool.query('select from attendee where email = $1', [email]);
    expect(left.rowCount).toBe(0);
    expect((await answers()).rowCount).toBe(0);
  });

  it('is possible for a checked-in attendee too', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [ada] = (await buildPeople(api.database.pool, 1)) as [string];
    const { json } = await take(cafeIds[0], ada);
    await api.database.pool.query('update registration set checked_in_at = now() where id = $1', [json.id]);
    expect((await api.ask('DELETE /me', { as: ada })).status).toBe(204);
  });
});

describe('the preview of a delegation', () => {
  it('contains the result for each person, and changes nothing', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2 }]);
    const [delegate, there, elsewhere] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await take(cafeIds[0], there);
    await take(cafeIds[1], elsewhere);
    const emails = [await emailOf(there), await emailOf(elsewhere), 'nobody-yet@example.org'];
    const { json } = await api.ask('POST /cafes/{id}/delegations/preview', {
      as: delegate,
      id: cafeIds[0],
      body: { emails },
    });
    expect(json.people.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'existing',
      'schedule-clash',
      'free',
    ]);
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json.seats.taken).toBe(1);
    const made = await api.database.pool.query(`select from attendee where email = 'nobody-yet@example.org'`);
    expect(made.rowCount).toBe(0);
    expect(
      (await api.ask('POST /cafes/{id}/delegations/preview', { id: cafeIds[0], body: { emails } })).json.code,
    ).toBe('not-signed-in');
  });
});
