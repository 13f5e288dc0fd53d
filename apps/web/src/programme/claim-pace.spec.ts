import { describe, expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { nextReadMs } from './claim-pace.ts';

const NOW = Date.parse('2026-06-02T10:00:00Z');
const MINUTE_MS = 60_000;
const claim = (status: Registration['status'], rest: Partial<Registration> = {}) =>
  ({ id: 'id', cafeId: 'cafe', status, ...rest }) as Registration;
const at = (milliseconds: number) => new Date(NOW + milliseconds).toISOString();

describe('a claim is read again', () => {
  const held = claim('held', { guest: true, expiresAt: at(30 * MINUTE_MS) });

  it('every few seconds at first, and less often later', () => {
    expect(nextReadMs(held, 0, NOW, 0.5)).toBe(4_000);
    expect(nextReadMs(held, 10 * MINUTE_MS, NOW, 0.5)).toBe(20_000);
    expect(nextReadMs(claim('waitlisted', { guest: true, proveBy: at(9 * MINUTE_MS) }), 0, NOW, 0.5)).toBe(4_000);
    expect(nextReadMs(claim('waitlisted', { guest: true }), 0, NOW, 0.5)).toBe(4_000);
    expect(nextReadMs(claim('waitlisted'), 0, NOW, 0.5)).toBe(20_000);
    expect(nextReadMs(claim('confirmed'), 0, NOW, 0.5)).toBe(60_000);
  });

  it('at random moments', () => {
    expect([nextReadMs(held, 0, NOW, 0), nextReadMs(held, 0, NOW, 1)]).toEqual([2_000, 6_000]);
  });

  it('as soon as its hold has ended', () => {
    expect(nextReadMs(claim('held', { guest: true, expiresAt: at(500) }), 0, NOW, 0.5)).toBe(1_500);
    // The server has not processed the end of the hold yet.
    expect(nextReadMs(claim('held', { guest: true, expiresAt: at(-9_000) }), 0, NOW, 0.5)).toBe(4_000);
  });

  it.each(['cancelled', 'expired'] as const)('not any more when it is %s', (status) => {
    expect(nextReadMs(claim(status), 0, NOW)).toBe(false);
  });
});
