import { describe, expect, it } from '@jest/globals';
import type { CurrentCafe } from '#contract';
import { changeSeen, conflictOf, type Seen } from './seen.ts';

const seen: Seen = {
  version: 4,
  capacity: 10,
  state: 'open',
  waitlistOpen: true,
  roomId: 'a',
  startsAt: '2035-06-01T08:00:00.000Z',
  endsAt: '2035-06-01T09:00:00.000Z',
};

const refused = (version: number, current: CurrentCafe) =>
  Object.assign(new Error('changed'), { problem: { code: 'version-changed', version, current } });

/** An API at this version, where these are the current values of what the change is about. */
function api(version: number, current: CurrentCafe) {
  const sent: number[] = [];
  return {
    sent,
    async change(expected: number) {
      sent.push(expected);
      if (expected !== version) throw refused(version, current);
      return 'done';
    },
  };
}

describe('a change of what an organiser saw', () => {
  it('is sent once where nothing changed', async () => {
    const { sent, change } = api(4, { capacity: 10 });
    expect(await changeSeen(seen, change)).toBe('done');
    expect(sent).toEqual([4]);
  });

  it.each([
    ['another value', { capacity: 10 }],
    ['the texts', { roomId: 'a', startsAt: seen.startsAt, endsAt: seen.endsAt, capacity: 10 }],
  ])('is sent again where somebody changed %s', async (_, current) => {
    const { sent, change } = api(7, current);
    expect(await changeSeen(seen, change)).toBe('done');
    expect(sent).toEqual([4, 7]);
  });

  it.each<[string, CurrentCafe]>([
    ['capacity', { capacity: 20 }],
    ['target capacity', { capacity: 10, targetCapacity: 8 }],
    ['state', { state: 'closed' }],
    ['waitlist', { waitlistOpen: false }],
    ['room', { roomId: 'b', capacity: 10 }],
    ['start', { startsAt: '2035-06-01T08:30:00.000Z', capacity: 10 }],
  ])('is refused with the current values where somebody changed its %s', async (_, current) => {
    const { sent, change } = api(7, current);
    const error = await changeSeen(seen, change).catch((thrown: unknown) => thrown);
    expect(conflictOf(error)).toEqual({ version: 7, ...current });
    expect(sent).toEqual([4]);
  });

  it('is sent again while the capacity approaches the same target, seat by seat', async () => {
    const { change } = api(7, { capacity: 9, targetCapacity: 5 });
    expect(await changeSeen({ ...seen, targetCapacity: 5 }, change)).toBe('done');
  });

  it('is given up after three tries, and at once for any other error', async () => {
    let version = 4;
    const busy = changeSeen(seen, () => Promise.reject(refused(++version, { capacity: 10 })));
    await expect(busy).rejects.toThrow('changed');
    expect(version).toBe(7);
    const error = new Error('unreachable');
    await expect(changeSeen(seen, () => Promise.reject(error))).rejects.toBe(error);
    expect(conflictOf(error)).toBeUndefined();
  });
});
