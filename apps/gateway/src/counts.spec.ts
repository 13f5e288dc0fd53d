import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { SeatFeedMessage } from '#contract';
import type { SeatFeedListener } from '#live';
import { type Database, openDatabase } from '#platform';
import { openProgramme } from '#programme';
import { openSeats, type Seats } from '#seats';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase, waitFor } from '../../../test/support/index.ts';
import { type Change, Counts } from './counts.ts';
import type { Parts } from './parts.ts';

let testDatabase: TestDatabase;
let database: Database;
let seats: Seats;
/** What it publishes: it reaches the feed by hand, or not at all. */
const told: SeatFeedMessage[] = [];
let counts: Counts;
let feed: SeatFeedListener;
let changes: Change[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'counts-spec' });
  seats = openSeats({ database, holdTtlMinutes: 30, onChanged: (changed) => told.push(changed) });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(() => {
  changes = [];
  const parts = {
    seats,
    programme: openProgramme({ database }),
    logger: pino({ level: 'silent' }),
    feed: {
      subscribe: (listener: SeatFeedListener) => {
        feed = listener;
      },
    },
  };
  counts = new Counts(parts as unknown as Parts);
  counts.onChange((change) => changes.push(change));
});

afterEach(() => counts.onApplicationShutdown());

const missed = () => changes.flatMap((change) => change.missed);
const freeIn = (roomId: string) => counts.room(roomId)?.cafes.map(({ cafeId, free }) => [cafeId, free]);

describe('the counts', () => {
  it('find out what the feed lost while it was away, though a newer message of the same Café came before they looked', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 5 }]);
    const cafeId = cafeIds[0] as string;
    const [lost = '', late = '', heard = ''] = await buildPeople(database.pool, 3);
    const peopleMissed = async () => {
      const found = await seats.changedSince(missed(), [lost, late, heard]);
      return new Set(found.map(({ attendeeId }) => attendeeId));
    };
    await counts.onApplicationBootstrap();
    changes = [];
    feed.onGap();
    await seats.claim({ cafeId, attendeeId: lost, proved: true });
    // Looked at between the return of the connection and that of the subscription: no end of it.
    await waitFor(() => missed().length > 0, { what: 'a look meanwhile' });
    expect(await peopleMissed()).toEqual(new Set([lost]));
    changes = [];
    await seats.claim({ cafeId, attendeeId: late, proved: true });
    await seats.claim({ cafeId, attendeeId: heard, proved: true });
    feed.onMessage(told.at(-1) as SeatFeedMessage);
    feed.onBack();
    await waitFor(async () => (await peopleMissed()).has(late), { what: 'what was lost' });
  });
});

describe('a room', () => {
  it('has a Café that is no longer a draft, and one that moved there', async () => {
    const event = await buildEvent(database.pool, [{ seats: 5 }, { seats: 4, state: 'draft' }, { seats: 7, room: 1 }]);
    const [first = '', draft = '', other = ''] = event.cafeIds;
    const [room = '', otherRoom = ''] = event.roomIds;
    await counts.onApplicationBootstrap();
    expect(freeIn(room)).toEqual([[first, 5]]);
    await seats.changeCafe(draft, { capacity: 6 });
    changes = [];
    feed.onMessage(told.at(-1) as SeatFeedMessage);
    expect(changes).toMatchObject([{ cafeIds: [draft], roomIds: [], eventIds: [event.eventId] }]);
    await seats.changeCafe(draft, { state: 'open' });
    feed.onMessage(told.at(-1) as SeatFeedMessage);
    await waitFor(() => freeIn(room)?.length === 2, { what: 'the Café that was opened' });
    const { rows } = await database.pool.query('select starts_at, ends_at from cafe where id = $1', [other]);
    const [organiser = ''] = await buildPeople(database.pool, 1);
    const place = {
      roomId: room,
      startsAt: rows[0].starts_at.toISOString(),
      endsAt: rows[0].ends_at.toISOString(),
      capacity: 7,
      excess: 'refuse' as const,
    };
    await seats.moveCafe(other, place, organiser);
    feed.onMessage(told.at(-1) as SeatFeedMessage);
    await waitFor(() => freeIn(otherRoom)?.length === 0, { what: 'the room that it left' });
    expect(new Set(freeIn(room))).toEqual(
      new Set([
        [first, 5],
        [draft, 6],
        [other, 7],
      ]),
    );
    expect(new Set(changes.at(-1)?.roomIds)).toEqual(new Set([room, otherRoom]));
  });
});
