import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openOutboxBatches } from '../../../test/support/outbox.ts';
import { charactersOfPdf } from '../../../test/support/pdf.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

/** An attendee with a confirmed seat. */
async function seated() {
  const event = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, startsAfterMinutes: 60 }]);
  const [lea, samir] = (await buildPeople(api.database.pool, 2)) as [string, string];
  const take = async (cafeId: string | undefined) =>
    (await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeId, body: {} })).json;
  const first = await take(event.cafeIds[0]);
  return { ...event, lea, samir, take, registrationId: first.id as string };
}

describe('a ticket', () => {
  it('is data that a page stores, and the door verifies it with the public keys alone', async () => {
    const { lea, registrationId, cafeIds } = await seated();
    const { json } = await api.ask('GET /registrations/{id}/ticket', { as: lea, id: registrationId });
    expect(json).toMatchObject({
      registrationId,
      svg: `/api/v1/registrations/${registrationId}/ticket.svg`,
      pdf: `/api/v1/registrations/${registrationId}/ticket.pdf`,
    });
    const { keys } = (await api.ask('GET /ticket-keys')).json;
    const bytes = Buffer.from(json.ticket, 'base64url');
    const jwk = keys.find(({ kid }) => kid === String(bytes[1]));
    const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' });
    expect(verify(null, bytes.subarray(0, 38), key, bytes.subarray(38))).toBe(true);
    expect(bytes.subarray(2, 18).toString('hex')).toBe(registrationId.replaceAll('-', ''));
    expect(bytes.subarray(18, 34).toString('hex')).toBe(cafeIds[0]?.replaceAll('-', ''));
    expect(Date.parse(json.validUntil)).toBe(bytes.readUInt32BE(34) * 60_000);
  });

  it('offers the pages of web calendars only if no invitation was sent, because they make a second entry that no message changes', async () => {
    const { lea, samir, registrationId, cafeIds, eventId } = await seated();
    const { pool } = api.database;
    const addTo = async (id: string, as: string) =>
      (await api.call('GET', `/registrations/${id}/ticket`, { as })).json.addTo;
    const ics = `/api/v1/registrations/${registrationId}/calendar.ics`;
    expect(await addTo(registrationId, lea)).toEqual({ ics });
    // The entry of the file is the same as that of the invitation.
    const file = await api.call('GET', `/registrations/${registrationId}/calendar.ics`, { as: lea });
    const entry = new ICAL.Event(
      new ICAL.Component(ICAL.parse(file.text)).getFirstSubcomponent('vevent') as ICAL.Component,
    );
    expect([entry.uid, entry.summary, entry.location]).toEqual([
      `${registrationId}@comptoir`,
      'Café cafe-1\u00a0: Café 1',
      'Salle 0',
    ]);
    // Its message was refused permanently.
    await openOutboxBatches(pool);
    await pool.query(
      `insert into email_delivery (outbox_id, message_id, attendee_id, event_id, status, attempts)
       select id, id::text, $1, $3, 'bounced', 1 from outbox where registration_id = $2`,
      [lea, registrationId, eventId],
    );
    const links = {
      google: expect.stringContaining('https://calendar.google.com/'),
      outlook: expect.stringContaining('https://outlook.live.com/'),
    };
    expect(await addTo(registrationId, lea)).toEqual({ ...links, ics });
    // A walk-in gets no message.
    await pool.query(
      `update cafe set starts_at = date_trunc('minute', now()) - interval '5 minutes', ends_at = date_trunc('minute', now()) + interval '1 hour' where id = $1`,
      [cafeIds[1]],
    );
    const host = (await buildPeople(pool, 1))[0] as string;
    await api.people.roles.grant(host, { role: 'organiser', eventId });
    const email = (await pool.query('select email from attendee where id = $1', [samir])).rows[0].email;
    const walkIn = await api.call('POST', `/cafes/${cafeIds[1]}/walk-ins`, {
      as: host,
      body: { name: 'Samir', email },
    });
    expect(await addTo(walkIn.json.registration.id, samir)).toMatchObject(links);
  });

  it('is a PDF in the requested language, with a limited number of requests', async () => {
    const { lea, registrationId } = await seated();
    const print = (locale: string) =>
      api.call('GET', `/registrations/${registrationId}/ticket.pdf`, {
        as: lea,
        headers: { 'accept-language': locale },
      });
    const french = await print('fr');
    expect([french.status, french.headers.get('content-type'), french.text.slice(0, 5)]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ]);
    expect(french.headers.get('content-disposition')).toBe('inline; filename="billet.pdf"');
    expect((await print('en')).headers.get('content-disposition')).toBe('inline; filename="ticket.pdf"');
    const statuses = [];
    for (let count = 0; count < 19; count++) statuses.push((await print('fr')).status);
    expect([statuses.slice(0, 18).every((status) => status === 200), statuses.at(-1)]).toEqual([true, 429]);
  });

  it('is a PDF that shows at most the first name of a person whose address is not proved', async () => {
    const { lea, registrationId } = await seated();
    const print = async (name: string, provedAt: string | null) => {
      await api.database.pool.query('update attendee set name = $2, email_proved_at = $3 where id = $1', [
        lea,
        name,
        provedAt,
      ]);
      const headers = { cookie: api.cookieOf(lea) };
      const answer = await fetch(`${api.url}/api/v1/registrations/${registrationId}/ticket.pdf`, { headers });
      return [...charactersOfPdf(Buffer.from(await answer.arrayBuffer()))].join('');
    };
    expect(await print('Ελένη Ωραία', new Date().toISOString())).toContain('Ω');
    expect(await print('Ελένη Ωραία', null)).toContain('Ε');
    expect(await print('Ελένη Ωραία', null)).not.toContain('Ω');
    expect(await print('Ελένη 500 ευρώ', null)).not.toContain('Ε');
  });

  it('exists for a confirmed seat only', async () => {
    const { lea, registrationId } = await seated();
    await api.ask('DELETE /registrations/{id}', { as: lea, id: registrationId });
    for (const path of ['ticket', 'ticket.svg', 'ticket.pdf', 'calendar.ics']) {
      const answer = await api.call('GET', `/registrations/${registrationId}/${path}`, { as: lea });
      expect([path, answer.status, answer.json.code]).toEqual([path, 409, 'registration-over']);
    }
  });

  it('exists for an offered seat after it was accepted', async () => {
    const { lea, registrationId } = await seated();
    const status = (is: string, expiresAt: string | null) =>
      api.database.pool.query('update registration set status = $2, expires_at = $3 where id = $1', [
        registrationId,
        is,
        expiresAt,
      ]);
    await status('offered', new Date(Date.now() + 3_600_000).toISOString());
    const offered = await api.ask('GET /registrations/{id}/ticket', { as: lea, id: registrationId, locale: 'en' });
    expect(offered).toMatchObject({ status: 409, json: { code: 'not-confirmed' } });
    expect(offered.json.detail).toContain('accept it first');
    expect((await api.ask('POST /registrations/{id}/accept', { as: lea, id: registrationId })).status).toBe(200);
    expect((await api.ask('GET /registrations/{id}/ticket', { as: lea, id: registrationId })).status).toBe(200);
  });
});

