import { request } from 'node:http';
import { WebSocket } from 'ws';
import { type CallName, callNames, clientMessages, declarationOf, routeOf } from '#contract';
import { type Json, schemaOf } from '../../apps/api/src/docs/json-schema.ts';
import { pick, type Random, randomOf } from '../faults/random.ts';
import { buildPeople } from '../support/build.ts';
import { buildScene, roles, type Scene } from './roles.ts';
import { type SecurityStack, untilKnown } from './security-stack.ts';

/** The time after which an answer counts as a hang, in milliseconds. */
const ANSWER_WITHIN_MS = 15_000;
/** The number of calls after which another event is built, because calls close and cancel its Cafés. */
const ROUND = 500;
/** The number of requests that run at the same time. */
const AT_ONCE = 8;

export interface FuzzOptions {
  seed: number;
  /** The number of calls. The number of live messages is a tenth of it. */
  count: number;
}

/**
 * Sends random calls and live messages, in every role. They are made of values that the schemas of the contract allow, and of hostile
 * values. The same seed sends the same requests.
 * @returns the violations, a line each: a 5xx, an error that is no problem document, a hang, an ended process, or a change of other
 *   people's data
 */
export async function fuzz(stack: SecurityStack, { seed, count }: FuzzOptions): Promise<string[]> {
  const random = randomOf(seed);
  const violations: string[] = [];
  for (let left = count; left > 0; left -= ROUND)
    violations.push(...(await fuzzRound(stack, random, Math.min(left, ROUND))));
  return violations;
}

