import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent } from '../support/build.ts';
import { LONG, type SecurityStack, startSecurityStack } from './security-stack.ts';
import { clientNumber, Jar, mailTo, tokenOf } from './strangers.ts';

const TRIES = LONG ? 5_000 : 300;
/** The number of tries in an hour for one address, over all clients. */
const TRIES_MAX = 10;

let stack: SecurityStack;
let cafeIds: string[];
let closed: string;
beforeAll(async () => {
  stack = await startSecurityStack({ withWorker: true, environment: { TRUSTED_PROXIES: '1' } });
  const event = await buildEvent(stack.api.database.pool, [
    { seats: 50 },
    { seats: 50, startsAfterMinutes: 60 },
    { seats: 50, startsAfterMinutes: 120, state: 'closed' },
  ]);
  cafeIds = event.cafeIds;
  closed = cafeIds[2] as string;
});
afterAll(() => stack?.stop());

let clients = 0;
const stranger = () => new Jar(stack, clientNumber(++clients));
const guess = (jar: Jar, email: string, code: string) => jar.call('POST', '/sign-in/verify', { email, code });
/** A code that is always wrong. A code of another length would be refused before it is compared. */
const wrong = (right: string, number: number) => {
  const code = String(number % 10 ** right.length).padStart(right.length, '0');
  return code === right ? String((Number(right) + 1) % 10 ** right.length).padStart(right.length, '0') : code;
};

describe('guessing the code of another person', () => {
  it(`ends after ${TRIES_MAX} tries of ${TRIES}, over all clients, claims and mails; the link still signs its owner in`, async () => {
    const email = 'victime@example.org';
    const owner = stranger();
    expect((await owner.call('POST', '/sign-in', { email })).status).toBe(202);
    const mail = await mailTo(stack, email);
    const outcomes = new Map<string, number>();
    for (let number = 0; number < TRIES; number++) {
      const jar = stranger();
      // Requests that would make a new challenge with its own tries: a claim (also on a closed Café), and a request for a mail.
      const claim = { name: 'Mallory', email };
      if (number % 6 === 0) await jar.call('POST', `/cafes/${cafeIds[(number / 6) % 2]}/registrations`, claim);
      if (number % 6 === 2) await jar.call('POST', `/cafes/${closed}/registrations`, claim);
      if (number % 6 === 4) await jar.call('POST', '/sign-in', { email });
      const { status, json } = await guess(jar, email, wrong(mail.code as string, number));
      const outcome = `${status} ${json?.code}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      expect(jar.signedIn).toBe(false);
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      '401 sign-in-invalid': TRIES_MAX,
      '429 code-locked': TRIES - TRIES_MAX,
    });
    expect((await guess(owner, email, mail.code as string)).json.code).toBe('code-locked');
    expect((await owner.call('POST', '/sign-in/verify', { token: tokenOf(mail) })).status).toBe(200);
    expect(owner.signedIn).toBe(true);
  });

  it('is counted before the code is compared: of 50 tries at once, ten are compared', async () => {
    const email = 'ensemble@example.org';
    await stranger().call('POST', '/sign-in', { email });
    const { code = '' } = await mailTo(stack, email);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => guess(stranger(), email, wrong(code, number))),
    );
    const compared = answers.filter(({ json }) => json.code === 'sign-in-invalid');
    expect([compared.length, answers.filter(({ json }) => json.code === 'code-locked').length]).toEqual([10, 40]);
  });

  it('finds no code when no mail was sent: for an unknown address, or for a refused claim', async () => {
    const email = 'inconnue@example.org';
    const jar = stranger();
    await jar.call('POST', `/cafes/${closed}/registrations`, { name: 'Ana', email });
    const { rowCount } = await stack.api.database.pool.query('select from sign_in_challenge where email = $1', [email]);
    expect(rowCount).toBe(0);
    expect((await guess(jar, email, '123456')).json.code).toBe('sign-in-invalid');
  });
});

describe('a right code', () => {
  it('signs in only one of 50 that use it at once', async () => {
    const email = 'course@example.org';
    const jars = Array.from({ length: 50 }, stranger);
    await jars[0]?.call('POST', '/sign-in', { email });
    const { code = '' } = await mailTo(stack, email);
    await Promise.all(jars.map((jar) => guess(jar, email, code)));
    expect(jars.filter(({ signedIn }) => signedIn)).toHaveLength(1);
  });
});

describe('asking for mails to another person', () => {
  it('never gets the answer that a mail was sent when none was sent, and does not end the open code', async () => {
    const email = 'assaillie@example.org';
    let sent = 0;
    for (let number = 0; number < 40; number++) {
      const { json } = await stranger().call('POST', '/sign-in', { email });
      if (json.status === 'sent') sent++;
      else expect(json).toMatchObject({ status: 'sent-already', againInSeconds: expect.any(Number) });
    }
    const owner = stranger();
    await owner.call('POST', '/sign-in', { email });
    const { code = '' } = await mailTo(stack, email, sent - 1);
    expect(stack.mailbox?.messagesTo(email)).toHaveLength(sent);
    expect(sent).toBeLessThan(10);
    expect((await guess(owner, email, code)).status).toBe(200);
  });
});
