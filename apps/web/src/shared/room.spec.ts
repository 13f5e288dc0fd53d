import { describe, expect, it } from '@jest/globals';
import { leftInRoom } from './room.ts';

const counts = (found: Record<string, [taken: number, version: number]>) => (id: string) => {
  const [taken, version] = found[id] ?? [];
  return taken === undefined || version === undefined ? undefined : { taken, version };
};
const first = { capacity: 10, taken: 9, version: 20, cafeIds: ['a', 'b'] };
const second = { capacity: 10, taken: 3, version: 20, cafeIds: ['a', 'c'] };

describe('the number of seats that a room has left for a Café', () => {
  it('is infinite if the room is large enough', () => {
    expect(leftInRoom({}, counts({ a: [5, 1] }))).toBe(Infinity);
  });

  it('is the smallest of all room slots, by the newest counts', () => {
    const roomSlots = [first, second];
    expect(leftInRoom({ roomSlots }, counts({ a: [2, 11], b: [3, 11], c: [4, 11] }))).toBe(4);
    expect(leftInRoom({ roomSlots }, counts({ a: [2, 11], b: [8, 11], c: [4, 11] }))).toBe(0);
  });

  it('is the one that was read, if the counts of a Café are missing or not newer', () => {
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [2, 30] }))).toBe(1);
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [2, 9], b: [2, 10] }))).toBe(1);
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [2, 10], b: [2, 11] }))).toBe(6);
  });

  it('includes a seat that the person would give back', () => {
    const full = { capacity: 10, taken: 10, version: 20, cafeIds: ['a', 'b'] };
    expect(leftInRoom({ roomSlots: [full] }, counts({}), 'b')).toBe(1);
    expect(leftInRoom({ roomSlots: [full] }, counts({ a: [2, 11], b: [8, 11] }), 'b')).toBe(1);
    expect(leftInRoom({ roomSlots: [full] }, counts({ a: [2, 11], b: [8, 11] }), 'c')).toBe(0);
  });

  it('is never negative', () => {
    expect(leftInRoom({ roomSlots: [first] }, counts({ a: [8, 11], b: [8, 11] }))).toBe(0);
  });
});
