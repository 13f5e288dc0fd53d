import { beforeEach, expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { keepTickets, resetFetched, ticketPath } from './device-data.ts';

const seat = [{ id: 'seat', status: 'confirmed' }] as Registration[];
let requested: string[];
let answer: () => Promise<Response>;

beforeEach(() => {
  requested = [];
  resetFetched();
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { serviceWorker: { controller: {} } } });
  globalThis.fetch = (path) => {
    requested.push(String(path));
    return answer();
  };
});

/** Gives the registrations to `keepTickets`, and waits until its requests are answered. */
async function receive(): Promise<void> {
  keepTickets(seat);
  await new Promise((resolve) => setImmediate(resolve));
}

it('fetches each ticket once', async () => {
  answer = async () => new Response('');
  for (let times = 0; times < 3; times++) await receive();
  expect(requested).toEqual([ticketPath('seat')]);
});

it.each([
  ['there was no network', () => Promise.reject(new TypeError('no network'))],
  ['the server could not give it', async () => new Response('', { status: 503 })],
])('fetches a ticket again if %s', async (_, fails) => {
  answer = fails;
  await receive();
  answer = async () => new Response('');
  for (let times = 0; times < 3; times++) await receive();
  expect(requested).toHaveLength(2);
});

it('fetches a ticket again for the next session, because the service worker has deleted it', async () => {
  answer = async () => new Response('');
  await receive();
  resetFetched();
  await receive();
  expect(requested).toHaveLength(2);
});