describe('the private calendar', () => {
  const path = (url = '') => new URL(url).pathname.replace('/api/v1', '') + new URL(url).search;
  const entriesOf = (text: string) =>
    new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((part) => new ICAL.Event(part));

  it('is read without a session, and contains all current seats', async () => {
    const { lea, take, cafeIds, registrationId } = await seated();
    const second = await take(cafeIds[1]);
    expect((await api.ask('GET /me/calendar-feed', { as: lea })).json).toEqual({});
    const { url } = (await api.ask('POST /me/calendar-feed', { as: lea })).json;
    expect((await api.ask('GET /me/calendar-feed', { as: lea })).json).toEqual({ url });
    const feed = await api.call('GET', path(url));
    expect([feed.status, feed.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(
      entriesOf(feed.text)
        .map(({ uid }) => uid)
        .sort(),
    ).toEqual([`${registrationId}@comptoir`, `${second.id}@comptoir`].sort());
    const before = entriesOf(feed.text).find(({ uid }) => uid.startsWith(second.id))?.sequence ?? Number.NaN;
    await api.ask('DELETE /registrations/{id}', { as: lea, id: registrationId });
    await api.database.pool.query(`update cafe set starts_at = starts_at + interval '5 minutes' where id = $1`, [
      cafeIds[1],
    ]);
    const [left, ...others] = entriesOf((await api.call('GET', path(url))).text);
    expect([left?.uid, others]).toEqual([`${second.id}@comptoir`, []]);
    expect(left?.sequence).toBeGreaterThan(before);
  });

  it('has one address for one request that is sent twice', async () => {
    const { lea } = await seated();
    const ask = async (key: string) =>
      (await api.ask('POST /me/calendar-feed', { as: lea, idempotencyKey: key })).json.url;
    const first = await ask('one');
    expect([await ask('one'), (await api.call('GET', path(first))).status]).toEqual([first, 200]);
    const second = await ask('two');
    expect(second).not.toBe(first);
    // The address, which gives access, is not stored.
    const stored = await api.database.pool.query('select answer::text from idempotency_key where scope like $1', [
      `%${lea}%`,
    ]);
    expect(stored.rows).toEqual([{ answer: 'null' }, { answer: 'null' }]);
  });

  it('is opened by the newest address only, until it is removed, and by nothing else', async () => {
    const { lea, samir } = await seated();
    const made = async (as: string) => (await api.ask('POST /me/calendar-feed', { as })).json.url as string;
    const [first, other] = [await made(lea), await made(samir)];
    const second = await made(lea);
    const statuses = async () =>
      Promise.all([first, second, other].map(async (url) => (await api.call('GET', path(url))).status));
    expect(await statuses()).toEqual([404, 200, 200]);
    expect((await api.ask('DELETE /me/calendar-feed', { as: lea })).status).toBe(204);
    expect(await statuses()).toEqual([404, 404, 200]);
    for (const query of ['', '?token=', '?token=x', '?token=a&token=b', `?token=${'a'.repeat(54)}`]) {
      expect((await api.call('GET', `/me/calendar.ics${query}`)).json.code).toBe('calendar-feed-not-found');
    }
    for (const method of ['GET', 'POST', 'DELETE'])
      expect((await api.call(method, '/me/calendar-feed')).status).toBe(401);
  });
});
