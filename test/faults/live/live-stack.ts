import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import type { SeatChange } from '#contract';
import { SESSION_COOKIE } from '#identity';
import { openSeatFeed, SEAT_CHANNEL } from '#live';
import { type Database, openDatabase } from '#platform';
import type { OwnedRegistration } from '#seats';
import { type RunningApp, startApp } from '../../../apps/local/src/apps.ts';
import { freePort } from '../../../apps/local/src/ports.ts';
import { endWithUs } from '../../../apps/local/src/processes.ts';
import { buildEvent, buildPeople } from '../../support/build.ts';
import { openIdentity } from '../../support/identity.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';
import { openSeats, type Seats } from '../../support/seats.ts';
import { waitFor } from '../../support/wait-for.ts';
import { pick, type Random } from '../random.ts';
import { startBalancer } from './balancer.ts';
import type { Target } from './hostile.ts';
import type { Person, ScreensCommand, Shown } from './screens.ts';

/** The module that lets a gateway print its memory. */
const PRINT_HEAP = pathToFileURL(path.resolve('test/faults/live/print-heap.mjs')).href;
const SECRET = 'a secret of the faults, for the faults alone';
const SCREENS_A_PROCESS = 8;
const PEOPLE = 4;
const CLAIMS_PAUSE_MS = 4;
const LAST_CLAIMS = 3;
/** The number of feed messages that are stored for repetition. */
const STORED_MESSAGES_MAX = 200;

/** Two gateways behind a balancer, screens that watch, claims, and a Redis that can be disconnected. */
export interface LiveStack {
  redis: TestRedis;
  gateways: Gateway[];
  target: Target;
  /** The process of the screens; it can be put to sleep. */
  sleeper: ChildProcess;
  /** Returns what every screen of every process shows. */
  readScreens(): Promise<Shown[]>;
  /** Returns the differences between the screens and the database. */
  differences(): Promise<string[]>;
  startClaims(): void;
  /** Stops after some last claims on one Café. */
  lastClaims(): Promise<void>;
  /** The published messages of the feed, oldest first. */
  published: string[];
  /** Publishes any text on the feed. */
  publish(text: string): Promise<void>;
  /** The log lines of the gateways. */
  lines: string[];
  close(): Promise<void>;
}

/** A gateway that is restarted when it is killed. */
export interface Gateway {
  readonly app: RunningApp;
  url: string;
  /** Stops it as an orchestrator does, and starts another one in its place. Resolves when the new one is ready. */
  restart(): Promise<void>;
  /** Its memory after a garbage collection, in MB. */
  heapMb(): Promise<number>;
}

/** @param options.preload a module that every process of the product loads first, with its environment, so that a test can change a line */
export async function openLiveStack(options: {
  databaseUrl: string;
  random: Random;
  preload?: Record<string, string>;
}): Promise<LiveStack> {
  const { databaseUrl, random, preload = {} } = options;
  const redis = await startTestRedis();
  const database = openDatabase({ url: databaseUrl, connectionsMax: 6, applicationName: 'faults' });
  const event = await buildEvent(
    database.pool,
    [0, 0, 1, 1].map((room) => ({ seats: 20, room })),
  );
  const lines: string[] = [];
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    SMTP_URL: 'smtp://127.0.0.1:1',
    APP_SECRET: SECRET,
    LOG_LEVEL: 'warn',
    ...preload,
  };
  const gateways = await Promise.all([1, 2].map(() => startGateway(environment, lines)));
  const ports = gateways.map(({ url }) => Number(new URL(url).port));
  const balancer = await startBalancer(ports);
  const people = openIdentity({ database, secret: SECRET, publicUrl: 'http://pages.test' });
  const persons = (await buildPeople(database.pool, PEOPLE)).map((attendeeId) => ({
    attendeeId,
    cookie: `${SESSION_COOKIE}=${people.sessions.open(attendeeId).cookie}`,
  }));
  const processes = [spawnScreens(preload), spawnScreens(preload)];
  const command: ScreensCommand = {
    do: 'open',
    url: `http://127.0.0.1:${balancer.port}/live`,
    databaseUrl,
    eventId: event.eventId,
    roomIds: event.roomIds,
    people: persons,
    screens: SCREENS_A_PROCESS,
  };
  for (const screens of processes) await send(screens, command);
  const claims = openClaims({ database, redisUrl: redis.url, cafeIds: event.cafeIds, persons, random });
  const readScreens = async () =>
    (await Promise.all(processes.map((screens) => send(screens, { do: 'read' })))).flat() as Shown[];
  const publisher = new Redis(redis.url, { maxRetriesPerRequest: null });
  publisher.on('error', () => {});

  return {
    redis,
    gateways,
    target: { ports, roomId: event.roomIds[0] as string },
    sleeper: processes[1] as ChildProcess,
    readScreens,
    differences: async () => differences(await readScreens(), claims.seats, event.eventId),
    startClaims: () => claims.start(),
    lastClaims: () => claims.lastClaims(),
    published: claims.published,
    publish: async (text) => void (await publisher.publish(SEAT_CHANNEL, text)),
    lines,
    async close() {
      await claims.close();
      for (const screens of processes) screens.kill('SIGKILL');
      await Promise.all([balancer.close(), ...gateways.map(({ app }) => app.stop())]);
      publisher.disconnect();
      await database.close();
      await redis.stop();
    },
  };
}

