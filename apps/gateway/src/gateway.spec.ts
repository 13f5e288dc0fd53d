import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import {
  type Attendance,
  CafeSeats,
  clientMessages,
  type Dashboard,
  type ProgrammeChanged,
  type RoomSeats,
} from '#contract';
import { openSeatFeed, SEAT_CHANNEL, type SeatFeed } from '#live';
import { openDeliveries } from '#notifications';
import { type Database, openDatabase, type RunningApp, readConfiguration } from '#platform';
import { LIVE_SOCKET_OPTIONS } from '../../../libs/client/src/index.ts';
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
import { openSeats, type Seats } from '../../../test/support/seats.ts';
import { startGateway } from './gateway.ts';

const SECRET = 'a secret of thirty-two characters';
let testDatabase: TestDatabase;
let database: Database;
let redis: TestRedis;
let feed: SeatFeed;
let seats: Seats;
/** A seat engine that publishes nothing, as if the feed had lost all messages. */
let silentSeats: Seats;
let people: Identity;
let gateway: RunningApp;
/** The log lines of the first gateway. */
const lines: Record<string, unknown>[] = [];
let port: number;
let metricsPort: number;
/** A second gateway on the same feed. */
let otherGateway: RunningApp;
let otherPort: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  [testDatabase, redis, port] = await Promise.all([createTestDatabase(), startTestRedis(), freePort()]);
  metricsPort = await freePort();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'gateway-spec' });
  feed = openSeatFeed({ redisUrl: redis.url, secret: SECRET, counts: (cafeIds) => seats.counts.countsOf(cafeIds) });
  seats = openSeats({ database, holdTtlMinutes: 30, onChanged: (changed) => feed.publish(changed) });
  silentSeats = openSeats({ database, holdTtlMinutes: 30 });
  people = openIdentity({ database, secret: SECRET, publicUrl: 'http://pages.test' });
  const configuration = readConfiguration({
    DATABASE_URL: testDatabase.url,
    REDIS_URL: redis.url,
    SMTP_URL: 'smtp://127.0.0.1:1',
    APP_SECRET: SECRET,
    GATEWAY_PORT: String(port),
    METRICS_PORT: String(metricsPort),
    PUBLIC_URL: 'http://pages.test',
  });
  gateway = await startGateway(
    configuration,
    pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) }),
  );
  otherPort = await freePort();
  otherGateway = await startGateway(
    { ...configuration, GATEWAY_PORT: otherPort, METRICS_PORT: 0 },
    pino({ level: 'silent' }),
  );
  await waitFor(() => feed.ping().then(() => true), { what: 'the feed' });
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await Promise.all([gateway.close(), otherGateway.close()]);
  await feed.close();
  await database.close();
  await Promise.all([testDatabase.drop(), redis.stop()]);
});