async function fuzzRound(stack: SecurityStack, random: Random, count: number): Promise<string[]> {
  const world = await buildFuzzWorld(stack);
  const violations: string[] = [];
  const before = await othersState(stack, world);

  const calls = Array.from({ length: count }, () => randomCall(random, world, stack));
  const send = async () => {
    for (let call = calls.pop(); call; call = calls.pop()) {
      const violation = await sendCall(stack, call);
      if (violation) violations.push(violation);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  violations.push(...(await fuzzLive(stack, random, world, Math.ceil(count / 10))));
  violations.push(...(await sendFrames(stack, random, Math.ceil(count / 50))));

  for (const base of [stack.api.url, stack.gatewayUrl]) {
    const { status } = await fetch(`${base}/health/ready`);
    if (status !== 200) violations.push(`${base} is not ready afterwards: ${status}`);
  }
  const after = await othersState(stack, world);
  if (after !== before) violations.push(`what belongs to others changed: ${firstDifference(before, after)}`);
  return violations;
}

interface FuzzWorld {
  scene: Scene;
  /** An event in which no role of the fuzzer has a right or a seat. */
  others: Scene & { attendeeIds: string[] };
  /** Attendees who may be erased, each by one call. */
  disposable: string[];
  /** Ids, slugs and addresses that exist. */
  known: string[];
  actors: (string | undefined)[];
}

async function buildFuzzWorld(stack: SecurityStack): Promise<FuzzWorld> {
  const { database, people } = stack.api;
  const scene = await buildScene(database, people);
  const others = await buildScene(database, people);
  const attendeeIds = [others.ownerId, ...(await buildPeople(database.pool, 3))];
  const registrations: string[] = [];
  for (const [event, ids] of [
    [scene, [scene.ownerId]],
    [others, attendeeIds],
  ] as const) {
    for (const attendeeId of ids) {
      const claimed = await stack.seats.claims.claim({ cafeId: event.cafeId, attendeeId, guest: false });
      if (claimed.outcome === 'created') registrations.push(claimed.registration.id);
    }
  }
  await untilKnown(stack, others.eventId);
  const of = ({ eventId, slug, cafeId, otherCafeId, roomId, ownerId }: Scene) => [
    eventId,
    slug,
    cafeId,
    otherCafeId,
    roomId,
    ownerId,
  ];
  const { rows } = await database.pool.query<{ email: string }>('select email from attendee where id = any ($1)', [
    [scene.ownerId],
  ]);
  return {
    scene,
    others: { ...others, attendeeIds },
    known: [...of(scene), ...of(others), ...registrations, ...rows.map(({ email }) => email)],
    disposable: await buildPeople(database.pool, 100),
    actors: await Promise.all(roles.map((role) => scene.actor(role))),
  };
}

/** The data of the attendees and the event that no role of the fuzzer may change. */
async function othersState(stack: SecurityStack, { others }: FuzzWorld): Promise<string> {
  const { rows } = await stack.api.database.pool.query(
    `select
       (select json_agg(a order by a.id) from attendee a where a.id = any ($2)) as people,
       (select json_agg(r order by r.id) from registration r where r.attendee_id = any ($2)) as registrations,
       (select json_agg(c order by c.id) from cafe c where c.event_id = $1) as cafes,
       (select json_agg(json_build_array(s.cafe_id, s.capacity, s.state, s.waitlist_open) order by s.cafe_id)
        from cafe_seats s join cafe c on c.id = s.cafe_id where c.event_id = $1) as seats,
       (select json_agg(g order by g.id) from role_grant g where g.event_id = $1) as roles,
       (select count(*) from audit_log where what = 'role-granted') as granted,
       (select json_agg(e order by e.id) from event e where e.id = $1) as event`,
    [others.eventId, others.attendeeIds],
  );
  return JSON.stringify(rows[0]);
}

function firstDifference(one: string, other: string): string {
  let at = 0;
  while (one[at] === other[at]) at++;
  return `${one.slice(Math.max(0, at - 60), at + 60)} → ${other.slice(Math.max(0, at - 60), at + 60)}`;
}

const NUL = '\u0000';

/** Texts that programs often misread. */
const hostileTexts = [
  '',
  ' ',
  NUL,
  `a${NUL}b`,
  '\ud800',
  'x\udfff@example.org',
  '\u202eevil',
  '\r\nBcc: a@example.org',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%00',
  '%2e%2e%2f',
  "' or 1=1 --",
  '{{7*7}}',
  '<script>alert(1)</script>',
  'https://evil.example/',
  '//evil.example',
  '/\t/evil.example',
  '=1+1',
  '99999999-9999-9999-9999-999999999999',
  '00000000-0000-0000-0000-000000000000',
  '275760-09-13T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:00Z',
  '0000-01-01T00:00:00Z',
  'é'.repeat(500),
  'a'.repeat(5_000),
];
const hostileNumbers = [0, -1, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 1e21, -0];

function hostileValue(random: Random): unknown {
  const kinds: (() => unknown)[] = [
    () => pick(random, hostileTexts),
    () => pick(random, hostileNumbers),
    () => pick(random, [null, true, false]),
    () => [],
    () => ({}),
    () => deep(pick(random, [10, 300, 2_000])),
    () => Array.from({ length: 500 }, () => null),
    () => ({ length: 3, toJSON: 1, constructor: { prototype: { admin: true } } }),
  ];
  return pick(random, kinds)();
}

function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

/** A value that a JSON schema allows. Sometimes a hostile value replaces a part of it. */
function madeOf(schema: Json, random: Random, known: string[], hostility: number): unknown {
  if (random() < hostility) return hostileValue(random);
  const madeOfInner = (inner: unknown) => madeOf(inner as Json, random, known, hostility);
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (choices) return madeOfInner(pick(random, choices));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return pick(random, schema.enum as unknown[]);
  switch (schema.type) {
    case 'object': {
      const required = new Set(schema.required as string[] | undefined);
      const parts = Object.entries((schema.properties ?? {}) as Record<string, Json>)
        .filter(([name]) => required.has(name) || random() < 0.6)
        .map(([name, inner]) => [name, madeOfInner(inner)] as const);
      const extra = random() < hostility ? [[pick(random, hostileTexts), hostileValue(random)] as const] : [];
      return Object.fromEntries([...parts, ...extra]);
    }
    case 'array':
      return Array.from({ length: Math.floor(random() * 4) }, () => madeOfInner(schema.items ?? {}));
    case 'integer':
    case 'number':
      return pick(random, [1, 2, 3, 24, ...hostileNumbers]);
    case 'boolean':
      return random() < 0.5;
    case 'string':
      return textOf(schema, random, known);
    default:
      return hostileValue(random);
  }
}

function textOf({ format }: Json, random: Random, known: string[]): string {
  if (format === 'uuid') return pick(random, known);
  if (format === 'email') return pick(random, [`fuzz-${Math.floor(random() * 1e6)}@example.org`, ...known]);
  if (format === 'date-time') return pick(random, ['2035-01-01T08:00:00Z', '2035-01-01T09:00:00Z']);
  return pick(random, ['Ada Lovelace', '123456', 'fr', ...known, ...hostileTexts]);
}

const oddPaths = [
  '/api/v1/docs/assets/../x',
  '/api/v1/docs/assets/%2e%2e/x',
  '/api/v1/docs/assets/..%2f..%2fpackage.json',
  '/api/v1/docs/assets/%00',
  '/assets/../../package.json',
  '/..%2f..%2fetc/passwd',
  '//evil.example/%2f..',
  '/sign-in?next=/%09/evil.example',
  '/board/../api/v1/me',
  '/board/api/queues?activeQueue=__proto__',
  '/health/../metrics',
  '/events/%E0%A4%A',
  '/cafes/%00',
];

const oddBodies = [
  '{',
  '[',
  '"',
  '{"a":1,"a":2}',
  '{"__proto__":{"admin":true}}',
  NUL,
  '1e999',
  '['.repeat(30_000) + ']'.repeat(30_000),
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
];

interface RawCall {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** The bodies of calls and messages as JSON schemas, each made once. */
const schemas = new Map<unknown, Json>();
function jsonSchema(schema: Parameters<typeof schemaOf>[0]): Json {
  const known = schemas.get(schema) ?? schemaOf(schema, 'input');
  schemas.set(schema, known);
  return known;
}

function randomCall(random: Random, world: FuzzWorld, stack: SecurityStack): RawCall {
  const name = pick(random, callNames);
  const erases = name === 'DELETE /me';
  const actor = erases ? world.disposable.pop() : pick(random, world.actors);
  const body = bodyOf(name, random, world.known);
  const headers: Record<string, string> = {};
  if (body !== undefined || random() < 0.1)
    headers['content-type'] = random() < 0.95 ? 'application/json' : 'text/html';
  if (actor && random() < 0.9) headers.cookie = stack.api.cookieOf(actor);
  else if (random() < 0.3) headers.cookie = `comptoir_session=${header(random)}`;
  for (const name of ['idempotency-key', 'accept-language', 'if-none-match', 'x-forwarded-for', 'claim-token']) {
    if (random() < 0.2) headers[name] = header(random);
  }
  const method = random() < 0.97 ? routeOf(name).method : pick(random, ['PUT', 'OPTIONS', 'HEAD', 'TRACE']);
  const path = random() < 0.02 ? pick(random, oddPaths) : pathOf(name, random, world.known);
  return { method, path, headers, body };
}

function bodyOf(name: CallName, random: Random, known: string[]): string | undefined {
  const { body } = declarationOf(name);
  if (!body) return name.startsWith('GET') || random() < 0.8 ? undefined : text(hostileValue(random));
  if (random() < 0.03) return pick(random, oddBodies);
  // Half of the bodies are valid, so that the code after the validation runs too.
  return text(madeOf(jsonSchema(body), random, known, pick(random, [0, 0, 0.05, 0.3])));
}

/** A value as JSON. Lone surrogates stay escaped. Some JSON is invalid in ways that a library would not write. */
function text(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function header(random: Random): string {
  return pick(random, [
    '',
    '*',
    'a'.repeat(3_000),
    '__proto__',
    '%',
    'W/"x"',
    '::ffff:1.2.3.4',
    '1.2.3.4:99999',
    'e30.x',
    ';;=',
    '\u00e9\u00ff',
  ]);
}

function pathOf(name: CallName, random: Random, known: string[]): string {
  const filled = routeOf(name).path.replace(/\{\w+\}/g, () => {
    if (random() < 0.75) return pick(random, known);
    return encodeURIComponent(pick(random, hostileTexts).toWellFormed());
  });
  const mangled: ((path: string) => string)[] = [
    (each) => `${each}?locale=${encodeURIComponent(pick(random, hostileTexts).toWellFormed())}`,
    (each) => `${each}?token=${'a'.repeat(2_000)}&token=b&__proto__[a]=b`,
    (each) => `${each}/`,
    (each) => each.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (each) => each.replace(/\//g, () => pick(random, ['/', '//', '%2f', '/./', '/x/../', '\\'])),
    (each) => `${each}%`,
    (each) => `${each}%c0%af`,
    (each) => `${each}#x`,
  ];
  return `/api/v1${random() < 0.2 ? pick(random, mangled)(filled) : filled}`;
}

/** Whether an answer is the page for an event or a Café that does not exist. */
function isPage(status: number, path: string, type: string): boolean {
  return status === 404 && !path.startsWith('/api/') && type.startsWith('text/html');
}

/** Sends a call. @returns the violation of its answer */
function sendCall(stack: SecurityStack, { method, path, headers, body }: RawCall): Promise<string | undefined> {
  const { hostname, port } = new URL(stack.api.url);
  const shownRequest = `${method} ${path.slice(0, 200)} ${(body ?? '').slice(0, 200)}`;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve) => {
    const done = (violation?: string) => resolve(violation && `${violation}: ${shownRequest}`);
    const sent = request(
      { hostname, port, method, path, headers: { ...headers, ...length }, agent: false, timeout: ANSWER_WITHIN_MS },
      (answer) => {
        const { statusCode: status = 0 } = answer;
        const type = answer.headers['content-type'] ?? '';
        answer.resume();
        answer.on('end', () => {
          // A full queue answers `busy`, with a time to retry.
          if (status >= 500 && !(status === 503 && answer.headers['retry-after'])) done(`answered ${status}`);
          else if (
            status >= 400 &&
            method !== 'HEAD' &&
            !type.startsWith('application/problem+json') &&
            !isPage(status, path, type)
          )
            done(`answered ${status} as ${type}`);
          else done();
        });
        answer.on('error', () => done('ended the answer'));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('hangs')));
    sent.on('error', (error: Error & { code?: string }) => {
      // The parser refuses some requests early, so the connection may end while the body is being sent.
      if (['EPIPE', 'ECONNRESET'].includes(error.code ?? '')) done();
      else done(error.message);
    });
    sent.end(body);
  });
}

/**
 * Sends live messages with any name and content. Each must be acknowledged, and its connection must stay open or be refused with a code.
 */
async function fuzzLive(stack: SecurityStack, random: Random, world: FuzzWorld, count: number): Promise<string[]> {
  const violations: string[] = [];
  const names = [...Object.keys(clientMessages), '__proto__', 'constructor', 'toString', '', 'room:seats'];
  const perSocket = 20;
  for (let sent = 0; sent < count; sent += perSocket) {
    const socket = await stack.connect(pick(random, world.actors));
    for (let place = 0; place < perSocket; place++) {
      const name = pick(random, names);
      const schema = Object.hasOwn(clientMessages, name)
        ? jsonSchema(clientMessages[name as keyof typeof clientMessages].message)
        : {};
      const message = madeOf(schema, random, world.known, pick(random, [0, 0.1, 0.5]));
      const answer = await socket
        .timeout(ANSWER_WITHIN_MS)
        .emitWithAck(name, message)
        .catch(() => undefined);
      // A message that is too large, or one too many, ends its connection.
      if (!socket.connected) break;
      if (!answer) violations.push(`no answer: ${name} ${text(message).slice(0, 200)}`);
      else if (answer.code === 'internal-error')
        violations.push(`internal-error: ${name} ${text(message).slice(0, 200)}`);
    }
    socket.disconnect();
  }
  return violations;
}

/** Sends frames that are no messages. The gateway may close the connection, and must stay alive. */
async function sendFrames(stack: SecurityStack, random: Random, count: number): Promise<string[]> {
  const url = `${stack.gatewayUrl.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const frames = [
    '4',
    '40',
    '40/live,',
    '42',
    '42/live,["room:watch"]',
    '42/live,[{}]',
    '45-',
    '451-["x",{"_placeholder":true,"num":9}]',
    '9',
    NUL,
    '42/live,',
    `42/live,${JSON.stringify(['a', deep(300)])}`,
  ];
  for (let sent = 0; sent < count; sent++) {
    const socket = new WebSocket(url);
    socket.on('error', () => {});
    await new Promise((resolve) => {
      socket.on('open', resolve);
      socket.on('close', resolve);
    });
    for (let place = 0; place < 5 && socket.readyState === WebSocket.OPEN; place++) {
      socket.send(random() < 0.8 ? pick(random, frames) : Buffer.from(pick(random, hostileTexts)));
    }
    socket.terminate();
  }
  return [];
}
