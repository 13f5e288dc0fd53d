import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Cafe, callNames, routeOf } from '#contract';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { waitFor } from '../../../test/support/index.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

describe('the programme', () => {
  it('is answered in the requested language, without drafts', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 2, state: 'draft' },
    ]);
    const events = (await api.ask('GET /events')).json as { id: string; slug: string }[];
    const slug = events.find(({ id }) => id === eventId)?.slug;
    const french = await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'de, fr;q=0.5' } });
    const english = await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'en-GB,en;q=0.9' } });
    expect([french.json.title, english.json.title]).toEqual(['Rencontres', 'Meetings']);
    expect(french.json.cafes.map(({ id }: { id: string }) => id)).toEqual([cafeIds[0]]);
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[1] })).json.code).toBe('cafe-not-found');
    const tag = String(english.headers.get('etag'));
    const statusFor = async (known: string) =>
      (await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'en', 'if-none-match': known } }))
        .status;
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, `${tag},"other"`, '*']) {
      expect([known, await statusFor(known)]).toEqual([known, 304]);
    }
    for (const known of ['"other"', String(french.headers.get('etag'))]) expect(await statusFor(known)).toBe(200);
    const seats = await api.ask('GET /rooms/{id}/seats', { id: roomIds[0] });
    expect(seats.json).toMatchObject({ roomId: roomIds[0], cafes: [{ cafeId: cafeIds[0], capacity: 2, free: 2 }] });
  });
});

describe('an answer', () => {
  it('has a Vary header for the language if it depends on the language', async () => {
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

  it('to HEAD has the headers of the answer to GET', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    for (const path of ['/events', `/cafes/${cafeIds[0]}`, '/client-config', '/me']) {
      const [head, get] = [await api.call('HEAD', path), await api.call('GET', path)];
      // Except the header about the connection, which this client closes after a HEAD.
      const isStable = ([name]: [string, string]) => !['date', 'connection', 'keep-alive'].includes(name);
      const shared = ({ status, headers }: typeof get) => [status, [...headers].filter(isStable)];
      expect(shared(head)).toEqual(shared(get));
    }
  });
});

describe('a room with fewer seats than its Cafés together', () => {
  it('is answered with each Café, as the periods that they share and the seats taken in them', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 2, startsAfterMinutes: 15 },
      { seats: 2, state: 'draft' },
      { seats: 2, startsAfterMinutes: 120 },
    ]);
    const [one, two, , later] = cafeIds as [string, string, string, string];
    await api.database.pool.query('update room set capacity = 3 where id = $1', [roomIds[0]]);
    const [person = ''] = await buildPeople(api.database.pool, 1);
    const seated = await api.ask('POST /cafes/{id}/registrations', { as: person, id: one, body: {} });
    expect(seated.status).toBe(201);
    const { rows } = await api.database.pool.query<{ slug: string }>('select slug from event where id = $1', [eventId]);
    const slug = rows[0]?.slug as string;
    const { cafes } = (await api.ask('GET /events/{slug}', { slug })).json as { cafes: Cafe[] };
    const slotsOf = (id: string) => cafes.find((cafe) => cafe.id === id)?.roomSlots;
    const both = [one, two].toSorted();
    expect(slotsOf(two)).toEqual([{ capacity: 3, taken: 1, version: expect.any(Number), cafeIds: both }]);
    expect(slotsOf(one)).toContainEqual(slotsOf(two)?.[0]);
    expect(slotsOf(later)).toBeUndefined();
    expect((await api.ask('GET /cafes/{id}', { id: one })).json.roomSlots).toEqual(slotsOf(one));
  });
});

