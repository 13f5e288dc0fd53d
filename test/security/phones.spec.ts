import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent } from '../support/build.ts';
import { LONG, type SecurityStack, startSecurityStack, untilKnown } from './security-stack.ts';
import { Jar } from './strangers.ts';

const PHONES = LONG ? 800 : 12;
/** More requests than a whole venue sends in a minute. */
const FLOOD = LONG ? 12_000 : 1_700;
const VENUE = '198.51.100.7';
const AT_ONCE = 20;

let stack: SecurityStack;
let eventId: string;
let cafeId: string;
beforeAll(async () => {
  stack = await startSecurityStack({ environment: { TRUSTED_PROXIES: '1' } });
  const event = await buildEvent(stack.api.database.pool, [{ seats: 2_000 }]);
  ({ eventId } = event);
  cafeId = event.cafeIds[0] as string;
  await untilKnown(stack, eventId);
});
afterAll(() => stack?.stop());

/** Runs a function this many times, several at the same time. */
async function each(count: number, run: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const runner = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
}

describe(`${PHONES} phones behind one address, beside a flooder`, () => {
  it('are never refused when they ask for a mail, claim a seat or open a live connection', async () => {
    const flood = await flooded();
    expect(flood.has('202')).toBe(true);
    // The flooder does not solve the proof of work, and is stopped.
    expect(flood.has('429 proof-of-work-required')).toBe(true);

    const refused: string[] = [];
    await each(PHONES, async (number) => {
      const phone = new Jar(stack, VENUE);
      const email = `phone-${number}@example.org`;
      const answer = await phone.call('POST', '/sign-in', { email });
      const claimed = await phone.call('POST', `/cafes/${cafeId}/registrations`, { name: 'Un Téléphone', email });
      if (answer.status !== 202) refused.push(`sign-in ${answer.status} ${answer.json?.code}`);
      if (claimed.status !== 201) refused.push(`claim ${claimed.status} ${claimed.json?.code}`);
      const socket = await stack.connect(undefined, { 'x-forwarded-for': VENUE }).catch((error: Error) => error);
      if (socket instanceof Error) refused.push(`connection ${socket.message}`);
      else if (!(await socket.timeout(10_000).emitWithAck('event:watch', { eventId })).ok) refused.push('watch');
    });
    expect(refused).toEqual([]);
  });
});

/** The answers to a flooder behind the same address that does not solve the proof of work. */
async function flooded(): Promise<Set<string>> {
  const outcomes = new Set<string>();
  await each(FLOOD, async (number) => {
    const { status, json } = await stack.api.call('POST', '/sign-in', {
      body: { email: `flood-${number % 30}@example.org` },
      headers: { 'x-forwarded-for': VENUE },
      solves: false,
    });
    outcomes.add(status === 202 ? '202' : `${status} ${json?.code}`);
  });
  return outcomes;
}
