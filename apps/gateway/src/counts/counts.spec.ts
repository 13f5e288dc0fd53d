import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import type { SeatChange, SeatFeedMessage } from '#contract';
import type { SeatFeed, SeatFeedListener } from '#live';
import { type Database, openDatabase } from '#platform';
import { Programme } from '#programme';
import { CountReads } from '#seats';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase, waitFor } from '../../../../test/support/index.ts';
import { openSeats, type Seats } from '../../../../test/support/seats.ts';
import { type Change, Counts } from './counts.ts';

let testDatabase: TestDatabase;
let database: Database;
let seats: Seats;
/** The changes that the engine publishes. A test passes them to the feed, or loses them. */
const published: SeatChange[] = [];
let counts: Counts;
let feed: SeatFeedListener;
let changes: Change[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'counts-spec' });
  seats = openSeats({ database, holdTtlMinutes: 30, onChanged: (changed) => published.push(changed) });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** The message that the feed makes of the last published change. */
async function lastMessage(): Promise<SeatFeedMessage> {
  const { cafeIds, registrations } = published.at(-1) as SeatChange;
  return { seats: await seats.counts.countsOf([...cafeIds]), registrations };
}

/** Which Cafés each comparison read. */
const reads: ('all' | 'current' | undefined)[] = [];
/** While true, each comparison waits for `compareOnce`. */
let hold = false;
const waiting: (() => void)[] = [];

/** The reads of the engine, in which a comparison waits while `hold` is true. */
class HeldReads extends CountReads {
  override async versions(which?: 'all' | 'current') {
    reads.push(which);
    if (hold) await new Promise<void>((resolve) => waiting.push(resolve));
    return super.versions(which);
  }
}

/** Lets one comparison run, and waits for its end. */
async function compareOnce(): Promise<void> {
  await waitFor(() => waiting.length > 0, { what: 'a comparison' });
  waiting.shift()?.();
  await waitFor(() => waiting.length > 0, { what: 'the next comparison' });
}

beforeEach(() => {
  changes = [];
  reads.length = 0;
  const subscribe = (listener: SeatFeedListener) => {
    feed = listener;
  };
  counts = new Counts(
    new HeldReads(database),
    new Programme(database),
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
  it('announce the changes that the feed lost before, in and after a gap, also when newer messages of the same Café arrived', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 50 }]);
    const cafeId = cafeIds[0] as string;
    const people = await buildPeople(database.pool, 8);
    const claimed = async (delivered: boolean) => {
      const attendeeId = people.pop() as string;
      await seats.claims.claim({ cafeId, attendeeId, guest: false });
      if (delivered) feed.onMessage(await lastMessage());
      return attendeeId;
    };
    const found = async () => {
      const changed = await seats.reads.changedSince(missed(), all);
      changes = [];
      return new Set(changed.map(({ attendeeId }) => attendeeId));
    };
    const all = [...people];
    await counts.onApplicationBootstrap();
    hold = true;
    await compareOnce();
    await compareOnce();
    changes = [];

    // One message overtakes another, and the connection is lost before the other arrives.
    const before = [await claimed(false), await claimed(true)];
    await compareOnce();
    expect(missed()).toEqual([]);
    feed.onGap();
    const away = await claimed(false);
    // The first of these comparisons began before the connection was lost.
    await compareOnce();
    await compareOnce();
    expect(await found()).toEqual(new Set([...before, away]));
    // Later comparisons announce nothing twice.
    await compareOnce();
    expect(missed()).toEqual([]);

    // The connection is open again, and not subscribed yet.
    feed.onGap();
    const hidden = [await claimed(false), await claimed(true)];
    await compareOnce();
    await compareOnce();
    expect(await found()).toEqual(new Set(hidden));
    const last = [await claimed(false), await claimed(true)];
    feed.onBack();
    await compareOnce();
    await compareOnce();
    expect(await found()).toEqual(new Set(last));

    await claimed(true);
    await compareOnce();
    expect(missed()).toEqual([]);
  });
});

