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

/** An API whose Café has this version and these current values. */
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

describe('a change of the values that an organiser saw', () => {
  it('is sent once if nothing changed meanwhile', async () => {
    const { sent, change } = api(4, { capacity: 10 });
    expect(await changeSeen(seen, change)).toBe('done');
    expect(sent).toEqual([4]);
  });

  it.each([
    ['another value', { capacity: 10 }],
    ['the texts', { roomId: 'a', startsAt: seen.startsAt, endsAt: seen.endsAt, capacity: 10 }],
  ])('is sent again if another organiser changed %s', async (_, current) => {
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
  ])('is refused with the current values if another organiser changed the %s', async (_, current) => {
    const { sent, change } = api(7, current);
    const error = await changeSeen(seen, change).catch((thrown: unknown) => thrown);
    expect(conflictOf(error)).toEqual({ version: 7, ...current });
    expect(sent).toEqual([4]);
  });

  it('is sent again if only the capacity approached the same target capacity', async () => {
    const { change } = api(7, { capacity: 9, targetCapacity: 5 });
    expect(await changeSeen({ ...seen, targetCapacity: 5 }, change)).toBe('done');
  });

  it('fails after three tries, and at once for any other error', async () => {
    let version = 4;
    const busy = changeSeen(seen, () => Promise.reject(refused(++version, { capacity: 10 })));
    await expect(busy).rejects.toThrow('changed');
    expect(version).toBe(7);
    const error = new Error('unreachable');
    await expect(changeSeen(seen, () => Promise.reject(error))).rejects.toBe(error);
    expect(conflictOf(error)).toBeUndefined();
  });
});
