import { describe, expect, it } from '@jest/globals';
import { RepeatGuard } from './repeat-guard.ts';

describe('a ticket in front of the camera', () => {
  it('counts once while it stays there, and again after it was away or another came between', () => {
    const guard = new RepeatGuard();
    expect([0, 120, 3_000, 6_900].map((now) => guard.isNew('a', now))).toEqual([true, false, false, false]);
    expect(guard.isNew('b', 7_000)).toBe(true);
    expect(guard.isNew('a', 7_100)).toBe(true);
    expect(guard.isNew('a', 11_200)).toBe(true);
  });
});