async function connect(
  options: { attendeeId?: string; cookie?: string; origin?: string; at?: number; transport?: string } = {},
): Promise<Socket> {
  const value = options.cookie ?? (options.attendeeId && people.sessions.open(options.attendeeId).cookie);
  const cookie = value && `comptoir_session=${value}`;
  const socket = io(`http://127.0.0.1:${options.at ?? port}/live`, {
    transports: [options.transport ?? 'websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { ...(cookie && { cookie }), ...(options.origin && { origin: options.origin }) },
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return socket;
}

// biome-ignore lint/suspicious/noExplicitAny: each test reads the members that it expects
const ask = (socket: Socket, event: string, ...args: unknown[]): Promise<any> =>
  socket.timeout(5_000).emitWithAck(event, ...args);

/** Builds an event and waits until the gateway knows it. */
async function knownEvent(cafes: Parameters<typeof buildEvent>[1]) {
  const built = await buildEvent(database.pool, cafes);
  const socket = await connect();
  await waitFor(async () => (await ask(socket, 'event:watch', { eventId: built.eventId })).ok, {
    what: 'the gateway to know the event',
  });
  socket.disconnect();
  return { ...built, cafeId: built.cafeIds[0] as string, roomId: built.roomIds[0] as string };
}

async function personWith(role: 'host' | 'organiser', event: { eventId: string; roomId: string }): Promise<string> {
  const [attendeeId = ''] = await buildPeople(database.pool, 1);
  const { eventId, roomId } = event;
  await people.roles.grant(attendeeId, role === 'host' ? { role, eventId, roomId } : { role, eventId });
  return attendeeId;
}

async function claimBy(engine: Seats, cafeId: string, count = 1): Promise<string[]> {
  const attendeeIds = await buildPeople(database.pool, count);
  for (const attendeeId of attendeeIds) await engine.claims.claim({ cafeId, attendeeId, guest: false });
  return attendeeIds;
}

/**
 * Changes a Café until these connections get no more pushes for hosts and organisers, and checks that the last push arrived within five
 * seconds.
 */
async function endsWithin5s(cafeId: string, sockets: Socket[]): Promise<void> {
  const started = performance.now();
  let lastPush = started;
  for (const socket of sockets) {
    for (const event of ['cafe:attendance', 'dashboard']) {
      socket.on(event, () => {
        lastPush = performance.now();
      });
    }
  }
  await waitFor(
    async () => {
      await claimBy(silentSeats, cafeId);
      return performance.now() - lastPush > 2_500;
    },
    { what: 'pushes to end' },
  );
  expect(lastPush - started).toBeLessThan(5_000);
}

/** An HTTP proxy that forwards requests, and closes connections that ask for an upgrade. */
async function proxyWithoutWebSockets(target: number): Promise<{ port: number; stop(): Promise<void> }> {
  const proxy = http.createServer((request, response) => {
    const { method, headers, url } = request;
    const passed = http.request({ host: '127.0.0.1', port: target, path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  proxy.on('upgrade', (_request, socket) => socket.destroy());
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    async stop() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

describe('watching a room', () => {
  it('answers with whole counts, and pushes them immediately when they change', async () => {
    const event = await knownEvent([{ seats: 5 }, { seats: 7 }]);
    const socket = await connect();
    const { seats: first } = await ask(socket, 'room:watch', { roomId: event.roomId });
    expect(first.cafes.map(({ free }: { free: number }) => free)).toEqual([5, 7]);
    const pushed = new Promise<RoomSeats>((resolve) => socket.once('room:seats', resolve));
    await claimBy(seats, event.cafeId);
    const after = await pushed;
    expect(after.cafes.map(({ free }) => free)).toEqual([4, 7]);
    expect(after.version).toBeGreaterThan(first.version);
  });

  it('pushes only the counts of the contract, also when the gateway read them from the database', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [cafeId = ''] = event.cafeIds;
    await claimBy(silentSeats, cafeId, 3);
    const counts = z.strictObject(CafeSeats.shape);
    const socket = await connect();
    const { rooms } = await ask(socket, 'event:watch', { eventId: event.eventId });
    expect(rooms[0].cafes.map((cafe: unknown) => counts.parse(cafe))).toHaveLength(1);
    const pushes: RoomSeats[] = [];
    socket.on('room:seats', (room: RoomSeats) => pushes.push(room));
    await silentSeats.cafes.changeCafe(cafeId, { capacity: 2, asTarget: true });
    await waitFor(() => pushes.some(({ cafes }) => cafes[0]?.capacity === 3), { what: 'the target’s capacity' });
    for (const { cafes } of pushes) expect(cafes.map((cafe) => counts.parse(cafe))).toHaveLength(1);
  });

  it('pushes at most ten times a second, never an older version, and always the last state', async () => {
    const event = await knownEvent([{ seats: 500 }]);
    const socket = await connect();
    await ask(socket, 'event:watch', { eventId: event.eventId });
    const versions: number[] = [];
    let last: RoomSeats | undefined;
    socket.on('room:seats', (room: RoomSeats) => {
      versions.push(room.version);
      last = room;
    });
    const started = performance.now();
    await claimBy(seats, event.cafeId, 150);
    await waitFor(() => last?.cafes[0]?.taken === 150, { what: 'the last state' });
    const seconds = (performance.now() - started) / 1_000;
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    expect(versions.length).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 1);
  });

  it('shows a change whose message was lost', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const socket = await connect();
    await ask(socket, 'room:watch', { roomId: event.roomId });
    let last: RoomSeats | undefined;
    socket.on('room:seats', (room: RoomSeats) => {
      last = room;
    });
    await claimBy(silentSeats, event.cafeId);
    await waitFor(() => last?.cafes[0]?.taken === 1, { what: 'the count' });
  });

  it('shows a change while Redis is unavailable, and the gateway is degraded', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const socket = await connect();
    let last: RoomSeats | undefined;
    socket.on('room:seats', (room: RoomSeats) => {
      last = room;
    });
    await ask(socket, 'room:watch', { roomId: event.roomId });
    await redis.pause();
    try {
      await claimBy(seats, event.cafeId);
      await waitFor(() => last?.cafes[0]?.taken === 1, { what: 'the count' });
      const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { status: 'degraded', parts: { database: 'ok', schema: 'ok', redis: 'away' } },
      ]);
    } finally {
      await redis.resume();
    }
    await waitFor(() => feed.ping().then(() => true), { what: 'Redis' });
  });

  it('has heartbeats that detect a half-open connection within ten seconds', async () => {
    const opened = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
    const { pingInterval, pingTimeout } = JSON.parse((await opened.text()).slice(1));
    expect(pingInterval + pingTimeout).toBeLessThanOrEqual(10_000);
  });

  it('works by long polling for a client of the product behind a proxy that refuses WebSockets', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const proxy = await proxyWithoutWebSockets(port);
    const socket = io(`http://127.0.0.1:${proxy.port}/live`, { ...LIVE_SOCKET_OPTIONS, forceNew: true });
    sockets.push(socket);
    await once(socket as unknown as NodeJS.EventEmitter, 'connect');
    expect((await ask(socket, 'room:watch', { roomId: event.roomId })).ok).toBe(true);
    expect(socket.io.engine.transport.name).toBe('polling');
    socket.disconnect();
    await proxy.stop();
  });

  it('works by long polling for a client that uses no other transport', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const socket = await connect({ transport: 'polling' });
    let last: RoomSeats | undefined;
    socket.on('room:seats', (room: RoomSeats) => {
      last = room;
    });
    await ask(socket, 'room:watch', { roomId: event.roomId });
    await claimBy(seats, event.cafeId, 30);
    await waitFor(() => last?.cafes[0]?.taken === 5, { what: 'the last state' });
  });

  it('ends with room:unwatch', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [socket, other] = await Promise.all([connect(), connect()]);
    await ask(socket, 'room:watch', { roomId: event.roomId });
    await ask(other, 'room:watch', { roomId: event.roomId });
    expect(await ask(socket, 'room:unwatch', { roomId: event.roomId })).toEqual({ ok: true });
    let pushes = 0;
    socket.on('room:seats', () => {
      pushes += 1;
    });
    const seen = new Promise((resolve) => other.once('room:seats', resolve));
    await claimBy(seats, event.cafeId);
    await seen;
    expect(await ask(socket, 'room:unwatch', { roomId: event.roomId })).toEqual({ ok: true });
    expect(pushes).toBe(0);
  });
});

