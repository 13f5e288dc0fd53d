import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callNames } from '#contract';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';

let api: TestApi;
let cafeId: string;
let organiser: string;
beforeAll(async () => {
  api = await startTestApi();
  const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 5 }]);
  cafeId = cafeIds[0] as string;
  [organiser] = (await buildPeople(api.database.pool, 1)) as [string];
  await api.people.roles.grant(organiser, { role: 'organiser', eventId });
});
afterAll(() => api?.stop());

interface Raw {
  status: number;
  type: string;
  body: string;
}

/** Sends a request that a correct client would not send: the path and the headers are sent unchanged. */
function send(
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string } = {},
): Promise<Raw> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: options.headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode as number, type: answer.headers['content-type'] ?? '', body }),
      );
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const json = { 'content-type': 'application/json' };

describe('bad input', () => {
  it.each([
    ['no JSON', 'POST', '/sign-in', { headers: json, body: '{' }, 400, 'invalid-request'],
    [
      'a prototype key',
      'POST',
      '/sign-in',
      { headers: json, body: '{"__proto__":{"a":1},"email":"a@b.org"}' },
      400,
      'invalid-request',
    ],
    [
      'a key too many',
      'POST',
      '/sign-in',
      { headers: json, body: '{"email":"a@b.org","admin":true}' },
      400,
      'invalid-request',
    ],
    ['no body', 'POST', '/sign-in', {}, 400, 'invalid-request'],
    [
      'a body of many levels',
      'POST',
      '/sign-in',
      { headers: json, body: `${'['.repeat(33)}${']'.repeat(33)}` },
      400,
      'invalid-request',
    ],
    ['a file of another folder', 'GET', '/docs/assets/../x', {}, 404, 'not-found'],
    [
      'another media type',
      'POST',
      '/sign-in',
      { headers: { 'content-type': 'text/plain' }, body: 'a' },
      415,
      'unsupported-media-type',
    ],
    [
      'a body too large',
      'POST',
      '/sign-in',
      { headers: json, body: `"${'a'.repeat(70_000)}"` },
      413,
      'payload-too-large',
    ],
    ['a path that is not there', 'GET', '/nothing', {}, 404, 'not-found'],
    ['a slash behind a path that is there', 'GET', '/events/', {}, 404, 'not-found'],
    ['a slash behind an id', 'GET', '/cafes/0199a0f3-7c1b-7d3e-8f00-0123456789ab/', {}, 404, 'not-found'],
    ['a method that is not there', 'PUT', '/sign-in', {}, 405, 'method-not-allowed'],
    ['an id that is none', 'GET', '/cafes/1', {}, 400, 'invalid-request'],
    ['broken percent-encoding', 'GET', '/cafes/%E0%A4%A', {}, 400, 'invalid-request'],
    ['a NUL in the path', 'GET', '/events/%00', {}, 400, 'invalid-request'],
    ['a parameter too long', 'GET', `/cafes/${'a'.repeat(300)}`, {}, 400, 'invalid-request'],
  ] as const)('%s is a problem of its own', async (_, method, path, options, status, code) => {
    const answer = await send(method, `/api/v1${path}`, options);
    expect([answer.status, answer.type]).toEqual([status, expect.stringMatching(/^application\/problem\+json/)]);
    expect(JSON.parse(answer.body)).toMatchObject({ code, status });
  });

  it('is answered with the path of each error, in the requested language', async () => {
    const body = { name: 'Ada\u0000', email: 'nobody' };
    const french = await api.ask('POST /cafes/{id}/registrations', { id: cafeId, body });
    expect(french.json).toMatchObject({ title: 'Demande invalide', errors: [{ path: 'name' }, { path: 'email' }] });
    const english = await api.ask('POST /cafes/{id}/registrations', { id: cafeId, locale: 'en', body });
    expect(english.json.title).toBe('Invalid request');
  });

  it('that is not JSON is answered with a problem that requires JSON', async () => {
    for (const [path, body] of [
      ['/sign-in', '{"email":'],
      [`/cafes/${cafeId}/registrations`, '{'],
      ['/sign-in', '{"__proto__":{}}'],
    ] as const) {
      const { json } = await api.call('POST', path, { body });
      expect([path, json.code, json.errors]).toEqual([
        path,
        'invalid-request',
        [{ path: '', message: 'must be JSON' }],
      ]);
    }
  });

  it.each(['claims', 'walk-ins', 'delegations'])(
    'is refused if the body has too many levels, with an Idempotency-Key: %s',
    async (call) => {
      const deep = 30_000;
      for (const body of [
        `${'['.repeat(deep)}${']'.repeat(deep)}`,
        `{"a":"]}]}",${'"b":{"b":['.repeat(3_000)}1${']}'.repeat(3_000)}}`,
        '['.repeat(deep),
      ]) {
        const path = `/cafes/${cafeId}/${call === 'claims' ? 'registrations' : call}`;
        const answer = await api.call('POST', path, { as: organiser, body, headers: { 'idempotency-key': 'deep' } });
        expect([answer.status, answer.json.code]).toEqual([400, 'invalid-request']);
      }
      // Brackets within a string are not nesting.
      const text = '['.repeat(100);
      const { json } = await api.ask('POST /sign-in', { body: { email: text } });
      expect(json.errors).toEqual([
        { path: 'email', fault: 'no-address', message: expect.not.stringContaining('levels') },
      ]);
    },
  );

  it('with an unsupported method is answered with the methods of the path in Allow', async () => {
    const allowed = async (method: string, path: string) => (await api.call(method, path)).headers.get('allow');
    expect(await allowed('PUT', '/events')).toBe('GET, HEAD, POST');
    expect(await allowed('PUT', '/me')).toBe('GET, HEAD, PATCH, DELETE');
    expect(await allowed('GET', '/sign-in')).toBe('POST');
  });

  it('from a page of another site is refused', async () => {
    const foreign = { ...json, origin: 'https://elsewhere.example' };
    const answer = await send('POST', '/api/v1/sign-in', { headers: foreign, body: '{"email":"a@b.org"}' });
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([403, 'not-allowed']);
  });

  it('never causes a 5xx: any path, header and body', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('\u0000', '\ud800', '__proto__', 'constructor', '../..', "' or 1=1", '0'.repeat(500)),
    );
    const segment = fc.oneof(
      text.map((value) => encodeURIComponent(value.toWellFormed())),
      fc.string({ maxLength: 20 }).map((value) => value.replace(/[^!-~]|[?#]/g, '%')),
      fc.constantFrom(cafeId, organiser, '%00', '%', '%2e%2e%2f', '%c0%af', 'a'.repeat(250)),
    );
    const header = fc.oneof(
      fc.string({ maxLength: 80 }).map((value) => value.replace(/[^ -~]/g, 'x')),
      fc.constantFrom(
        'comptoir_session=%',
        'comptoir_session=e30.x',
        'comptoir_session=__proto__',
        ';;=;',
        '9'.repeat(3000),
      ),
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'name',
          'email',
          'locale',
          'code',
          'token',
          'ticket',
          'cafeId',
          'registrationId',
          'capacity',
          'state',
          '__proto__',
        ),
        fc.oneof(text, fc.integer(), fc.constant('a@example.org'), fc.constant(null), fc.constant(cafeId)),
      ),
    );
    const body = fc.oneof(
      value.map((each) => JSON.stringify(each)),
      text,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...callNames),
        segment,
        fc.option(body, { nil: undefined }),
        fc.record({
          cookie: header,
          language: header,
          key: header,
          type: fc.constantFrom('application/json', 'application/json; charset=x', 'text/html', ''),
        }),
        fc.boolean(),
        async (call, parameter, sent, headers, signedIn) => {
          const [method, path] = call.split(' ') as [string, string];
          const answer = await send(method, `/api/v1${path.replace(/\{\w+\}/, () => parameter)}`, {
            headers: {
              ...(sent !== undefined && { 'content-length': String(Buffer.byteLength(sent)) }),
              'content-type': headers.type,
              cookie: signedIn ? api.cookieOf(organiser) : headers.cookie,
              'accept-language': headers.language,
              'idempotency-key': headers.key,
            },
            body: sent,
          });
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) expect(answer.type).toMatch(/^application\/problem\+json/);
        },
      ),
      { numRuns: 600 },
    );
  });
});
