import { expect, it } from '@jest/globals';
import type { CheckInAnswer } from '#contract';
import { ApiProblem } from '../../../../libs/client/src/index.ts';
import type { Scan } from './door-store.ts';

Object.assign(globalThis, { window: globalThis.window ?? new EventTarget() });
const { ScanQueue } = await import('./scan-queue.ts');

const scan = (clientId: string): Scan => ({
  clientId,
  cafeId: 'cafe',
  by: 'host',
  what: { registrationId: clientId },
  scannedAt: '2035-06-01T08:00:00Z',
});
const welcome = { result: 'checked-in' } as CheckInAnswer;

/** A queue whose API gives these answers in order. `log` has the calls and their results. */
function open(answers: (CheckInAnswer | ApiProblem)[]) {
  const log: string[] = [];
  const stored = new Set<string>();
  let waiting: string[] = [];
  const queue = new ScanQueue({
    store: async ({ clientId }) => void stored.add(clientId),
    remove: async (clientId) => void stored.delete(clientId),
    send: async ({ clientId }) => {
      log.push(`send ${clientId} ${stored.has(clientId) ? 'kept' : 'not kept'}`);
      const answer = answers.shift() ?? welcome;
      if (answer instanceof ApiProblem) throw answer;
      return answer;
    },
    answered: ({ clientId }, answer) =>
      log.push(`${clientId} ${answer instanceof ApiProblem ? answer.code : answer.result}`),
    unanswered: ({ clientId }) => log.push(`${clientId} waits`),
    changed: (scans) => {
      waiting = scans.map(({ clientId }) => clientId);
    },
  });
  return { queue, log, stored, waiting: () => waiting };
}

it.each([
  ['no answer comes', new ApiProblem({}, 'unreachable')],
  ['the server is unavailable', new ApiProblem({ code: 'unavailable', status: 503 })],
  ['the session has ended', new ApiProblem({ code: 'not-signed-in', status: 401 })],
])('a scan is stored and sent again with its id while %s', async (_, problem) => {
  const { queue, log, stored, waiting } = open([problem]);
  await queue.add(scan('a'));
  expect([waiting(), [...stored]]).toEqual([['a'], ['a']]);
  queue.flush();
  await new Promise(setImmediate);
  expect(log).toEqual(['send a kept', 'a waits', 'send a kept', 'a checked-in']);
  expect([waiting(), [...stored]]).toEqual([[], []]);
});

it('a scan that the API refuses is reported, and not sent again', async () => {
  const { queue, log, stored } = open([new ApiProblem({ code: 'ticket-invalid', status: 422 })]);
  await queue.add(scan('a'));
  queue.flush();
  expect(log).toEqual(['send a kept', 'a ticket-invalid']);
  expect(stored.size).toBe(0);
});

it('the scans of an earlier visit are sent, each by one request at a time', async () => {
  const { queue, log } = open([]);
  queue.resume([scan('a'), scan('b')]);
  queue.flush();
  await new Promise(setImmediate);
  expect(log).toEqual(['send a not kept', 'send b not kept', 'a checked-in', 'b checked-in']);
});
