import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { RoomSeats } from '#contract';
import { SESSION_COOKIE } from '#identity';
import { type Database, openDatabase, type RunningApp, readConfiguration } from '#platform';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { type Identity, openIdentity } from '../../../test/support/identity.ts';
import {
  createTestDatabase,
  freePort,
  startTestRedis,
  type TestDatabase,
  type TestRedis,
  waitFor,
} from '../../../test/support/index.ts';
import { startGateway } from './gateway.ts';

const SECRET = 'a secret of thirty-two characters';
const PAGES = 'http://pages.test';
/** More places than the phones need, and fewer than the flooder would take. */
const PLACES = 1_200;
const PHONES = 800;

let testDatabase: TestDatabase;
let database: Database;
let redis: TestRedis;
let people: Identity;
let gateway: RunningApp;
let port: number;
let roomId: string;
/** The log lines of the gateway. */
const lines: string[] = [];
const endings: (() => void)[] = [];

beforeAll(async () => {
  [testDatabase, redis, port] = await Promise.all([createTestDatabase(), startTestRedis(), freePort()]);
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'floods-spec' });
  people = openIdentity({ database, secret: SECRET, publicUrl: PAGES });
  roomId = (await buildEvent(database.pool, [{ seats: 5 }])).roomIds[0] as string;
  const configuration = readConfiguration({
    DATABASE_URL: testDatabase.url,
    REDIS_URL: redis.url,
    SMTP_URL: 'smtp://127.0.0.1:1',
    APP_SECRET: SECRET,
    GATEWAY_PORT: String(port),
    PUBLIC_URL: PAGES,
    SOCKETS_PER_ADDRESS_MAX: String(PLACES),
  });
  gateway = await startGateway(configuration, pino({ level: 'info' }, { write: (line) => void lines.push(line) }));
});

afterAll(async () => {
  for (const end of endings) end();
  await gateway.close();
  await database.close();
  await Promise.all([testDatabase.drop(), redis.stop()]);
});

/** Opens a connection that sends `text`, and then one byte every half second. */
function drip(text: string, localAddress = '127.0.0.1') {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress });
  const slow = { ended: false, answer: '' };
  const timer = setInterval(() => socket.write('x'), 500);
  socket.on('data', (data) => {
    slow.answer += data;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    slow.ended = true;
    clearInterval(timer);
  });
  endings.push(() => socket.destroy());
  socket.write(text);
  return slow;
}

/** Opens a live connection as the pages do. It reconnects automatically. */
function phone(options: { headers?: Record<string, string>; transport?: string; localAddress?: string } = {}) {
  const socket: Socket = io(`http://127.0.0.1:${port}/live`, {
    transports: [options.transport ?? 'websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 500,
    extraHeaders: { origin: PAGES, ...options.headers },
    // An option of `ws`, which gets all options.
    ...({ localAddress: options.localAddress } as object),
  });
  endings.push(() => socket.disconnect());
  const screen = { socket, seats: undefined as RoomSeats | undefined, refused: 0, opened: 0 };
  socket.on('connect', () => {
    screen.opened += 1;
    socket.emit('room:watch', { roomId }, (answer: { seats?: RoomSeats }) => {
      screen.seats = answer.seats;
    });
  });
  socket.on('connect_error', () => {
    screen.refused += 1;
  });
  return screen;
}

const post = (path: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 9000\r\n\r\n4`;

describe('requests that never complete', () => {
  it('do not prevent screens of any address from connecting, are closed, and share one log line', async () => {
    const handshake = await (await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`)).text();
    const { sid } = JSON.parse(handshake.slice(1)) as { sid: string };
    const kinds = [
      post('/nowhere'),
      post('/health/ready'),
      post('/socket.io/?EIO=4&transport=polling'),
      post(`/socket.io/?EIO=4&transport=polling&sid=${sid}`),
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost:',
      '',
    ];
    const slow = Array.from({ length: 1_060 }, (_, place) => drip(kinds[place % kinds.length] as string));
    const screens = [
      ...Array.from({ length: 20 }, () => phone()),
      ...Array.from({ length: 5 }, () => phone({ transport: 'polling' })),
      ...Array.from({ length: 5 }, () => phone({ localAddress: '127.0.0.2' })),
    ];
    await waitFor(() => screens.every(({ seats }) => seats), { what: 'the counts on every screen' });
    expect(screens.reduce((sum, { refused }) => sum + refused, 0)).toBe(0);
    await waitFor(() => slow.every(({ ended }) => ended), { what: 'the end of every request' });
    expect(screens.every(({ socket }) => socket.connected)).toBe(true);
    const ended = lines.filter((line) => line.includes('idle connections were closed'));
    expect(ended.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(10);
    expect(lines.join('')).not.toMatch(/stack|127\.0\.0| {4}at /);
    for (const { socket } of screens) socket.disconnect();
  });

  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH'])(
    'with the method %s, which socket.io does not support, are refused',
    async (method) => {
      const handshake = await (await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`)).text();
      const { sid } = JSON.parse(handshake.slice(1)) as { sid: string };
      const answer = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method });
      expect(answer.status).toBe(405);
    },
  );
});

describe('answers of long polling', () => {
  it.each(['transport=polling', 'transport=polling&sid=x', 'transport=nothing'])(
    'have security headers: %s',
    async (query) => {
      const { headers } = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&${query}`, {
        headers: { origin: PAGES },
      });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining(`default-src 'none'`),
        'x-content-type-options': 'nosniff',
      });
    },
  );
});

describe('behind one address', () => {
  it('800 phones are admitted and get counts while a flooder opens as many connections as it can; a signed-in person keeps the connection', async () => {
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    const own = phone({ headers: { cookie: `${SESSION_COOKIE}=${people.sessions.open(attendeeId).cookie}` } });
    await waitFor(() => own.seats, { what: 'the counts of the person' });

    // 100 simultaneously, repeatedly. Every second connection joins the namespace and watches nothing.
    let flooding = true;
    let opened = 0;
    const flood = async () => {
      while (flooding) {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
        socket.on('error', () => {});
        endings.push(() => socket.terminate());
        await Promise.race([once(socket, 'open'), once(socket, 'close')]).catch(() => {});
        if (socket.readyState === WebSocket.OPEN && ++opened % 2) socket.send('40/live,');
      }
    };
    const flooders = Array.from({ length: 100 }, flood);
    await waitFor(() => opened > PLACES, { what: 'all places to be taken' });

    // All phones connect simultaneously, as after an outage.
    const phones = Array.from({ length: PHONES }, (_, place) =>
      phone({ headers: { 'user-agent': `phone ${place % 7}` } }),
    );
    await waitFor(() => phones.every(({ seats }) => seats), { what: 'the counts on every phone' });
    const wait = opened;
    await waitFor(() => opened > wait + 200, { what: 'the flood to go on' });
    flooding = false;
    expect(phones.reduce((sum, { refused }) => sum + refused, 0)).toBe(0);
    expect(phones.filter(({ socket }) => socket.connected).length).toBeGreaterThan(PHONES * 0.99);
    expect([own.opened, own.refused, own.socket.connected]).toEqual([1, 0, true]);
    await Promise.all(flooders);
    expect(lines.filter((line) => line.includes('live connections were closed')).length).toBeLessThan(10);
  });
});
