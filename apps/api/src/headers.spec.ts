import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callNames, declarationOf, NO_BODY, routeOf } from '#contract';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';

let api: TestApi;
let parameters: Record<string, string>;
let organiser: string;
/** Another attendee, whom the calls below do not erase. */
let other: string;
beforeAll(async () => {
  api = await startTestApi({ PUBLIC_URL: 'https://cafes.example', GATEWAY_URL: 'https://live.cafes.example' });
  const { pool } = api.database;
  const { eventId, cafeIds, roomIds } = await buildEvent(pool, [{ seats: 5 }]);
  [organiser, other] = (await buildPeople(pool, 2)) as [string, string];
  for (const each of [organiser, other]) await api.people.roles.grant(each, { role: 'organiser', eventId });
  await api.people.roles.grantOwner(other);
  const { json } = await api.ask('POST /cafes/{id}/registrations', { as: organiser, id: cafeIds[0], body: {} });
  const { rows } = await pool.query('select slug from event where id = $1', [eventId]);
  parameters = {
    '/events/{slug}': rows[0].slug,
    '/events/{id}': eventId,
    '/cafes/{id}': cafeIds[0] as string,
    '/rooms/{id}': roomIds[0] as string,
    '/registrations/{id}': json.id,
    '/check-ins/{registrationId}': json.id,
  };
});
afterAll(() => api?.stop());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

/** Sends a request unchanged, because `fetch` would normalise its path. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      { hostname, port, method, path, headers: { ...headers, ...length }, agent: false },
      (answer) => {
        answer.resume().on('end', () => resolve({ status: answer.statusCode as number, headers: answer.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const pathOf = (path: string) =>
  `/api/v1${path.replace(/^\/[\w-]+\/\{\w+\}/, (start) => `${start.replace(/\{.*/, '')}${parameters[start]}`)}`.replace(
    /\{\w+\}/g,
    parameters['/registrations/{id}'] as string,
  );

/** The calls whose answers are the same for all clients. */
const PUBLIC = new Set([
  '/client-config',
  '/openapi.json',
  '/asyncapi.json',
  '/docs',
  '/docs/live',
  '/docs/start.js',
  '/events',
  '/events/{slug}',
  '/events/{slug}/changes',
  '/events/{slug}/programme.ics',
  '/events/{slug}/schedule.json',
  '/events/{slug}/schedule.xml',
  '/cafes/{id}',
  '/rooms/{id}/seats',
  '/ticket-keys',
]);

function expectSecured(what: string, { headers }: Answer): void {
  expect([what, headers]).toEqual([
    what,
    expect.objectContaining({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=31536000',
      'content-security-policy': expect.stringMatching(/default-src '(none|self)'.*frame-ancestors 'none'/),
    }),
  ]);
}

function expectProblem(what: string, answer: Answer): void {
  expectSecured(what, answer);
  expect([what, answer.headers]).toEqual([
    what,
    expect.objectContaining({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
      'cache-control': 'no-store',
    }),
  ]);
}

describe('each call', () => {
  // The calls that end the session and the registration are last, because the other calls need both.
  const ends = (name: string) => Number(name.startsWith('DELETE'));
  const inOrder = [...callNames].sort((one, other) => ends(one) - ends(other));

  it.each(inOrder)('has the right cache-control for each kind of its answers: %s', async (what) => {
    const { method, path: declared } = routeOf(what);
    const { answers: shapes } = declarationOf(what);
    const path = pathOf(declared);
    const json = { 'content-type': 'application/json' };
    const answers = [
      await send(method, path, { cookie: api.cookieOf(organiser), ...json }, method === 'GET' ? undefined : '{}'),
      await send(method, path, json, method === 'GET' ? undefined : '{}'),
      await send(method, path, json, '{'),
      await send(method, `${path}/x%00`),
      await send('PROPFIND', path),
      await send(method, path.replace(/[0-9a-f]{8}-/, 'not-an-id-'), { cookie: api.cookieOf(organiser) }),
      await send(method, path, { ...json, origin: 'https://elsewhere.example' }, '{}'),
    ];
    for (const answer of answers) {
      if (answer.status >= 400) {
        expectProblem(what, answer);
        continue;
      }
      expectSecured(what, answer);
      const cached = method === 'GET' && PUBLIC.has(declared) ? /^(no-cache|public, max-age=300)$/ : /^no-store$/;
      expect([what, answer.headers['cache-control']]).toEqual([what, expect.stringMatching(cached)]);
      const given = shapes[answer.status as 200];
      const type = typeof given === 'string' ? given : 'application/json';
      if (given && given !== NO_BODY)
        expect([what, answer.headers['content-type']]).toEqual([what, expect.stringContaining(type)]);
    }
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });
});

