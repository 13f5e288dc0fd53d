import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

// network.ts listens to events of the window.
Object.assign(globalThis, { window: new EventTarget() });
const { setServerClock, serverNow } = await import('./network.ts');

const DEVICE = Date.parse('2026-06-02T10:00:00.400Z');

beforeEach(() => void jest.useFakeTimers({ now: DEVICE }));
afterEach(() => void jest.useRealTimers());

it("returns the time of the server's clock if the device's clock differs", () => {
  setServerClock('Mon, 01 Jun 2026 10:00:00 GMT');
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:00.000Z');
  jest.advanceTimersByTime(30_000);
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:30.000Z');
  // The header has whole seconds, and this answer took longer: the server's clock is the same.
  setServerClock('Mon, 01 Jun 2026 10:00:29 GMT');
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:30.000Z');
  // An answer without the header.
  setServerClock(null);
  expect(new Date(serverNow()).toISOString()).toBe('2026-06-01T10:00:30.000Z');
});

it("returns the device's time if the two clocks differ by less than two seconds", () => {
  setServerClock('Tue, 02 Jun 2026 09:59:59 GMT');
  expect(serverNow()).toBe(DEVICE);
});