describe('the documentation', () => {
  it('describes each call that the API answers, and no other', async () => {
    const { json } = await api.ask('GET /openapi.json');
    expect(json.openapi).toMatch(/^3\.1\./);
    const described = Object.entries(json.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...callNames].sort());
    for (const { method, path } of callNames.map(routeOf)) {
      const answer = await api.call(method, path.replace(/\{\w+\}/g, 'x'));
      expect([method, path, answer.json?.code]).not.toEqual([method, path, 'not-found']);
      expect([method, path, answer.json?.code]).not.toEqual([method, path, 'method-not-allowed']);
    }
  });

  it('lists which calls accept an Idempotency-Key, and which query parameters calls require', async () => {
    const { json } = await api.ask('GET /openapi.json');
    type Operation = { parameters: { name: string; in: string }[]; responses: Record<string, { description: string }> };
    const calls = Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ call: `${method} ${path}`, ...operation })),
    );
    const repeatable = calls.filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'));
    expect(repeatable.map(({ call }) => call).sort()).toEqual([
      'post /cafes/{id}/delegations',
      'post /cafes/{id}/duplicate',
      'post /cafes/{id}/registrations',
      'post /cafes/{id}/walk-ins',
      'post /check-ins',
      'post /events',
      'post /events/{slug}/cafes',
      'post /events/{slug}/duplicate',
      'post /events/{slug}/rooms',
      'post /me/calendar-feed',
      'post /registrations/{id}/swap',
    ]);
    for (const { responses } of repeatable) expect(responses['422']?.description).toContain('idempotency-mismatch');
    const versioned = calls.filter(({ parameters }) => parameters.some(({ name }) => name === 'If-Match'));
    expect(versioned.map(({ call }) => call)).toContain('patch /cafes/{id}');
    for (const { responses } of versioned) expect(responses['412']?.description).toBe('version-changed');
    const feed = calls.find(({ call }) => call === 'get /me/calendar.ics');
    expect(feed?.parameters).toContainEqual(expect.objectContaining({ name: 'token', in: 'query' }));
    for (const path of ['/openapi.json', '/asyncapi.json']) {
      expect(json).toHaveProperty(
        ['paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema', 'type'],
        'object',
      );
    }
  });

  it('has a page that loads no file of other origins', async () => {
    const page = await api.ask('GET /docs');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain(`script-src 'self'`);
    for (const [, file] of page.text.matchAll(/(?:src|href)="\/api\/v1([^"]+)"/g)) {
      expect((await api.call('GET', file as string)).status).toBe(200);
    }
    expect(page.text).not.toMatch(/https?:\/\//);
  });
});

describe('an outage', () => {
  it('of Redis does not stop claims, and makes the API degraded, not unavailable', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const ready = async () => {
      const answer = await fetch(`${api.url}/health/ready`);
      return { code: answer.status, ...((await answer.json()) as { status: string; parts: Record<string, string> }) };
    };
    expect(await ready()).toEqual({ code: 200, status: 'ok', parts: { database: 'ok', schema: 'ok', redis: 'ok' } });
    await api.redis.pause();
    const taken = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
    expect(taken.status).toBe(201);
    expect(await ready()).toEqual({
      code: 200,
      status: 'degraded',
      parts: { database: 'ok', schema: 'ok', redis: 'away' },
    });
    await api.redis.resume();
    await waitFor(async () => (await ready()).status === 'ok', { what: 'readiness' });
  });

  it('of the database at the start makes the API unavailable, and calls are answered with Retry-After', async () => {
    const away = await startTestApi({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    try {
      const answer = await away.ask('GET /events');
      expect(answer).toMatchObject({ status: 503, json: { code: 'unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      // It answers before it is connected to Redis.
      const readiness = await waitFor(
        async () => {
          const ready = await fetch(`${away.url}/health/ready`);
          const { status, parts } = (await ready.json()) as { status: string; parts: Record<string, string> };
          return parts.redis === 'ok' && { code: ready.status, status, parts };
        },
        { what: 'Redis to be found' },
      );
      expect(readiness).toEqual({
        code: 503,
        status: 'unavailable',
        parts: { database: 'away', schema: 'away', redis: 'ok' },
      });
    } finally {
      await away.stop();
    }
  });
});
