import { describe, expect, it } from '@jest/globals';
import { leftInRoom } from './room.ts';

const counts = (found: Record<string, [taken: number, version: number]>) => (id: string) => {
  const [taken, version] = found[id] ?? [];
  return taken === undefined || version === undefined ? undefined : { taken, version };
};
const first = { capacity: 10, taken: 9, version: 20, cafeIds: ['a', 'b'] };
const second = { capacity: 10, taken: 3, version: 20, cafeIds: ['a', 'c'] };

describe('what a room has left for a Café', () => {
  it('is no bound where the room is large enough', () => {
    expect(leftInRoom({}, counts({ a: [5, 1] }))).toBe(Infinity);
  });

  it('is the least of the times that it shares, by the newest counts', () => {
    const roomSlots = [first, second];
    expect(leftInRoom({ roomSlots }, counts({ a: [2, 11], b: [3, 11], c: [4, 11] }))).toBe(4);
    expect(leftInRoom({ roomSlots }, counts({ a: [2, 11], b: [8, 11], c: [4, 11] }))).toBe(0);
  });

  it('is as it was read where the counts of one are not known, or all of them are older', () => {
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [2, 30] }))).toBe(1);
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [2, 9], b: [2, 10] }))).toBe(1);
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [2, 10], b: [2, 11] }))).toBe(6);
  });

  it('counts a seat that is given back for it', () => {
    const full = { capacity: 10, taken: 10, version: 20, cafeIds: ['a', 'b'] };
    expect(leftInRoom({ roomSlots: [full] }, counts({}), 'b')).toBe(1);
    expect(leftInRoom({ roomSlots: [full] }, counts({ a: [2, 11], b: [8, 11] }), 'b')).toBe(1);
    expect(leftInRoom({ roomSlots: [full] }, counts({ a: [2, 11], b: [8, 11] }), 'c')).toBe(0);
  });

  it('is never below nothing', () => {
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [8, 11], b: [8, 11] }))).toBe(0);
  });
});
