import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SeatFeedMessage } from '#contract';
import { startTestRedis, type TestRedis, waitFor } from '../../../test/support/index.ts';
import { openSeatFeed, type SeatFeed } from './seat-feed.ts';

const CAFE_ID = '01920000-0000-7000-8000-000000000001';
const CHANGES = 5_000;

describe('the seat feed', () => {
  let redis: TestRedis;
  let feed: SeatFeed;

  beforeAll(async () => {
    redis = await startTestRedis();
    feed = openSeatFeed({ redisUrl: redis.url });
  });

  afterAll(async () => {
    await feed.close();
    await redis.stop();
  });

  it('tells many commits in few messages: every registration once, counts that only get newer, the newest at last', async () => {
    const heard: SeatFeedMessage[] = [];
    await new Promise<void>((listening) => feed.subscribe((message) => heard.push(message), listening));
    await waitFor(() => feed.ping().then(() => true), { what: 'the feed' });
    const ids = Array.from(
      { length: CHANGES },
      (_, index) => `01920000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    );
    // Of a call that changed nothing.
    feed.publish({ seats: [], registrations: [] });
    const started = performance.now();
    for (const [index, id] of ids.entries()) {
      const version = index + 1;
      const counts = { version, capacity: CHANGES, taken: version, free: CHANGES - version, waitlisted: 0, present: 0 };
      feed.publish({ seats: [{ cafeId: CAFE_ID, ...counts }], registrations: [[id, id]] });
      await turn();
    }
    await waitFor(() => heard.at(-1)?.seats[0]?.version === CHANGES, { what: 'the newest counts' });
    const messagesMax = (performance.now() - started) / 25 + 2;
    expect(heard.length).toBeLessThanOrEqual(messagesMax);
    const versions = heard.flatMap(({ seats }) => seats.map(({ version }) => version));
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    expect(heard.flatMap(({ registrations }) => registrations.map(([id]) => id))).toEqual(ids);
  });
});
