import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent } from '../support/build.ts';
import { type SecurityStack, startSecurityStack } from './security-stack.ts';

let stack: SecurityStack;
let slug: string;
let cafeId: string;
let owner: string;
let registrationId: string;
beforeAll(async () => {
  stack = await startSecurityStack({
    withWorker: true,
    environment: { PUBLIC_URL: 'https://comptoir.example', GATEWAY_URL: 'https://live.comptoir.example' },
  });
  const { database, people } = stack.api;
  const event = await buildEvent(database.pool, [{ seats: 5 }]);
  cafeId = event.cafeIds[0] as string;
  slug = (await database.pool.query('select slug from event where id = $1', [event.eventId])).rows[0].slug;
  await people.signInMails.createOperatorLink('lea@example.org', { ttlHours: 1 });
  owner = (await people.attendees.findByEmail('lea@example.org'))?.attendeeId as string;
  await people.roles.grant(owner, { role: 'organiser', eventId: event.eventId });
  const claimed = await stack.seats.claims.claim({ cafeId, attendeeId: owner, guest: false });
  registrationId = claimed.outcome === 'created' ? claimed.registration.id : '';
});
afterAll(() => stack?.stop());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

/** Sends a request exactly as it is written. */
function ask(
  base: string,
  method: string,
  path: string,
  options: { as?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const { as, body, headers } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path,
        agent: false,
        headers: {
          ...(as && { cookie: stack.api.cookieOf(as) }),
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
          ...headers,
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The headers that every answer of every app must have. */
function wrongHeadersOf({ headers }: Answer): string[] {
  const wrong: string[] = [];
  const wanted: Record<string, RegExp> = {
    'x-content-type-options': /^nosniff$/,
    'content-security-policy': /frame-ancestors 'none'/,
    'strict-transport-security': /^max-age=\d{8,}/,
  };
  for (const [name, pattern] of Object.entries(wanted)) {
    if (!pattern.test(String(headers[name] ?? ''))) wrong.push(`${name}: ${headers[name]}`);
  }
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) {
    if (headers[name] !== undefined) wrong.push(`${name}: ${headers[name]}`);
  }
  return wrong;
}

describe('the headers of every kind of answer', () => {
  const api = '/api/v1';
  const kinds: [string, string, () => string, (() => Parameters<typeof ask>[3])?][] = [
    ['a page', 'GET', () => '/'],
    ['a page that hosts see', 'GET', () => '/host'],
    ['the service worker', 'GET', () => '/sw.mjs'],
    ['the page of the documentation', 'GET', () => `${api}/docs`],
    ['a file of the documentation', 'GET', () => `${api}/docs/assets/swagger-ui.css`],
    ['a document of the API', 'GET', () => `${api}/openapi.json`],
    ['a list', 'GET', () => `${api}/events`],
    ['a programme that did not change', 'GET', () => `${api}/events`, () => ({ headers: { 'if-none-match': '*' } })],
    ['a head', 'HEAD', () => `${api}/events/${slug}`],
    ['a Café', 'GET', () => `${api}/cafes/${cafeId}`],
    ['a claim', 'POST', () => `${api}/cafes/${cafeId}/registrations`, () => ({ as: owner, body: '{}' })],
    ['a refused claim', 'POST', () => `${api}/cafes/${cafeId}/registrations`, () => ({ body: '{' })],
    ['a sign-in', 'POST', () => `${api}/sign-in`, () => ({ body: '{"email":"a@example.org"}' })],
    ['a refused sign-in', 'POST', () => `${api}/sign-in/verify`, () => ({ body: '{"token":"x"}' })],
    ['a sign-out', 'POST', () => `${api}/sign-out`],
    ['a path that is not there', 'GET', () => `${api}/nothing`],
    ['a page that is not there', 'GET', () => '/nothing/here'],
    ['another method', 'PUT', () => `${api}/me`],
    ['a body that is too large', 'POST', () => `${api}/sign-in`, () => ({ body: `"${'a'.repeat(70_000)}"` })],
    [
      'another media type',
      'POST',
      () => `${api}/sign-in`,
      () => ({ body: 'a', headers: { 'content-type': 'text/plain' } }),
    ],
    ['a page of another site', 'POST', () => `${api}/sign-in`, () => ({ headers: { origin: 'https://evil.example' } })],
    ['broken encoding', 'GET', () => `${api}/cafes/%E0%A4%A`],
    ['a person', 'GET', () => `${api}/me`, () => ({ as: owner })],
    ['a visitor', 'GET', () => `${api}/me`],
    ['health', 'GET', () => '/health/live'],
    ['readiness', 'GET', () => '/health/ready'],
    ['the board of the queues', 'GET', () => '/board', () => ({ as: owner })],
    ['the board for a visitor', 'GET', () => '/board'],
  ];

  it.each(kinds.map(([kind, method, path, options]) => ({ kind, method, path, options })))(
    '$kind: of the API',
    async ({ method, path, options }) => {
      const answer = await ask(stack.api.url, method, path(), options?.());
      expect([answer.status >= 500, wrongHeadersOf(answer)]).toEqual([false, []]);
    },
  );

  it.each([
    ['health', 'GET', '/health/live'],
    ['readiness', 'GET', '/health/ready'],
    ['a path that is not there', 'GET', '/nothing'],
    ['another method', 'POST', '/health/live'],
  ])('%s: of the gateway and the worker', async (_, method, path) => {
    for (const base of [stack.gatewayUrl, stack.workerUrl as string]) {
      const answer = await ask(base, method, path);
      expect([base, answer.status >= 500, wrongHeadersOf(answer)]).toEqual([base, false, []]);
    }
  });

  it.each([
    ['a handshake', '/socket.io/?EIO=4&transport=polling', {}],
    ['a handshake of another site', '/socket.io/?EIO=4&transport=polling', { origin: 'https://evil.example' }],
    ['a broken handshake', '/socket.io/?EIO=9&transport=none', {}],
  ])('%s: of the live connection', async (_, path, headers) => {
    const answer = await ask(stack.gatewayUrl, 'GET', path, { headers });
    expect([answer.status >= 500, wrongHeadersOf(answer)]).toEqual([false, []]);
  });
});

describe('answers with personal data', () => {
  const personal = [
    '/me',
    '/me/data',
    '/me/registrations',
    '/me/undelivered',
    '/me/calendar-feed',
    '/registrations/ID/receipt',
    '/registrations/ID/ticket',
    '/registrations/ID/ticket.svg',
    '/registrations/ID/ticket.pdf',
    '/registrations/ID/calendar.ics',
    '/cafes/CAFE/attendance',
    '/events/SLUG/undelivered',
  ];

  it.each(personal)('%s are stored by no cache', async (path) => {
    const filled = path.replace('ID', registrationId).replace('CAFE', cafeId).replace('SLUG', slug);
    const answer = await ask(stack.api.url, 'GET', `/api/v1${filled}`, { as: owner });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, expect.stringContaining('no-store')]);
  });

  it('include those of a claim and a sign-in', async () => {
    for (const [path, options] of [
      [`/cafes/${cafeId}/registrations`, { as: owner, body: '{}' }],
      ['/sign-in', { body: '{"email":"b@example.org"}' }],
      ['/sign-in/verify', { body: '{"email":"b@example.org","code":"000000"}' }],
    ] as const) {
      const answer = await ask(stack.api.url, 'POST', `/api/v1${path}`, options);
      expect([path, answer.headers['cache-control']]).toEqual([path, expect.stringContaining('no-store')]);
    }
  });

  it('set a cookie that no script reads, no other site sends, and no unencrypted connection carries', async () => {
    const link = new URL(await stack.api.people.signInMails.createOperatorLink('zoe@example.org', { ttlHours: 1 }));
    const body = JSON.stringify({ token: link.searchParams.get('token') });
    const answer = await ask(stack.api.url, 'POST', '/api/v1/sign-in/verify', { body });
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/(?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=Lax)/);
  });
});

describe('an installation behind https', () => {
  it.each(['http://comptoir.example', 'http://127.0.0.1', 'null', 'https://comptoir.example.evil.org'])(
    'does not take writes and connections from %s',
    async (origin) => {
      const { status } = await ask(stack.api.url, 'POST', '/api/v1/sign-out', { headers: { origin } });
      const { port } = new URL(stack.api.url);
      const own = await ask(stack.api.url, 'POST', '/api/v1/sign-out', {
        headers: { origin: `http://127.0.0.1:${port}` },
      });
      expect([status, own.status]).toEqual([403, 403]);
      await expect(stack.connect(undefined, { origin })).rejects.toThrow();
    },
  );
});
