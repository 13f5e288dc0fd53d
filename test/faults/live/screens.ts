import { io } from 'socket.io-client';
import type { CafeSeats, RoomSeats } from '#contract';
import { openDatabase } from '#platform';
import { LIVE_SOCKET_OPTIONS, LiveClient } from '../../../libs/client/src/index.ts';
import { openSeats } from '../../support/seats.ts';

/**
 * Screens in a separate process, which can be put to sleep. Each screen is the client that the pages use, and watches an event or its
 * rooms; some are signed in. The process gets its commands over IPC.
 */
export type ScreensCommand =
  | {
      do: 'open';
      url: string;
      databaseUrl: string;
      eventId: string;
      roomIds: string[];
      people: Person[];
      screens: number;
    }
  | { do: 'read' };

export interface Person {
  attendeeId: string;
  cookie: string;
}

/** The state that a screen shows. */
export interface Shown {
  attendeeId: string | undefined;
  counts: Record<string, CafeSeats>;
  /** Registrations of its person, by id, with their status. */
  registrations: Record<string, string>;
  /** The violations that the screen found. */
  violations: string[];
}

const screens: (() => Shown)[] = [];

function openScreen(command: Extract<ScreensCommand, { do: 'open' }>, place: number): () => Shown {
  const person = place % 2 === 0 ? command.people[(place / 2) % command.people.length] : undefined;
  const socket = io(command.url, {
    ...LIVE_SOCKET_OPTIONS,
    forceNew: true,
    transports: ['websocket'],
    ...(person && { extraHeaders: { cookie: person.cookie } }),
  });
  const client = new LiveClient(socket);
  const violations: string[] = [];
  const registrations: Record<string, string> = {};
  if (place % 3 === 0) for (const roomId of command.roomIds) client.watchRoom(roomId);
  else client.watchEvent(command.eventId);

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
    const readRegistrations = async () => {
      for (const { id, status } of await seats.reads.registrationsOf(person.attendeeId)) registrations[id] = status;
    };
    client.onRegistration((registration) => {
      if (registration) registrations[registration.id] = registration.status;
      // Like the pages, it reads the current state after the connection was lost.
      else readRegistrations().catch((error: Error) => violations.push(error.message));
    });
  }
  return () => ({ attendeeId: person?.attendeeId, counts: shown, registrations, violations });
}

let seats: ReturnType<typeof openSeats>;
let cafesOf: string[] = [];

async function run(command: ScreensCommand): Promise<unknown> {
  if (command.do === 'read') return screens.map((read) => read());
  const database = openDatabase({ url: command.databaseUrl, connectionsMax: 2, applicationName: 'faults-screens' });
  seats = openSeats({ database, holdTtlMinutes: 30 });
  cafesOf = (await seats.counts.seatsOfEvent(command.eventId)).map(({ cafeId }) => cafeId);
  for (let place = 0; place < command.screens; place++) screens.push(openScreen(command, place));
  return undefined;
}

process.on('message', (command: ScreensCommand) => {
  run(command).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
