import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';

let api: TestApi;
let organiser: string;
let slug: string;
let eventId: string;

beforeAll(async () => {
  api = await startTestApi();
  [organiser] = (await buildPeople(api.database.pool, 1)) as [string];
  ({ eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]));
  // Documents have whole minutes.
  const { rows } = await api.database.pool.query(
    `update event set starts_at = date_trunc('minute', starts_at), ends_at = date_trunc('minute', ends_at) where id = $1 returning slug`,
    [eventId],
  );
  ({ slug } = rows[0]);
  await api.people.roles.grant(organiser, { role: 'organiser', eventId });
});
afterAll(() => api?.stop());

const example = (name: string) => new Blob([readFileSync(`libs/programme/src/importing/examples/${name}`)]);
const table = (...rows: string[]) => new Blob([['id;Titre;Salle;Jour;Début;Fin;Places', ...rows].join('\n')]);

/** Sends a file for a new event. */
const sendNew = (body: Blob, as = organiser) =>
  api.ask('POST /imports', { as, body, query: { fileName: 'programme.csv' }, locale: 'en' });

describe('an import', () => {
  it('shows errors at their places and fields, in the language asked for, and writes nothing', async () => {
    const before = await api.ask('GET /events', {});
    const { status, json } = await sendNew(example('programme-windows-1252.csv'));
    expect([status, json.kind, json.ready, json.entryCount]).toEqual([201, 'csv', false, 7]);
    expect(json.findingCounts).toMatchObject({ error: 6, blocking: 6 });
    expect(json.findings[2]).toEqual({
      level: 'error',
      code: 'time-unread',
      message: '“tbd” is not a time',
      place: { row: 5, column: 'Fin', passage: 'tbd', about: 'Jumelages : et après ?' },
      blocks: true,
      fields: [{ path: 'entries.5.end', type: 'time' }],
      entry: '5',
    });
    const french = await api.ask('GET /imports/{id}', { as: organiser, id: json.id, locale: 'fr' });
    expect(french.json.findings[2]?.message).toBe('« tbd » n’est pas une heure');
    expect(json.columns?.[7]).toEqual({ heading: '', letters: 'H', examples: ['x', '-'] });
    expect((await api.ask('GET /events', {})).json).toEqual(before.json);
  });

  it('is set right value by value, and becomes a new event of the person who sent it', async () => {
    const { json } = await sendNew(example('pretalx-rooms-one-guid.json'));
    expect((await api.ask('POST /imports/{id}/apply', { as: organiser, id: json.id, body: {} })).json.code).toBe(
      'import-not-ready',
    );
    const ownSlug = `e-${randomUUID()}`;
    const answers = { 'rooms.salle-jaures.capacity': 60, 'event.slug': ownSlug };
    const ready = await api.ask('PATCH /imports/{id}', { as: organiser, id: json.id, body: { answers } });
    expect(ready.json).toMatchObject({ ready: true, differenceCounts: { added: 5, refused: 0 } });
    const applied = await api.ask('POST /imports/{id}/apply', { as: organiser, id: json.id, body: {} });
    expect(applied).toMatchObject({ status: 200, json: { slug: ownSlug, differenceCounts: { added: 5 } } });
    // A new event is a draft: nobody else sees it, and its organiser may import again.
    expect((await api.ask('GET /events/{slug}', { slug: ownSlug })).status).toBe(404);
    const again = await api.ask('POST /events/{slug}/imports', {
      as: organiser,
      slug: ownSlug,
      body: example('pretalx-rooms-one-guid.json'),
      query: { fileName: 'schedule.json' },
    });
    expect(again.json).toMatchObject({ ready: true, eventId: applied.json.eventId, differences: [] });
    expect((await api.ask('POST /imports/{id}/apply', { as: organiser, id: json.id, body: {} })).json.code).toBe(
      'import-not-found',
    );
  });

  it('into an event that is shown shows its Cafés at once', async () => {
    const row = 'z1;Feu;Salle X;11/05/2035;9h;10h;5';
    const { json } = await api.ask('POST /events/{slug}/imports', {
      as: organiser,
      slug,
      body: table(row),
      query: { fileName: 'a.csv' },
    });
    expect(json.differences.map(({ change, outcome }) => `${change} ${outcome}`)).toContain('removed kept');
    expect((await api.ask('POST /imports/{id}/apply', { as: organiser, id: json.id, body: {} })).status).toBe(200);
    const { cafes } = (await api.ask('GET /events/{slug}', { slug })).json;
    expect(cafes.map(({ title }) => title)).toContain('Feu');
  });

  it('is of the person who sent it, while they organise its event', async () => {
    const [other, stranger] = (await buildPeople(api.database.pool, 2)) as [string, string];
    await api.people.roles.grant(other, { role: 'organiser', eventId });
    const { json } = await api.ask('POST /events/{slug}/imports', {
      as: other,
      slug,
      body: table('a;A;S;11/05/2035;9h;10h;5'),
      query: { fileName: 'a.csv' },
    });
    for (const as of [organiser, stranger]) {
      expect((await api.ask('GET /imports/{id}', { as, id: json.id })).json.code).toBe('import-not-found');
      expect((await api.ask('POST /imports/{id}/apply', { as, id: json.id, body: {} })).json.code).toBe(
        'import-not-found',
      );
    }
    expect((await sendNew(table('a;A;S;11/05/2035;9h;10h;5'), stranger)).json.code).toBe('not-allowed');
  });
});

describe('a file that cannot be read', () => {
  it('is told why in the language asked for', async () => {
    const scan = new Blob([Buffer.from('89504e470d0a1a0a', 'hex')]);
    expect(await sendNew(scan)).toMatchObject({
      status: 422,
      json: { code: 'file-unreadable', detail: expect.stringContaining('This kind of file is not read') },
    });
    const bomb = new Blob(['<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "a">]><schedule/>']);
    const french = await api.ask('POST /imports', {
      as: organiser,
      body: bomb,
      query: { fileName: 'x' },
      locale: 'fr',
    });
    expect(french.json.detail).toContain('des entités');
  });

  it('of 100 MB is refused by its length, before it is sent', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(`${api.url}/api/v1/imports?fileName=x`, {
        method: 'POST',
        headers: {
          cookie: api.cookieOf(organiser),
          'content-type': 'application/octet-stream',
          'content-length': 100_000_000,
        },
      });
      sent.on('response', (response) => resolve(response.statusCode)).on('error', reject);
      sent.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('of no given length is refused at the byte that is too many, and by people who may not send it before it is read', async () => {
    const chunks = async function* () {
      for (let count = 0; count < 11; count++) yield Buffer.alloc(1_000_000, 'a');
    };
    const send = (as: string) =>
      fetch(`${api.url}/api/v1/imports?fileName=x`, {
        method: 'POST',
        headers: { cookie: api.cookieOf(as), 'content-type': 'application/octet-stream' },
        body: ReadableStream.from(chunks()),
        duplex: 'half',
      } as unknown as RequestInit);
    expect((await send(organiser)).status).toBe(413);
    const [stranger] = (await buildPeople(api.database.pool, 1)) as [string];
    expect((await send(stranger)).status).toBe(403);
  });

  it('is not sent as JSON, and no other call takes a file', async () => {
    const json = await api.call('POST', '/imports?fileName=x', { as: organiser, body: {} });
    expect([json.status, json.json.code]).toEqual([400, 'invalid-request']);
    const headers = { 'content-type': 'application/octet-stream' };
    const other = await api.call('POST', '/sign-in', { body: 'x', headers });
    expect(other.status).toBe(415);
  });
});
