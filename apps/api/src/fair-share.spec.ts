import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { solveProofOfWork } from '../../../libs/client/src/proof-of-work.ts';
import { type Called, startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { difficultyAt, mailboxOf } from './http/fair-share.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ TRUSTED_PROXIES: '1' });
});
afterAll(() => api?.stop());

/** A separate client for each test. */
let clients = 0;
function client(): string {
  clients += 1;
  return `198.51.100.${clients}`;
}
const ask = (from: string, email: string, proof?: string, path = '/sign-in') =>
  api.call('POST', path, {
    body: path === '/sign-in' ? { email } : { name: 'Léa', email },
    headers: { 'x-forwarded-for': from, ...(proof && { 'proof-of-work': proof }) },
    solves: false,
  });
/** Uses up the free share of a client. */
async function bringTwenty(from: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(from, `${from}-${at}@example.org`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
}
function required(answer: Called): { challenge: string; difficulty: number } {
  expect([answer.status, answer.json.code]).toEqual([429, 'proof-of-work-required']);
  expect(answer.json.proofOfWork).toEqual({
    challenge: expect.stringMatching(/^[\w-]{39}$/),
    difficulty: expect.any(Number),
  });
  return answer.json.proofOfWork;
}

describe('a client that causes mails to more than twenty addresses in an hour', () => {
  it('solves a proof of work for each further address, in claims and sign-in requests, and not for a repeated address', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 50 }]);
    const path = `/cafes/${cafeIds[0]}/registrations`;
    const from = client();
    await bringTwenty(from);
    const challenge = required(await ask(from, 'new@example.org'));
    expect(challenge.difficulty).toBe(16);
    const proof = await solveProofOfWork(challenge);
    expect(createHash('sha256').update(proof).digest().readUInt16BE()).toBe(0);
    expect((await ask(from, 'new@example.org', proof)).status).toBe(202);
    expect((await ask(from, 'new@example.org')).status).toBe(202);
    // Each spelling of a mailbox causes another mail.
    required(await ask(from, 'n.ew+alias@example.org'));
    const claim = required(await ask(from, 'other@example.org', undefined, path));
    expect((await ask(from, 'other@example.org', await solveProofOfWork(claim), path)).status).toBe(201);
    expect((await ask(client(), 'other@example.org')).status).toBe(202);
  });

  it('solves one for each spelling of one mailbox, and a harder one with each doubling', async () => {
    const from = client();
    const difficulties: number[] = [];
    for (let at = 0; at < 170; at++) {
      const answer = await ask(from, `bomb+${at}@example.org`);
      if (at < 20) expect(answer.status).toBe(202);
      else difficulties.push(required(answer).difficulty);
    }
    expect([difficulties[0], difficulties[18], difficulties[20], difficulties[60], difficulties[149]]).toEqual([
      16, 16, 17, 18, 19,
    ]);
  });

  it('uses only half of the budget of mails, in claims and sign-in requests; its first mails do not count against that half', async () => {
    const { pool } = api.database;
    const { cafeIds } = await buildEvent(pool, [{ seats: 50 }, { seats: 50, startsAfterMinutes: 90 }]);
    const from = client();
    await bringTwenty(from);
    const spent = (messages: number) =>
      pool.query(
        `insert into mail_budget values ('00000000-0000-0000-0000-000000000000', date_trunc('hour', now(), 'UTC'), $1)
         on conflict (subject_id, hour) do update set messages = $1`,
        [messages],
      );
    const later = async (email: string, path = '/sign-in') => {
      const proof = await solveProofOfWork(required(await ask(from, email, undefined, path)));
      return ask(from, email, proof, path);
    };
    try {
      await spent(500);
      expect((await later('later@example.org')).json).toEqual({
        status: 'sent-later',
        againInSeconds: expect.any(Number),
      });
      // A second mail to the address is not one of the first either.
      expect((await ask(from, 'later@example.org')).json.status).toBe('sent-later');
      expect((await ask(client(), 'newcomer@example.org')).json).toEqual({ status: 'sent' });
    } finally {
      await spent(0);
    }
    const paths = cafeIds.map((id) => `/cafes/${id}/registrations`);
    const laterMails = async () => (await api.people.attendees.findByEmail('claimed@example.org'))?.laterMails;
    expect((await later('claimed@example.org', paths[0])).status).toBe(201);
    expect(await laterMails()).toBe(true);
    expect((await ask(client(), 'claimed@example.org', undefined, paths[1])).status).toBe(201);
    expect(await laterMails()).toBe(false);
  });

  it('is also counted by its network if it presents the sessions of several people', async () => {
    const from = client();
    const people = await buildPeople(api.database.pool, 3);
    const answers = await Promise.all(
      Array.from({ length: 45 }, (_, at) =>
        api.call('POST', '/sign-in', {
          as: people[at % 3],
          body: { email: `${from}-${at}@example.org` },
          headers: { 'x-forwarded-for': from },
          solves: false,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(20);
  });

  it('is limited although it sends many requests simultaneously', async () => {
    const from = client();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => ask(from, `at-once-${at}@example.org`)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(20);
  });

  it('gets the same difficulty for known and for unknown addresses', async () => {
    const [known] = (await buildPeople(api.database.pool, 1)) as [string];
    const from = client();
    await bringTwenty(from);
    required(await ask(from, (await api.people.attendees.findById(known))?.email ?? ''));
    required(await ask(from, 'unknown@example.org'));
  });
});

describe('a proof of work', () => {
  it('is accepted once, for its call and client only, and only if it is solved', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 50 }]);
    const path = `/cafes/${cafeIds[0]}/registrations`;
    const [from, other] = [client(), client()];
    await bringTwenty(from);
    await bringTwenty(other);
    const made = required(await ask(from, 'a@example.org'));
    const proof = await solveProofOfWork(made);
    required(await ask(other, 'a@example.org', proof));
    required(await ask(from, 'a@example.org', proof, path));
    const wrong = [
      `${made.challenge}.`,
      `${made.challenge}.not-solved`,
      `${made.challenge.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}.0`,
      `${'A'.repeat(39)}.0`,
      proof.replace('.', '..'),
      'x'.repeat(5_000),
    ];
    for (const each of wrong) required(await ask(from, 'a@example.org', each));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => ask(from, `b${at}@example.org`, proof)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  });
});