describe('counts that are ahead of the database', () => {
  it('are replaced by the next comparison, and later changes are stored', async () => {
    const { cafeIds, roomIds } = await buildEvent(database.pool, [{ seats: 50 }]);
    const [cafeId = '', roomId = ''] = [cafeIds[0], roomIds[0]];
    await counts.onApplicationBootstrap();
    const [counted] = await seats.counts.countsOf([cafeId]);
    if (!counted) throw new Error('the Café has no counts');
    feed.onMessage({ seats: [{ ...counted, version: 2 ** 40, free: 7, taken: 43 }], registrations: [] });
    await waitFor(() => freeIn(roomId)?.[0]?.[1] === 50, { what: 'the counts of the database' });
    const [attendeeId = ''] = await buildPeople(database.pool, 1);
    await seats.claims.claim({ cafeId, attendeeId, guest: false });
    feed.onMessage(await lastMessage());
    expect(freeIn(roomId)).toEqual([[cafeId, 49]]);
  });
});

describe('a room', () => {
  it('gets a Café that is no longer a draft, and one that moved into it', async () => {
    const event = await buildEvent(database.pool, [{ seats: 5 }, { seats: 4, state: 'draft' }, { seats: 7, room: 1 }]);
    const [first = '', draft = '', other = ''] = event.cafeIds;
    const [room = '', otherRoom = ''] = event.roomIds;
    await counts.onApplicationBootstrap();
    expect(freeIn(room)).toEqual([[first, 5]]);
    await seats.cafes.changeCafe(draft, { capacity: 6 });
    changes = [];
    // With a version that no comparison in the meantime can have found.
    const {
      seats: [counted],
      registrations,
    } = await lastMessage();
    if (!counted) throw new Error('nothing was published');
    changes = [];
    feed.onMessage({ seats: [{ ...counted, version: counted.version + 1 }], registrations });
    expect(changes).toMatchObject([{ cafeIds: [draft], roomIds: [], eventIds: [event.eventId] }]);
    await seats.cafes.changeCafe(draft, { state: 'open' });
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
    await seats.cafes.moveCafe(other, place, organiser);
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

describe('the Cafés of an event that ended more than a day ago', () => {
  async function buildOver() {
    const event = await buildEvent(database.pool, [{ seats: 5 }]);
    await database.pool.query(
      `update event set starts_at = now() - interval '5 days', ends_at = now() - interval '25 hours' where id = $1`,
      [event.eventId],
    );
    return { cafeId: event.cafeIds[0] as string, roomId: event.roomIds[0] as string };
  }

  it('have counts, and are compared once a minute, not every second', async () => {
    const { cafeId, roomId } = await buildOver();
    await counts.onApplicationBootstrap();
    expect([freeIn(roomId), reads]).toEqual([[[cafeId, 5]], ['all']]);
    await seats.cafes.changeCafe(cafeId, { capacity: 6 });
    await waitFor(() => reads.length >= 3, { what: 'two comparisons' });
    expect([freeIn(roomId), new Set(reads.slice(1))]).toEqual([[[cafeId, 5]], new Set(['current'])]);
    expect((await seats.counts.versions('current')).map((cafe) => cafe.cafeId)).not.toContain(cafeId);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 61_000);
    try {
      await waitFor(() => freeIn(roomId)?.[0]?.[1] === 6, { what: 'the change' });
    } finally {
      clock.mockRestore();
    }
  });

  it('are compared immediately when the feed is back after a gap', async () => {
    const { cafeId, roomId } = await buildOver();
    await counts.onApplicationBootstrap();
    feed.onGap();
    await seats.cafes.changeCafe(cafeId, { capacity: 6 });
    feed.onBack();
    await waitFor(() => freeIn(roomId)?.[0]?.[1] === 6, { what: 'the change' });
    await waitFor(() => reads.at(-1) === 'current', { what: 'the next comparison' });
  });

  it('do not hide that a Café of another event was deleted', async () => {
    await buildOver();
    const event = await buildEvent(database.pool, [{ seats: 5 }, { seats: 7 }]);
    await counts.onApplicationBootstrap();
    expect(freeIn(event.roomIds[0] as string)).toHaveLength(2);
    changes = [];
    await database.pool.query('delete from cafe where id = $1', [event.cafeIds[1]]);
    await waitFor(() => changes.some(({ programmes }) => programmes.some(({ eventId }) => eventId === event.eventId)), {
      what: 'the event to be announced as changed',
    });
  });
});
