import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

// What is known of the network is heard from the window.
Object.assign(globalThis, { window: new EventTarget() });
const { clockSaid, serverNow } = await import('./network.ts');

const DEVICE = Date.parse('2026-06-02T10:00:00.400Z');

beforeEach(() => void jest.useFakeTimers({ now: DEVICE }));
afterEach(() => void jest.useRealTimers());

it("tells the time of the server's clock, whatever the device's says", () => {
  clockSaid('Mon, 01 Jun 2026 10:00:00 GMT');
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:00.000Z');
  jest.advanceTimersByTime(30_000);
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:30.000Z');
  // Whole seconds and a slower way: the same clock.
  clockSaid('Mon, 01 Jun 2026 10:00:29 GMT');
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:30.000Z');
  // An answer of no server of ours.
  clockSaid(null);
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:30.000Z');
});

it("is the device's time while the two clocks agree to two seconds", () => {
  clockSaid('Tue, 02 Jun 2026 09:59:59 GMT');
  expect(serverNow()).toBe(DEVICE);
});
