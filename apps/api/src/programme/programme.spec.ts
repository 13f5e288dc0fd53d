import { readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Cafe, EventProgramme } from '#contract';
import { demonstrationProgramme, loadProgramme, type ProgrammeDocument } from '#programme';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildPeople } from '../../../../test/support/build.ts';
import { openSeats, type Seats } from '../../../../test/support/seats.ts';
import { FRESH_MS } from './versioned-value.ts';

let api: TestApi;
/** Changes seats in another process: this API gets no notice. */
let elsewhere: Seats;
let document: ProgrammeDocument;
let programme: EventProgramme;

beforeAll(async () => {
  api = await startTestApi();
  elsewhere = openSeats({ database: api.database, holdTtlMinutes: 30 });
  document = demonstrationProgramme(JSON.parse(readFileSync('prisma/programme/raict-2024.json', 'utf8')), new Date());
  await loadProgramme(api.database, document);
  programme = (await api.ask('GET /events/{slug}', { slug: 'raict-2024' })).json;
});

afterAll(() => api.stop());

/** After this call, no earlier answer is returned. */
const outOfDate = () => sleep(FRESH_MS + 1);

/** Returns the answer as it is sent, with the encodings that a client accepts. */
function raw(path: string, headers: Record<string, string>) {
  return new Promise<{ encoding: string | undefined; tag: string | undefined; bytes: Buffer; status?: number }>(
    (resolve, reject) => {
      http
        .get(`${api.url}/api/v1${path}`, { headers }, (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => {
            const { 'content-encoding': encoding, etag: tag } = answer.headers;
            resolve({ encoding, tag, bytes: Buffer.concat(parts), status: answer.statusCode });
          });
        })
        .on('error', reject);
    },
  );
}

describe('the programme of an event', () => {
  it('is sent in the best encoding that the client accepts, with the same tag', async () => {
    const path = '/events/raict-2024?locale=en';
    const plain = await raw(path, {});
    expect(plain.encoding).toBeUndefined();
    const taken = [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ] as const;
    for (const [header, encoding, decompress] of taken) {
      const compressed = await raw(path, { 'accept-encoding': header });
      expect([header, compressed.encoding, compressed.tag]).toEqual([header, encoding, plain.tag]);
      expect(compressed.bytes.length).toBeLessThan(plain.bytes.length / 2);
      expect(decompress(compressed.bytes)).toEqual(plain.bytes);
    }
    const known = await raw(path, { 'accept-encoding': 'br', 'if-none-match': String(plain.tag) });
    expect([known.status, known.bytes.length]).toEqual([304, 0]);
  });

  it('shows what this process committed, in the next answer', async () => {
    const { id } = programme.cafes[0] as Cafe;
    const [organiser = ''] = await buildPeople(api.database.pool, 1);
    await api.people.roles.grant(organiser, { role: 'organiser', eventId: programme.id });
    // The time does not advance, so that only the commit can expire the cached answer.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    try {
      const state = async () => (await api.ask('GET /events/{slug}', { slug: 'raict-2024' })).json.cafes[0]?.state;
      expect(await state()).toBe('open');
      await api.ask('PATCH /cafes/{id}', { as: organiser, id, body: { state: 'closed' } });
      expect(await state()).toBe('closed');
      expect((await api.ask('GET /cafes/{id}', { id })).json.state).toBe('closed');
    } finally {
      clock.mockRestore();
    }
    await api.ask('PATCH /cafes/{id}', { as: organiser, id, body: { state: 'open' } });
  });

  it('shows what another process committed, within a tenth of a second', async () => {
    const { id } = programme.cafes[0] as Cafe;
    for (const state of ['closed', 'open'] as const) {
      await elsewhere.cafes.changeCafe(id, { state });
      await outOfDate();
      expect((await api.ask('GET /events/{slug}', { slug: 'raict-2024' })).json.cafes[0]?.state).toBe(state);
      expect((await api.ask('GET /cafes/{id}', { id })).json.state).toBe(state);
    }
  });

  it('shows the contacts of a Café that has some', async () => {
    const { cafes } = (await api.call('GET', '/events/raict-2024')).json;
    const contactsOf = (code: string) => cafes.find((each: Cafe) => each.code === code).contacts;
    expect(contactsOf('DCOL')).toEqual(document.cafes.find(({ code }) => code === 'DCOL')?.contacts);
    expect(contactsOf('DCOL')[0]).toHaveProperty('email');
    expect(contactsOf('1')).toBeUndefined();
  });

  it('shows a programme that was loaded again, within a tenth of a second', async () => {
    const changed = structuredClone(document);
    Object.assign(changed.cafes[1]?.texts.en as object, { title: 'Another title' });
    (changed.rooms[0] as ProgrammeDocument['rooms'][number]).name = 'Salle Autre';
    changed.event.title.en = 'Other meetings';
    await loadProgramme(api.database, changed);
    await outOfDate();
    const { json } = await api.ask('GET /events/{slug}', { slug: 'raict-2024', locale: 'en' });
    expect([json.title, json.rooms[0]?.name]).toEqual(['Other meetings', 'Salle Autre']);
    expect(json.cafes.find(({ code }) => code === changed.cafes[1]?.code)?.title).toBe('Another title');
    const events = (await api.ask('GET /events', { locale: 'en' })).json;
    expect(events.map(({ title }: { title: string }) => title)).toContain('Other meetings');
  });

  it('is found by another slug as soon as it has it', async () => {
    const { pool } = api.database;
    await pool.query(`update event set slug = 'raict-again' where slug = 'raict-2024'`);
    await outOfDate();
    expect((await api.ask('GET /events/{slug}', { slug: 'raict-2024' })).json.code).toBe('event-not-found');
    expect((await api.ask('GET /events/{slug}', { slug: 'raict-again' })).json.id).toBe(programme.id);
    await pool.query(`update event set slug = 'raict-2024' where slug = 'raict-again'`);
    await outOfDate();
    expect((await api.ask('GET /events/{slug}', { slug: 'raict-2024' })).json.id).toBe(programme.id);
  });
});

describe('an unknown address', () => {
  it.each([
    ['/events/none', 404, 'event-not-found'],
    ['/events/NO SLUG', 400, 'invalid-request'],
    [`/events/${'x'.repeat(300)}`, 400, 'invalid-request'],
    ['/cafes/x', 400, 'invalid-request'],
    ['/cafes/01a20b7e-760b-743e-bc7b-1c99d05743ad', 404, 'cafe-not-found'],
  ])('%s', async (path, status, code) => {
    expect(await api.call('GET', path)).toMatchObject({ status, json: { code } });
  });

  it('is answered with the list of supported methods', async () => {
    const { status, headers, json } = await api.call('PUT', '/events/raict-2024', { body: {} });
    expect([status, json.code, headers.get('allow')]).toEqual([405, 'method-not-allowed', 'GET, HEAD, PATCH, DELETE']);
  });
});

describe('a Café', () => {
  it('is not found while it is a draft', async () => {
    const { id } = programme.cafes[2] as Cafe;
    const status = async () => (await api.ask('GET /cafes/{id}', { id })).status;
    expect(await status()).toBe(200);
    await elsewhere.cafes.changeCafe(id, { state: 'draft' });
    await outOfDate();
    expect(await status()).toBe(404);
    await elsewhere.cafes.changeCafe(id, { state: 'open' });
    await outOfDate();
    expect(await status()).toBe(200);
  });
});
