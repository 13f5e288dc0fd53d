import { describe, expect, it } from '@jest/globals';
import { leftInRoom } from './room.ts';

const taken = (counts: Record<string, number>) => (id: string) =>
  counts[id] === undefined ? undefined : { taken: counts[id] };
const first = { capacity: 10, taken: 9, cafeIds: ['a', 'b'] };
const second = { capacity: 10, taken: 3, cafeIds: ['a', 'c'] };

describe('what a room has left for a Café', () => {
  it('is no bound where the room is large enough', () => {
    expect(leftInRoom({}, taken({ a: 5 }))).toBe(Infinity);
  });

  it('is the least of the times that it shares, by the newest counts', () => {
    expect(leftInRoom({ shares: [first, second] }, taken({ a: 2, b: 3, c: 4 }))).toBe(4);
    expect(leftInRoom({ shares: [first, second] }, taken({ a: 2, b: 8, c: 4 }))).toBe(0);
  });

  it('is as it was read where the counts of one are not known', () => {
    expect(leftInRoom({ shares: [first] }, taken({ a: 2 }))).toBe(1);
  });

  it('counts a seat that is given back for it', () => {
    const full = { capacity: 10, taken: 10, cafeIds: ['a', 'b'] };
    expect(leftInRoom({ shares: [full] }, taken({}), 'b')).toBe(1);
    expect(leftInRoom({ shares: [full] }, taken({ a: 2, b: 8 }), 'b')).toBe(1);
    expect(leftInRoom({ shares: [full] }, taken({ a: 2, b: 8 }), 'c')).toBe(0);
  });

  it('is never below nothing', () => {
    expect(leftInRoom({ shares: [first] }, taken({ a: 8, b: 8 }))).toBe(0);
  });
});
