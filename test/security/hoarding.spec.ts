import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent } from '../support/build.ts';
import { type SecurityStack, startSecurityStack } from './security-stack.ts';
import { clientNumber, Jar, mailTo } from './strangers.ts';

const SEATS = 24;
const INVENTIONS = 300;

let stack: SecurityStack;
beforeAll(async () => {
  stack = await startSecurityStack({ withWorker: true, environment: { TRUSTED_PROXIES: '1' } });
});
afterAll(() => stack?.stop());

/** The invented claims are sent by 20 clients, so that few of them need a proof of work. */
const crowd = (number: number) => new Jar(stack, clientNumber(1 + (number % 20)));

describe(`a Café of ${SEATS} and ${INVENTIONS} invented people`, () => {
  it('gives at most half of its seats to people with unproved addresses, and one to the first person who proves an address', async () => {
    // One Café only: the mail budget of the event must be enough for the crowd and one more person.
    const { cafeIds } = await buildEvent(stack.api.database.pool, [{ seats: SEATS }]);
    const path = `/cafes/${cafeIds[0]}/registrations`;
    const statuses = new Map<string, number>();
    for (let start = 0; start < INVENTIONS; start += 30) {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, place) =>
          crowd(start + place).call('POST', path, {
            name: `Invention ${start + place}`,
            email: `invention-${start + place}@example.org`,
          }),
        ),
      );
      for (const { status, json } of answers) {
        const outcome = `${status} ${json.status ?? json.code}`;
        statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(statuses)).toEqual({ '201 held': SEATS / 2, '201 waitlisted': INVENTIONS - SEATS / 2 });

    const email = 'honnete@example.org';
    const honest = new Jar(stack, clientNumber(9_999));
    const claimed = await honest.call('POST', path, { name: 'Hana Honnête', email });
    expect([claimed.status, claimed.json.status]).toEqual([201, 'waitlisted']);
    expect(Date.parse(claimed.json.proveBy)).toBeGreaterThan(Date.now());
    const { code } = await mailTo(stack, email);
    const claimTokens = [claimed.json.claimToken];
    expect((await honest.call('POST', '/sign-in/verify', { email, code, claimTokens })).status).toBe(200);
    const [mine] = (await honest.call('GET', '/me/registrations')).json;
    expect([mine.id, mine.status]).toEqual([claimed.json.id, 'confirmed']);
  });

  it('gives three seats at most to one mailbox, in all spellings of its addresses', async () => {
    const { cafeIds } = await buildEvent(stack.api.database.pool, [{ seats: SEATS }]);
    const spellings = ['j.doe', 'jdoe', 'jdoe+1', 'jd.oe+2', 'j.d.o.e', 'JDOE+3'];
    const statuses = [];
    for (const spelling of spellings) {
      const email = `${spelling}@example.org`;
      const { json } = await crowd(5).call('POST', `/cafes/${cafeIds[0]}/registrations`, { name: 'J Doe', email });
      statuses.push(json.status);
    }
    expect(statuses.filter((status) => status === 'held')).toHaveLength(3);
  });
});