describe('a network that tries more than twenty wrong codes in an hour', () => {
  const tryCode = (from: string, email: string, code: string, more: { as?: string; proof?: string } = {}) =>
    api.call('POST', '/sign-in/verify', {
      body: { email, code },
      as: more.as,
      headers: { 'x-forwarded-for': from, ...(more.proof && { 'proof-of-work': more.proof }) },
      solves: false,
    });

  it('solves a proof of work for each further code, over all addresses and sessions; a right code is free', async () => {
    const from = client();
    const [lea = ''] = await buildPeople(api.database.pool, 1);
    const right = async (at: number) => {
      const email = `${from}-right-${at}@example.org`;
      await api.ask('POST /sign-in', { body: { email } });
      const { rows } = await api.database.pool.query('select id from sign_in_challenge where email = $1', [email]);
      return tryCode(from, email, await api.people.signInMails.codeOf(rows[0].id));
    };
    for (let at = 0; at < 3; at++) expect((await right(at)).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        tryCode(from, `${from}-wrong-${at}@example.org`, '000000', at % 2 ? { as: lea } : {}),
      ),
    );
    const count = (code: string) => answers.filter(({ json }) => json.code === code).length;
    expect([count('sign-in-invalid'), count('proof-of-work-required')]).toEqual([20, 20]);
    const proof = await solveProofOfWork(required(await tryCode(from, 'next@example.org', '000000')));
    expect((await tryCode(from, 'next@example.org', '000000', { proof })).json.code).toBe('sign-in-invalid');
    expect((await tryCode(client(), 'next@example.org', '000000')).json.code).toBe('sign-in-invalid');
  });
});

describe('people behind the same address as a flooder', () => {
  it('are all answered: each solves at most a proof of work, and a signed-in person solves none for their seats', async () => {
    const from = client();
    await bringTwenty(from);
    const flood = async () => {
      const answers = [];
      for (let sent = 0; sent < 160; sent++) answers.push(await ask(from, `${from}-0@example.org`));
      return answers;
    };
    const flooded = (await Promise.all(Array.from({ length: 10 }, flood))).flat();
    // Twenty requests were made before: the share of an address is 1,500 in a minute.
    expect(flooded.filter(({ status }) => status === 202)).toHaveLength(1_480);
    expect(flooded.filter(({ json }) => json.code === 'proof-of-work-required')).toHaveLength(120);
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        api.call('POST', '/sign-in', {
          body: { email: `person-${at}@example.org` },
          headers: { 'x-forwarded-for': from },
        }),
      ),
    );
    expect(people.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 50 }]);
    const signedIn = await api.call('POST', `/cafes/${cafeIds[0]}/registrations`, {
      as: lea,
      body: {},
      headers: { 'x-forwarded-for': from },
      solves: false,
    });
    expect(signedIn.status).toBe(201);
  });

  it('solve a harder proof the more requests come from the address, and the hardest takes a phone some seconds', async () => {
    const difficulties = [1.001, 1.999, 2, 4, 8, 1_000].map(difficultyAt);
    expect(difficulties).toEqual([16, 16, 17, 18, 19, 19]);
  });
});

it('a mailbox is an address without dots, alias and capitals', () => {
  for (const email of ['j.doe@example.org', 'JDoe@Example.org', 'jdoe+1@example.org', 'j.d.o.e+a+b@example.org']) {
    expect(mailboxOf(email)).toBe('jdoe@example.org');
  }
  expect(mailboxOf('"a@b"@example.org')).toBe('"a@b"@example.org');
});
