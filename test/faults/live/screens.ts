import { io } from 'socket.io-client';
import type { CafeSeats, RoomSeats } from '#contract';
import { openDatabase } from '#platform';
import { LIVE_SOCKET_OPTIONS, LiveClient } from '../../../libs/client/src/index.ts';
import { openSeats } from '../../support/seats.ts';

/**
 * Screens in a process of their own, so that it can be put to sleep. Each is the client that the pages use, and watches an event or its
 * rooms; some are signed in. It gets its commands over IPC.
 */
export type ScreensOrder =
  | {
      do: 'open';
      url: string;
      databaseUrl: string;
      eventId: string;
      roomIds: string[];
      people: Person[];
      screens: number;
    }
  | { do: 'look' };

export interface Person {
  attendeeId: string;
  cookie: string;
}

/** What a screen shows. */
export interface Shown {
  attendeeId: string | undefined;
  counts: Record<string, CafeSeats>;
  /** Registrations of its person, by id, with their status. */
  registrations: Record<string, string>;
  /** The violations that it saw. */
  violations: string[];
}

const screens: (() => Shown)[] = [];

function openScreen(order: Extract<ScreensOrder, { do: 'open' }>, place: number): () => Shown {
  const person = place % 2 === 0 ? order.people[(place / 2) % order.people.length] : undefined;
  const socket = io(order.url, {
    ...LIVE_SOCKET_OPTIONS,
    forceNew: true,
    transports: ['websocket'],
    ...(person && { extraHeaders: { cookie: person.cookie } }),
  });
  const client = new LiveClient(socket);
  const violations: string[] = [];
  const registrations: Record<string, string> = {};
  if (place % 3 === 0) for (const roomId of order.roomIds) client.watchRoom(roomId);
  else client.watchEvent(order.eventId);

  // On one connection, a push is never older than the one before.
  const pushed = new Map<string, number>();
  socket.on('connect', () => pushed.clear());
  socket.on('room:seats', ({ cafes }: RoomSeats) => {
    for (const { cafeId, version } of cafes) {
      const before = pushed.get(cafeId) ?? -1;
      if (version < before) violations.push(`version ${version} of a Café was pushed after ${before}`);
      pushed.set(cafeId, version);
    }
  });
  const shown: Record<string, CafeSeats> = {};
  client.onCounts(() => {
    for (const cafeId of cafesOf) {
      const counts = client.counts(cafeId);
      if (!counts) continue;
      if (counts.version < (shown[cafeId]?.version ?? 0)) violations.push('a screen went back to an older version');
      shown[cafeId] = counts;
    }
  });
  if (person) {
    const ask = async () => {
      for (const { id, status } of await seats.reads.registrationsOf(person.attendeeId)) registrations[id] = status;
    };
    client.onRegistration((registration) => {
      if (registration) registrations[registration.id] = registration.status;
      // Like the pages, it reads the current state after the connection was lost.
      else ask().catch((error: Error) => violations.push(error.message));
    });
  }
  return () => ({ attendeeId: person?.attendeeId, counts: shown, registrations, violations });
}

let seats: ReturnType<typeof openSeats>;
let cafesOf: string[] = [];

async function obey(order: ScreensOrder): Promise<unknown> {
  if (order.do === 'look') return screens.map((look) => look());
  const database = openDatabase({ url: order.databaseUrl, connectionsMax: 2, applicationName: 'faults-screens' });
  seats = openSeats({ database, holdTtlMinutes: 30 });
  cafesOf = (await seats.counts.seatsOfEvent(order.eventId)).map(({ cafeId }) => cafeId);
  for (let place = 0; place < order.screens; place++) screens.push(openScreen(order, place));
  return undefined;
}

process.on('message', (order: ScreensOrder) => {
  obey(order).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ fault: error.message }),
  );
});
process.on('disconnect', () => process.exit());