describe('a forged message of the feed', () => {
  it('is shown on no screen and does not hide later changes', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const socket = await connect();
    const { seats: first } = await ask(socket, 'room:watch', { roomId: event.roomId });
    const shown: RoomSeats[] = [];
    socket.on('room:seats', (room: RoomSeats) => shown.push(room));
    const stranger = new Redis(redis.url);
    const forged = { ...first.cafes[0], version: 2 ** 40, taken: 5, free: 0 };
    await stranger.publish(SEAT_CHANNEL, JSON.stringify({ seats: [forged], registrations: [] }));
    const otherSecret = openSeatFeed({ redisUrl: redis.url, secret: `${SECRET}!`, counts: async () => [forged] });
    await waitFor(() => otherSecret.ping().then(() => true), { what: 'the feed' });
    otherSecret.publish({ cafeIds: [event.cafeId], registrations: [] });
    await claimBy(seats, event.cafeId);
    await waitFor(() => shown.some(({ cafes }) => cafes[0]?.free === 4), { what: 'the true change' });
    expect(shown.map(({ cafes }) => cafes[0]?.free)).toEqual([4]);
    await otherSecret.close();
    stranger.disconnect();
  });
});

describe('watching an event', () => {
  it('announces a Café whose state, waitlist, room or time changed', async () => {
    const event = await knownEvent([{ seats: 5 }, { seats: 6, state: 'draft' }, { seats: 7 }]);
    const [, draft = '', closing = ''] = event.cafeIds;
    const socket = await connect();
    const changes: ProgrammeChanged[] = [];
    let cafes: RoomSeats['cafes'] = [];
    socket.on('programme:changed', (change) => changes.push(change));
    socket.on('room:seats', (room: RoomSeats) => {
      cafes = room.cafes;
    });
    await ask(socket, 'event:watch', { eventId: event.eventId });
    await claimBy(seats, event.cafeId);
    await waitFor(() => cafes.length === 2, { what: 'the count' });
    expect(changes).toEqual([]);
    await seats.cafes.changeCafe(draft, { state: 'open' });
    await waitFor(() => changes.length === 1, { what: 'the Café that was opened' });
    await waitFor(() => cafes.length === 3, { what: 'its counts' });
    await silentSeats.cafes.changeCafe(closing, { waitlistOpen: false });
    await waitFor(() => changes.length === 2, { what: 'the waitlist that was closed' });
    // One page watches, so it may fetch immediately.
    const change = { eventId: event.eventId, withinMs: 1 };
    expect(changes).toEqual([
      { ...change, cafeIds: [draft] },
      { ...change, cafeIds: [closing] },
    ]);
  });
});