async function startGateway(environment: Record<string, string>, lines: string[]): Promise<Gateway> {
  const port = await freePort();
  const start = () =>
    startApp({
      name: 'gateway',
      port,
      environment: {
        ...environment,
        NODE_OPTIONS: `${environment.NODE_OPTIONS ?? ''} --import ${PRINT_HEAP}`,
        GATEWAY_PORT: String(port),
      },
      say: (line) => lines.push(line),
    });
  let app = start();
  await app.ready();
  return {
    get app() {
      return app;
    },
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await app.stop();
      app = start();
      await app.ready();
    },
    async heapMb() {
      const { pid } = app.child;
      const pattern = new RegExp(`heap ${pid} (\\d+)$`);
      const linesBefore = lines.length;
      app.child.kill('SIGUSR2');
      const mb = () => lines.slice(linesBefore).flatMap((line) => pattern.exec(line)?.[1] ?? [])[0];
      return Number(await waitFor(mb, { what: 'a gateway to print its memory' }));
    },
  };
}

function spawnScreens(preload: Record<string, string>): ChildProcess {
  return endWithUs(
    spawn(process.execPath, ['test/faults/live/screens.ts'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '', ...preload },
    }),
  );
}

async function send(screens: ChildProcess, command: ScreensCommand): Promise<unknown> {
  screens.send(command);
  const [{ result, error }] = (await once(screens, 'message')) as [{ result?: unknown; error?: string }];
  if (error) throw new Error(`The screens: ${error}`);
  return result;
}

/** Claims seats, gives them back, and publishes the changes, as the API does. */
function openClaims(options: {
  database: Database;
  redisUrl: string;
  cafeIds: string[];
  persons: Person[];
  random: Random;
}) {
  const { database, redisUrl, cafeIds, persons, random } = options;
  const counts = (ids: readonly string[]) => seats.counts.countsOf([...ids]);
  const feed = openSeatFeed({ redisUrl, secret: SECRET, counts });
  const published: string[] = [];
  const reader = new Redis(redisUrl, { maxRetriesPerRequest: null });
  reader.on('error', () => {});
  reader.on('message', (_channel, text) => {
    // Stores messages of the feed without those that a fault repeated, because these are stored already.
    if (!published.includes(text) && published.push(text) > STORED_MESSAGES_MAX) published.shift();
  });
  reader.subscribe(SEAT_CHANNEL).catch(() => {});
  const publish = (change: SeatChange) => feed.publish(change);
  const seats = openSeats({ database, holdTtlMinutes: 30, onChanged: publish });
  let crowd: string[] = [];
  let running = false;
  let finished: Promise<void> = Promise.resolve();

  /** A watching person claims a seat or gives it back, or another person claims one. */
  async function changeOne(): Promise<void> {
    const cafeId = pick(random, cafeIds);
    if (random() < 0.3) {
      const { attendeeId } = pick(random, persons);
      const active = (await seats.reads.registrationsOf(attendeeId)).find(
        ({ status }) => !/cancelled|expired/.test(status),
      );
      if (active) await seats.registrations.cancel(active.id, attendeeId);
      else await seats.claims.claim({ cafeId, attendeeId, guest: false });
      return;
    }
    await claimForNewPerson(cafeId);
  }

  async function claimForNewPerson(cafeId: string): Promise<void> {
    if (crowd.length === 0) crowd = await buildPeople(database.pool, 500);
    await seats.claims.claim({ cafeId, attendeeId: crowd.pop() as string, guest: false });
  }

  return {
    seats,
    published,
    start() {
      if (running) return;
      running = true;
      finished = (async () => {
        while (running) {
          await changeOne();
          await sleep(CLAIMS_PAUSE_MS);
        }
      })();
    },
    async lastClaims() {
      running = false;
      await finished;
      // Several at the same time: the last of them arrives in the pause after a push.
      const cafeId = pick(random, cafeIds);
      for (let left = LAST_CLAIMS; left > 0; left--) await claimForNewPerson(cafeId);
    },
    async close() {
      running = false;
      await finished;
      reader.disconnect();
      await feed.close();
    },
  };
}

async function differences(shown: Shown[], seats: Seats, eventId: string): Promise<string[]> {
  const cafes = await seats.counts.seatsOfEvent(eventId);
  const people = [...new Set(shown.flatMap(({ attendeeId }) => attendeeId ?? []))];
  const registrations = new Map<string, OwnedRegistration[]>();
  for (const attendeeId of people) registrations.set(attendeeId, await seats.reads.registrationsOf(attendeeId));
  return shown.flatMap((screen, place) => {
    const wrongCounts = cafes.filter(({ cafeId, version, taken, waitlisted }) => {
      const counts = screen.counts[cafeId];
      return counts?.version !== version || counts.taken !== taken || counts.waitlisted !== waitlisted;
    });
    const own = registrations.get(screen.attendeeId ?? '') ?? [];
    const wrongSeats = own.filter(({ id, status }) => screen.registrations[id] !== status);
    return [
      ...wrongCounts.map(({ cafeId, version }) => {
        return `screen ${place} shows version ${screen.counts[cafeId]?.version} of a Café, not ${version}`;
      }),
      ...wrongSeats.map(({ id, status }) => `screen ${place} shows ${screen.registrations[id]}, not ${status}`),
    ];
  });
}
