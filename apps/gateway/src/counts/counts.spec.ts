import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { SeatChange, SeatFeedMessage } from '#contract';
import type { SeatFeed, SeatFeedListener } from '#live';
import { type Database, openDatabase } from '#platform';
import { openProgramme } from '#programme';
import { openSeats, type Seats } from '#seats';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase, waitFor } from '../../../../test/support/index.ts';
import { type Change, Counts } from './counts.ts';

let testDatabase: TestDatabase;
let database: Database;
let seats: Seats;
/** What it publishes: it reaches the feed by hand, or not at all. */
const told: SeatChange[] = [];
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

/** The message that the feed makes of what was told last. */
async function lastMessage(): Promise<SeatFeedMessage> {
  const { cafeIds, registrations } = told.at(-1) as SeatChange;
  return { seats: await seats.countsOf([...cafeIds]), registrations };
}

/** While true, each look at the versions waits for `look`. */
let hold = false;
const waiting: (() => void)[] = [];

/** Let one look happen, and wait until it is over. */
async function look(): Promise<void> {
  await waitFor(() => waiting.length > 0, { what: 'a look' });
  waiting.shift()?.();
  await waitFor(() => waiting.length > 0, { what: 'the next look' });
}

beforeEach(() => {
  changes = [];
  const versions = async () => {
    if (hold) await new Promise<void>((resolve) => waiting.push(resolve));
    return seats.versions();
  };
  const subscribe = (listener: SeatFeedListener) => {
    feed = listener;
  };
  counts = new Counts(
    { ...seats, versions } as Seats,
    openProgramme({ database }),
    { subscribe } as SeatFeed,
    pino({ level: 'silent' }),
  );
  counts.onChange((change) => changes.push(change));
});

afterEach(async () => {
  hold = false;
  for (const go of waiting.splice(0)) go();
  await counts.onApplicationShutdown();
});

const missed = () => changes.flatMap((change) => change.missed);
const freeIn = (roomId: string) => counts.room(roomId)?.cafes.map(({ cafeId, free }) => [cafeId, free]);

describe('the counts', () => {
  it('find out what the feed lost, though newer messages of the same Café were heard, until nothing can be lost any more', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 50 }]);
    const cafeId = cafeIds[0] as string;
    const people = await buildPeople(database.pool, 8);
    const claimed = async (heard: boolean) => {
      const attendeeId = people.pop() as string;
      await seats.claim({ cafeId, attendeeId, guest: false });
      if (heard) feed.onMessage(await lastMessage());
      return attendeeId;
    };
    const found = async () => {
      const changed = await seats.changedSince(missed(), all);
      changes = [];
      return new Set(changed.map(({ attendeeId }) => attendeeId));
    };
    const all = [...people];
    await counts.onApplicationBootstrap();
    hold = true;
    await look();
    await look();
    changes = [];

    // A message overtook another, and the connection is lost before that one comes.
    const before = [await claimed(false), await claimed(true)];
    await look();
    expect(missed()).toEqual([]);
    feed.onGap();
    const away = await claimed(false);
    // The first of them began before the connection was lost.
    await look();
    await look();
    expect(await found()).toEqual(new Set([...before, away]));
    // Looks go on, and none tells twice.
    await look();
    expect(missed()).toEqual([]);

    // The connection is there, and not everything is heard yet.
    feed.onGap();
    const hidden = [await claimed(false), await claimed(true)];
    await look();
    await look();
    expect(await found()).toEqual(new Set(hidden));
    const last = [await claimed(false), await claimed(true)];
    feed.onBack();
    await look();
    await look();
    expect(await found()).toEqual(new Set(last));

    await claimed(true);
    await look();
    expect(missed()).toEqual([]);
  });
});

describe('counts that are ahead of the database', () => {
  it('are replaced at the next look, and later changes are seen', async () => {
    const { cafeIds, roomIds } = await buildEvent(database.pool, [{ seats: 50 }]);
    const [cafeId = '', roomId = ''] = [cafeIds[0], roomIds[0]];
    await counts.onApplicationBootstrap();
    const [counted] = await seats.countsOf([cafeId]);
    if (!counted) throw new Error('the Café has no counts');
    feed.onMessage({ seats: [{ ...counted, version: 2 ** 40, free: 7, taken: 43 }], registrations: [] });
    await waitFor(() => freeIn(roomId)?.[0]?.[1] === 50, { what: 'the counts of the database' });
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    await seats.claim({ cafeId, attendeeId, guest: false });
    feed.onMessage(await lastMessage());
    expect(freeIn(roomId)).toEqual([[cafeId, 49]]);
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
    // Newer than a look in between could find it.
    const {
      seats: [counted],
      registrations,
    } = await lastMessage();
    if (!counted) throw new Error('nothing was told');
    changes = [];
    feed.onMessage({ seats: [{ ...counted, version: counted.version + 1 }], registrations });
    expect(changes).toMatchObject([{ cafeIds: [draft], roomIds: [], eventIds: [event.eventId] }]);
    await seats.changeCafe(draft, { state: 'open' });
    feed.onMessage(await lastMessage());
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
    feed.onMessage(await lastMessage());
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