describe('a role on live connections', () => {
  it('is required for attendance and the dashboard', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [stranger = ''] = await buildPeople(database.pool, 1);
    const anonymous = await connect();
    const signedIn = await connect({ attendeeId: stranger });
    const host = await connect({ attendeeId: await personWith('host', event) });
    const watchAttendance = (socket: Socket) => ask(socket, 'cafe:watch-attendance', { cafeId: event.cafeId });
    const watchDashboard = (socket: Socket) => ask(socket, 'dashboard:watch', { eventId: event.eventId });
    expect(await watchAttendance(anonymous)).toEqual({ ok: false, code: 'not-signed-in' });
    expect(await watchAttendance(signedIn)).toEqual({ ok: false, code: 'not-allowed' });
    expect(await watchDashboard(signedIn)).toEqual({ ok: false, code: 'not-allowed' });
    expect(await watchDashboard(host)).toEqual({ ok: false, code: 'not-allowed' });
    expect(await watchAttendance(host)).toMatchObject({ ok: true, attendance: { expected: 0, people: [] } });
  });

  it.each<[string, (event: { cafeId: string; roomIds: string[] }, hostId: string) => Promise<unknown>]>([
    ['that is revoked', (_, hostId) => database.pool.query('delete from role_grant where attendee_id = $1', [hostId])],
    [
      'for the room that a Café was moved from',
      ({ cafeId, roomIds }) => database.pool.query('update cafe set room_id = $2 where id = $1', [cafeId, roomIds[1]]),
    ],
  ])('%s ends its access within five seconds', async (_, end) => {
    const event = await knownEvent([{ seats: 50 }, { seats: 50, room: 1 }]);
    const hostId = await personWith('host', event);
    const socket = await connect({ attendeeId: hostId });
    await ask(socket, 'cafe:watch-attendance', { cafeId: event.cafeId });
    await end(event, hostId);
    await endsWithin5s(event.cafeId, [socket]);
    expect(await ask(socket, 'cafe:watch-attendance', { cafeId: event.cafeId })).toEqual({
      ok: false,
      code: 'not-allowed',
    });
    const room = `attendance:${event.cafeId}`;
    const about = lines.filter((line) => line.attendeeId === hostId && line.room === room).map(({ msg }) => msg);
    expect(about).toEqual([
      'a role is used over a live connection',
      'a role ended; its live connection was removed from a room',
      'a live message was refused, because its sender lacks the role',
    ]);
  });

  it('of an organiser that is revoked ends the dashboard and all attendance lists on open connections within five seconds', async () => {
    const event = await knownEvent([{ seats: 50 }]);
    const organiserId = await personWith('organiser', event);
    const [board, list] = await Promise.all([
      connect({ attendeeId: organiserId }),
      connect({ attendeeId: organiserId }),
    ]);
    expect(await ask(board, 'dashboard:watch', { eventId: event.eventId })).toMatchObject({ ok: true });
    expect(await ask(list, 'cafe:watch-attendance', { cafeId: event.cafeId })).toMatchObject({ ok: true });
    await database.pool.query('delete from role_grant where attendee_id = $1', [organiserId]);
    await endsWithin5s(event.cafeId, [board, list]);
  });

  it('that is missing is logged once for repeated messages, without an address', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    const socket = await connect({ attendeeId });
    for (let count = 0; count < 10; count++) await ask(socket, 'dashboard:watch', { eventId: event.eventId });
    const about = lines.filter((line) => line.attendeeId === attendeeId);
    expect(about).toHaveLength(1);
    expect(about[0]).toMatchObject({ level: 40, room: `dashboard:${event.eventId}` });
    expect(JSON.stringify(about)).not.toMatch(/127\.0\.0|@/);
  });

  it('lets a host see who is present, and an organiser the dashboard', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const host = await connect({ attendeeId: await personWith('host', event) });
    const organiser = await connect({ attendeeId: await personWith('organiser', event) });
    let attendance: Attendance | undefined;
    let dashboard: Dashboard | undefined;
    host.on('cafe:attendance', (list: Attendance) => {
      attendance = list;
    });
    organiser.on('dashboard', (pushed: Dashboard) => {
      dashboard = pushed;
    });
    expect(await ask(host, 'cafe:watch-attendance', { cafeId: event.cafeId })).toMatchObject({
      ok: true,
      attendance: { expected: 0 },
    });
    expect(await ask(organiser, 'dashboard:watch', { eventId: event.eventId })).toMatchObject({
      ok: true,
      dashboard: { totals: { capacity: 5, taken: 0 } },
    });
    const [attendeeId = ''] = await claimBy(seats, event.cafeId);
    const registrationId = (await seats.reads.registrationsOf(attendeeId))[0]?.id as string;
    await seats.checkIns.checkIn({ registrationId, cafeId: event.cafeId, by: attendeeId });
    await waitFor(() => attendance?.people[0]?.checkedInAt, { what: 'the host to see it' });
    await waitFor(() => dashboard?.totals.present === 1, { what: 'the organiser to see it' });
    expect(dashboard).toMatchObject({ totals: { taken: 1, people: 1 }, mail: { waiting: expect.any(Number) } });
  });

  it('lets an organiser see the counts of mails of their own event only, as they are enqueued and sent', async () => {
    const [own, other] = [await knownEvent([{ seats: 5 }]), await knownEvent([{ seats: 5 }])];
    const socket = await connect({ attendeeId: await personWith('organiser', own) });
    const mails: string[] = [];
    socket.on('dashboard', ({ mail: { sent, waiting, failed } }: Dashboard) => {
      mails.push(`${sent} ${waiting} ${failed}`);
    });
    await claimBy(seats, other.cafeId, 3);
    const { dashboard } = await ask(socket, 'dashboard:watch', { eventId: own.eventId });
    expect(dashboard.mail).toEqual({ sent: 0, waiting: 0, failed: 0 });
    await claimBy(silentSeats, own.cafeId, 2);
    await waitFor(() => mails.at(-1) === '0 2 0', { what: 'the enqueued messages' });
    await database.pool.query('select outbox_open(1000)');
    const deliveries = openDeliveries({ database, domain: 'localhost', worker: 1 });
    const enqueued = await database.pool.query('select id, event_id from outbox where event_id = any ($1)', [
      [own.eventId, other.eventId],
    ]);
    expect(enqueued.rowCount).toBe(5);
    const ids: string[] = enqueued.rows.filter(({ event_id }) => event_id === own.eventId).map(({ id }) => id);
    await Promise.all(enqueued.rows.map(({ id }) => deliveries.take(id)));
    await deliveries.bounced(ids[0] as string, '550 no such mailbox', own.eventId);
    await Promise.all(enqueued.rows.filter(({ id }) => id !== ids[0]).map(({ id }) => deliveries.sent(id)));
    await waitFor(() => mails.at(-1) === '1 0 1', { what: 'the messages that were sent and given up' });
  });

  it('lets an organiser see a capacity without drafts and cancelled Cafés', async () => {
    const event = await knownEvent([
      { seats: 5 },
      { seats: 7, state: 'draft' },
      { seats: 9, state: 'closed' },
      { seats: 3 },
    ]);
    await seats.cafes.changeCafe(event.cafeIds[3] as string, { state: 'cancelled' });
    const organiser = await connect({ attendeeId: await personWith('organiser', event) });
    const { dashboard } = await ask(organiser, 'dashboard:watch', { eventId: event.eventId });
    expect(dashboard.totals.capacity).toBe(14);
    const counts = ['cafeId', 'version', 'capacity', 'taken', 'free', 'waitlisted', 'present'];
    expect(Object.keys(dashboard.cafes[0].seats).toSorted()).toEqual(counts.toSorted());
    expect(dashboard.cafes).toHaveLength(4);
  });
});