describe('each other answer', () => {
  it('has the same headers: a 304, a page, a file, and an unknown path', async () => {
    const events = await send('GET', '/api/v1/events');
    const unchanged = await send('GET', '/api/v1/events', { 'if-none-match': String(events.headers.etag) });
    expect([unchanged.status, unchanged.headers['cache-control']]).toEqual([304, 'no-cache']);
    expectSecured('304', unchanged);
    for (const path of ['/', '/me', '/registrations/x', '/sign-in', '/api/v1/docs/assets/swagger-ui.css']) {
      const answer = await send('GET', path);
      expect([path, answer.status]).toEqual([path, 200]);
      expectSecured(path, answer);
    }
    for (const path of [
      '/nothing',
      '/api/v1/nothing',
      '/api/v1/docs/assets/nothing',
      '/assets/nothing.js',
      '/board/',
    ]) {
      expectProblem(path, await send('GET', path));
    }
    const board = await send('GET', '/board/', { cookie: api.cookieOf(other) });
    expect(board.status).toBe(200);
    expectSecured('the board', board);
    expect(board.headers['cache-control']).toBe('no-store');
  });

  it('has the same headers: a request that the HTTP parser refuses', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write('HELO\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    const head = answer.split('\r\n\r\n')[0]?.split('\r\n').slice(1) ?? [];
    const headers = Object.fromEntries(
      head.map((line) => {
        const [name = '', value = ''] = line.split(/: /, 2);
        return [name.toLowerCase(), value];
      }),
    );
    expectProblem('a parser error', { status: 400, headers });
  });
});

describe('a path that leads out of a folder of files', () => {
  it('is not found, in any spelling', async () => {
    const step = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2E.',
      '..%2f',
      '..%5c',
      '..\\',
      '%252e%252e',
      '',
      '%c0%ae%c0%ae',
      '....',
    );
    const folder = fc.constantFrom('/api/v1/docs/assets/', '/assets/', '/board/static/', '/');
    const file = fc.constantFrom('x', 'package.json', 'etc/passwd', 'swagger-ui.css', 'index.html', '%00');
    await fc.assert(
      fc.asyncProperty(folder, fc.array(step, { minLength: 1, maxLength: 5 }), file, async (from, steps, name) => {
        const path = from + [...steps, name].join('/');
        const headers = { cookie: api.cookieOf(other) };
        const answer = await send('GET', path, headers);
        // A path that resolves within the folder may be a file or a page for all clients.
        const served = /^(text\/(html|css|javascript)|application\/(javascript|json|manifest\+json))/;
        if (answer.status === 200)
          expect([path, answer.headers['content-type']]).toEqual([path, expect.stringMatching(served)]);
        else expect([path, [400, 404].includes(answer.status) ? '' : answer.status]).toEqual([path, '']);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the origin of a write', () => {
  const from = (origin: string) =>
    send('POST', '/api/v1/sign-out', { origin, host: 'cafes.example', 'content-type': 'application/json' }, '{}');

  it('is exactly the origin of the installation', async () => {
    expect((await from('https://cafes.example')).status).toBe(204);
    for (const origin of [
      'http://cafes.example',
      'https://cafes.example:8443',
      'https://live.cafes.example',
      'https://cafes.example.evil.example',
      'http://localhost:3000',
      'null',
      '',
    ]) {
      expect([origin, (await from(origin)).status]).toEqual([origin, 403]);
    }
  });
});
