import { beforeEach, expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { forgetFetched, keepTickets, ticketPath } from './kept.ts';

const seat = [{ id: 'seat', status: 'confirmed' }] as Registration[];
let asked: string[];
let answer: () => Promise<Response>;

beforeEach(() => {
  asked = [];
  forgetFetched();
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { serviceWorker: { controller: {} } } });
  globalThis.fetch = (path) => {
    asked.push(String(path));
    return answer();
  };
});

/** The page hears of its registrations, and the answer to what it asks then has come. */
async function hear(): Promise<void> {
  keepTickets(seat);
  await new Promise((resolve) => setImmediate(resolve));
}

it('has each ticket once', async () => {
  answer = async () => new Response('');
  for (let times = 0; times < 3; times++) await hear();
  expect(asked).toEqual([ticketPath('seat')]);
});

it.each([
  ['there was no network', () => Promise.reject(new TypeError('no network'))],
  ['the server could not give it', async () => new Response('', { status: 503 })],
])('asks for it again where %s', async (_, fails) => {
  answer = fails;
  await hear();
  answer = async () => new Response('');
  for (let times = 0; times < 3; times++) await hear();
  expect(asked).toHaveLength(2);
});

it('has it again for the next session, for which the service worker forgot it', async () => {
  answer = async () => new Response('');
  await hear();
  forgetFetched();
  await hear();
  expect(asked).toHaveLength(2);
});
