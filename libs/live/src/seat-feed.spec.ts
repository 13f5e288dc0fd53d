import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CafeSeats, SeatFeedMessage } from '#contract';
import { openRedis } from '#platform';
import { startTestRedis, type TestRedis, waitFor } from '../../../test/support/index.ts';
import { openSeatFeed, SEAT_CHANNEL, type SeatFeed } from './seat-feed.ts';

const CAFE_ID = '01920000-0000-7000-8000-000000000001';
const OTHER_ID = '01920000-0000-7000-8000-000000000002';
const CHANGES = 5_000;
const SECRET = 'a secret of thirty-two characters';

/** The counts of the Café, whether they can be read, and how many reads failed. */
let version = 0;
let readable = true;
let failed = 0;
async function counts(cafeIds: string[]): Promise<CafeSeats[]> {
  if (!readable) {
    failed += 1;
    throw new Error('the connection broke');
  }
  const taken = version;
  return cafeIds.map((cafeId) => ({
    cafeId,
    version,
    capacity: CHANGES,
    taken,
    free: CHANGES - taken,
    waitlisted: 0,
    present: 0,
  }));
}

describe('the seat feed', () => {
  let redis: TestRedis;
  let feed: SeatFeed;
  let other: SeatFeed;
  let admin: ReturnType<typeof openRedis>;

  beforeAll(async () => {
    redis = await startTestRedis();
    feed = openSeatFeed({ redisUrl: redis.url, secret: SECRET, counts });
    other = openSeatFeed({ redisUrl: redis.url, secret: SECRET, counts });
    admin = openRedis(redis.url, { name: 'admin' });
  });

  afterAll(async () => {
    await Promise.all([feed.close(), other.close()]);
    admin.disconnect();
    await redis.stop();
  });

  it('publishes many commits in few messages: each registration once, versions that only grow, and the newest last', async () => {
    const messages: SeatFeedMessage[] = [];
    await new Promise<void>((listening) =>
      feed.subscribe({ onMessage: (message) => messages.push(message), onGap: () => {}, onBack: listening }),
    );
    await waitFor(() => feed.ping().then(() => true), { what: 'the feed' });
    const ids = Array.from(
      { length: CHANGES },
      (_, index) => `01920000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    );
    // A call that changed nothing.
    feed.publish({ cafeIds: [], registrations: [] });
    const started = performance.now();
    for (const id of ids) {
      version += 1;
      feed.publish({ cafeIds: [CAFE_ID], registrations: [[id, id]] });
      await turn();
    }
    await waitFor(() => messages.at(-1)?.seats[0]?.version === CHANGES, { what: 'the newest counts' });
    const messagesMax = (performance.now() - started) / 25 + 2;
    expect(messages.length).toBeLessThanOrEqual(messagesMax);
    const versions = messages.flatMap(({ seats }) => seats.map((each) => each.version));
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    expect(messages.flatMap(({ registrations }) => registrations.map(([id]) => id))).toEqual(ids);
  });

  it('retries to publish after an error, and reports gaps', async () => {
    const happened: (string | SeatFeedMessage)[] = [];
    other.subscribe({
      onMessage: (message) => happened.push(message),
      onGap: () => happened.push('gap'),
      onBack: () => happened.push('back'),
    });
    await waitFor(() => happened.includes('back'), { what: 'the subscription' });
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await waitFor(() => happened.length >= 5, { what: 'the second subscription' });
    expect(happened.splice(0)).toEqual(['gap', 'back', 'gap', 'gap', 'back']);

    const one: [string, string] = [CAFE_ID, CAFE_ID];
    const two: [string, string] = [OTHER_ID, OTHER_ID];
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    other.publish({ cafeIds: [CAFE_ID], registrations: [one] });
    await turn();
    version += 1;
    other.publish({ cafeIds: [CAFE_ID], registrations: [two] });
    await waitFor(() => happened.length > 0, { what: 'the message' });
    expect(happened.splice(0)).toEqual([{ seats: await counts([CAFE_ID]), registrations: [one, two] }]);

    readable = false;
    other.publish({ cafeIds: [CAFE_ID], registrations: [one] });
    await turn();
    other.publish({ cafeIds: [OTHER_ID], registrations: [] });
    await waitFor(() => failed > 0, { what: 'a look in vain' });
    readable = true;
    await waitFor(() => happened.length > 0, { what: 'the message' });
    expect(happened).toEqual([{ seats: await counts([CAFE_ID, OTHER_ID]), registrations: [one] }]);
  });

  it('publishes changes that arrive during the read of the counts together with these counts', async () => {
    const messages: SeatFeedMessage[] = [];
    let read = () => {};
    const slow = openSeatFeed({
      redisUrl: redis.url,
      secret: SECRET,
      counts: (cafeIds) =>
        new Promise((resolve) => {
          read = () => resolve(counts(cafeIds));
        }),
    });
    try {
      await new Promise<void>((listening) =>
        slow.subscribe({ onMessage: (message) => messages.push(message), onGap: () => {}, onBack: listening }),
      );
      await waitFor(() => slow.ping().then(() => true), { what: 'the feed' });
      slow.publish({ cafeIds: [CAFE_ID], registrations: [[CAFE_ID, CAFE_ID]] });
      slow.publish({ cafeIds: [CAFE_ID], registrations: [[OTHER_ID, OTHER_ID]] });
      read();
      await waitFor(() => messages.length > 0, { what: 'the message' });
      expect(messages[0]?.registrations).toEqual([
        [CAFE_ID, CAFE_ID],
        [OTHER_ID, OTHER_ID],
      ]);
    } finally {
      await slow.close();
    }
  });

  it('ignores messages that were published without the secret, and delivers later ones', async () => {
    const messages: SeatFeedMessage[] = [];
    const published: string[] = [];
    const lines: object[] = [];
    const logger = { info: () => {}, warn: (fields: object) => void lines.push(fields) };
    const reader = openSeatFeed({ redisUrl: redis.url, secret: SECRET, counts, logger: logger as never });
    const raw = openRedis(redis.url, { name: 'raw' });
    try {
      raw.on('message', (_channel, text) => published.push(text));
      await raw.subscribe(SEAT_CHANNEL);
      await new Promise<void>((listening) =>
        reader.subscribe({ onMessage: (message) => messages.push(message), onGap: () => {}, onBack: listening }),
      );
      feed.publish({ cafeIds: [CAFE_ID], registrations: [] });
      await waitFor(() => messages.length === 1 && published.length === 1, { what: 'a true message' });
      const [{ seats }] = messages.splice(0) as [SeatFeedMessage];
      const forged = JSON.stringify({ seats: [{ ...seats[0], version: 2 ** 40, taken: 7 }], registrations: [] });
      const [sealed = ''] = published;
      const others = openSeatFeed({ redisUrl: redis.url, secret: `${SECRET}!`, counts });
      others.publish({ cafeIds: [CAFE_ID], registrations: [] });
      const wrong = [forged, sealed.slice(0, 43) + forged, sealed.slice(1), `${sealed} `, '', '{', 'null'];
      for (const text of wrong) await admin.publish(SEAT_CHANNEL, text);
      await waitFor(() => published.length === wrong.length + 2, { what: 'the others’ message' });
      await others.close();
      version += 1;
      feed.publish({ cafeIds: [CAFE_ID], registrations: [] });
      await waitFor(() => messages.length > 0, { what: 'the true change' });
      expect(messages).toEqual([{ seats: await counts([CAFE_ID]), registrations: [] }]);
      expect(lines).toEqual([{ rejected: 1 }]);
    } finally {
      raw.disconnect();
      await reader.close();
    }
  });
});