describe('a state that could not be read', () => {
  it('is pushed as soon as it can be read, without another change', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    const watching = await connect({ attendeeId: await personWith('organiser', event) });
    const own = await connect({ attendeeId });
    const got = new Set<string>();
    watching.on('cafe:attendance', ({ people: [first] }: Attendance) => first && got.add('attendance'));
    watching.on('dashboard', ({ totals }: Dashboard) => totals.people === 1 && got.add('dashboard'));
    own.on('registration', () => got.add('registration'));
    await ask(watching, 'cafe:watch-attendance', { cafeId: event.cafeId });
    await ask(watching, 'dashboard:watch', { eventId: event.eventId });
    await seats.claims.claim({ cafeId: event.cafeId, attendeeId, guest: false });
    await waitFor(() => got.size === 3, { what: 'every push' });
    const [registration] = await seats.reads.registrationsOf(attendeeId);
    if (!registration) throw new Error('the seat is free');
    const locking = await database.pool.connect();
    try {
      await locking.query('begin');
      await locking.query('lock table registration in access exclusive mode');
      got.clear();
      await database.pool.query('update cafe_seats set version = version + 1 where cafe_id = $1', [event.cafeId]);
      feed.publish({ cafeIds: [event.cafeId], registrations: [[registration.id, attendeeId]] });
      // Each read of the gateway that waits for the lock fails as if its connection broke.
      let broken = 0;
      await waitFor(
        async () => {
          const { rowCount } = await database.pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where application_name = 'comptoir-gateway' and datname = current_database() and wait_event_type = 'Lock'`,
          );
          // Reads that were in progress before the lock may still have been pushed.
          if (broken === 0) got.clear();
          broken += rowCount ?? 0;
          return broken >= 6;
        },
        { what: 'six reads' },
      );
      expect([...got]).toEqual([]);
    } finally {
      locking.release(true);
    }
    await waitFor(() => got.size === 3, { what: 'every push' });
  });
});

describe('a registration', () => {
  it('is pushed to all connections of its attendee and to no others', async () => {
    const event = await knownEvent([{ seats: 1 }]);
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    const [one, two, other] = await Promise.all([connect({ attendeeId }), connect({ attendeeId }), connect()]);
    const got: string[] = [];
    one.on('registration', ({ status }) => got.push(`one ${status}`));
    two.on('registration', ({ status }) => got.push(`two ${status}`));
    other.on('registration', ({ status }) => got.push(`other ${status}`));
    await seats.claims.claim({ cafeId: event.cafeId, attendeeId, guest: false });
    await waitFor(() => new Set(got).size >= 2, { what: 'both connections to hear of it' });
    expect([...new Set(got)].sort()).toEqual(['one confirmed', 'two confirmed']);
  });
});

describe('a changed registration', () => {
  it('is pushed by all gateways, also when its message is lost', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    const [here, there] = await Promise.all([connect({ attendeeId }), connect({ attendeeId, at: otherPort })]);
    const got: string[] = [];
    here.on('registration', ({ status }) => got.push(`here ${status}`));
    there.on('registration', ({ status }) => got.push(`there ${status}`));
    await silentSeats.claims.claim({ cafeId: event.cafeId, attendeeId, guest: false });
    await waitFor(() => new Set(got).size === 2, { what: 'both gateways to tell it' });
    expect([...new Set(got)].sort()).toEqual(['here confirmed', 'there confirmed']);
  });

  it.each([
    ['', (cookie: string) => people.sessions.end(people.sessions.read(cookie)?.sessionId ?? '')],
    [' everywhere', (cookie: string) => people.sessions.endAll(people.sessions.read(cookie)?.attendeeId ?? '')],
  ])('is no longer pushed five seconds after a sign-out%s', async (_, signOut) => {
    const event = await knownEvent([{ seats: 50 }]);
    const hostId = await personWith('host', event);
    const { cookie } = people.sessions.open(hostId);
    const socket = await connect({ cookie });
    await ask(socket, 'cafe:watch-attendance', { cafeId: event.cafeId });
    let lastPushAt = performance.now();
    for (const name of ['registration', 'cafe:attendance']) {
      socket.on(name, () => {
        lastPushAt = performance.now();
      });
    }
    await signOut(cookie);
    const ended = performance.now();
    await seats.claims.claim({ cafeId: event.cafeId, attendeeId: hostId, guest: false });
    await waitFor(
      async () => {
        await claimBy(seats, event.cafeId);
        return performance.now() - lastPushAt > 2_500;
      },
      { what: 'pushes to end' },
    );
    expect(lastPushAt - ended).toBeLessThan(5_000);
    expect(await ask(socket, 'cafe:watch-attendance', { cafeId: event.cafeId })).toEqual({
      ok: false,
      code: 'not-signed-in',
    });
  });
});

describe('metrics', () => {
  it('are served on a port of their own, and not to clients', async () => {
    await connect();
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toMatch(/^comptoir_sockets\{app="gateway"\} [1-9]/m);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
  });
});

describe('a gateway that stops', () => {
  it('asks its connections to reconnect at random moments, pushes until they have left, refuses new ones, and stops although a client does not read', async () => {
    const configuration = readConfiguration({
      DATABASE_URL: testDatabase.url,
      REDIS_URL: redis.url,
      SMTP_URL: 'smtp://127.0.0.1:1',
      APP_SECRET: SECRET,
      GATEWAY_PORT: String(await freePort()),
    });
    const leaving = await startGateway(configuration, pino({ level: 'silent' }));
    const at = configuration.GATEWAY_PORT;
    const polite = await connect({ at });
    const event = await knownEvent([{ seats: 5 }]);
    await waitFor(async () => (await ask(polite, 'room:watch', { roomId: event.roomId })).ok, { what: 'the room' });
    const deaf = new WebSocket(`ws://127.0.0.1:${at}/socket.io/?EIO=4&transport=websocket`);
    deaf.on('error', () => {});
    await once(deaf, 'open');
    deaf.send('40/live,');
    deaf.pause();
    const stopping = new Promise<{ reconnectWithinMs: number }>((resolve) => polite.on('gateway:stopping', resolve));
    const started = performance.now();
    const closed = leaving.close();
    expect(await stopping).toEqual({ reconnectWithinMs: 500 });
    await expect(connect({ at })).rejects.toThrow();
    // The parts that pushes need stay open until the connections have left.
    const pushed = new Promise<RoomSeats>((resolve) => polite.once('room:seats', resolve));
    await claimBy(silentSeats, event.cafeId);
    expect((await pushed).cafes[0]?.taken).toBe(1);
    polite.disconnect();
    await closed;
    // Without the closing handshake, socket.io would keep such a socket for thirty seconds.
    expect(performance.now() - started).toBeLessThan(20_000);
    deaf.terminate();
  });
});

describe('a hostile client', () => {
  it('that sends too many packets is disconnected', async () => {
    const raw = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    raw.on('error', () => {});
    await once(raw, 'open');
    const closed = once(raw, 'close');
    for (let sent = 0; sent < 3_000; sent++) raw.send('40/nowhere,');
    await closed;
  });

  it('cannot join another namespace', async () => {
    const socket = io(`http://127.0.0.1:${port}/`, { transports: ['websocket'], forceNew: true, reconnection: false });
    sockets.push(socket);
    await expect(
      new Promise((resolve, reject) => {
        socket.on('connect', () => resolve('in'));
        socket.on('connect_error', reject);
      }),
    ).rejects.toThrow('not-found');
  });

  it('is refused when its page has another origin', async () => {
    await expect(connect({ origin: 'http://elsewhere.test' })).rejects.toThrow();
    await connect({ origin: 'http://pages.test' });
  });

  it('gets a problem code for each unknown or malformed message, and keeps its connection', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const socket = await connect();
    const wrong: unknown[][] = [
      ['room:watch'],
      ['room:watch', null],
      ['room:watch', { roomId: 'x' }],
      ['room:watch', { roomId: event.roomId, extra: 1 }],
      ['room:watch', [event.roomId]],
      ['room:watch', Buffer.from('x')],
      ['event:watch', { eventId: 7 }],
      ['constructor', {}],
      ['__proto__', {}],
      ['nothing', {}],
    ];
    for (const name of Object.keys(clientMessages)) wrong.push([name, { unknownId: 7 }]);
    for (const [name, ...args] of wrong) {
      expect(await ask(socket, name as string, ...args)).toEqual({
        ok: false,
        code: ['constructor', '__proto__', 'nothing'].includes(name as string) ? 'not-found' : 'invalid-request',
      });
    }
    expect(await ask(socket, 'room:watch', { roomId: event.eventId })).toEqual({ ok: false, code: 'room-not-found' });
    // A message without an acknowledgement gets no answer.
    socket.emit('room:watch', 7);
    expect(await ask(socket, 'room:watch', { roomId: event.roomId })).toMatchObject({ ok: true });
  });

  it('that sends too many messages gets too-many-requests, and others are served', async () => {
    const event = await knownEvent([{ seats: 5 }]);
    const [flood, other] = await Promise.all([connect(), connect()]);
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => ask(flood, 'room:watch', { roomId: event.roomId })),
    );
    expect(answers.filter(({ code }) => code === 'too-many-requests').length).toBeGreaterThan(100);
    expect(await ask(other, 'room:watch', { roomId: event.roomId })).toMatchObject({ ok: true });
  });
});
