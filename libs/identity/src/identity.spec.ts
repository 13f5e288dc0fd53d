import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProblemError } from '#contract';
import { type Database, openDatabase } from '#platform';
import { openSeats } from '#seats';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase, waitFor } from '../../../test/support/index.ts';
import { CodeRequired, type Identity, openIdentity } from './index.ts';
import { SealedBodies } from './secrets.ts';

const secret = 'a secret of thirty-two characters';
let testDatabase: TestDatabase;
let database: Database;
let people: Identity;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'people-spec' });
  people = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
});

afterAll(async () => {
  people.close();
  await database.close();
  await testDatabase.drop();
});

async function askedFor(email: string): Promise<string[]> {
  const rows = await database.pool.query('select id from sign_in_challenge where email = $1 order by id', [email]);
  return rows.rows.map((row) => row.id);
}

function tokenOf(link: string): string {
  return new URL(link).searchParams.get('token') as string;
}

/** Ask for a mail to an address: its challenge, its code, a code that is not its own, and the cookie that asked. */
async function ask(email: string, asked?: string) {
  const { again, ...answer } = await people.askSignIn({ email, asked });
  const id = (await askedFor(email)).at(-1) as string;
  const code = await people.signInCode(id);
  return { ...answer, again, againInSeconds: again?.inSeconds, id, code, token: tokenOf(people.signInLink(id)) };
}

/** A guest registration and the challenge of its mail, as the worker makes it. */
async function claimed(email: string, until?: string) {
  const { attendeeId } = await people.guest({ name: 'Claimant', email });
  const registrationId = randomUUID();
  const id = await people.challengeFor({ attendeeId, registrationId, until });
  const claimTokens = [people.claimTokens.seal(registrationId)];
  return {
    attendeeId,
    registrationId,
    id,
    code: await people.signInCode(id),
    token: tokenOf(people.signInLink(id)),
    claimTokens,
  };
}

/** Another code of as many digits. */
function other(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}

/** The code of an address is tried: what came of it. */
async function tried(email: string, code: string): Promise<'in' | 'wrong' | string> {
  try {
    return (await people.verify({ email, code })) ? 'in' : 'wrong';
  } catch (error) {
    return (error as ProblemError).code;
  }
}

/** The mails to a mailbox become older. */
const ageMails = (email: string, interval: string) =>
  database.pool.query(
    `update sign_in_mails set mailed_at = array(select t - $2::interval from unnest(mailed_at) t) where mailbox = mailbox_of($1)`,
    [email, interval],
  );
/** All tries become older. */
const ageTries = (interval: string) =>
  database.pool.query(
    `update code_tries
     set tried_at = array(select t - $1::interval from unnest(tried_at) t), last_at = last_at - $1::interval`,
    [interval],
  );
const mailsOwed = async (email: string): Promise<string[]> =>
  (
    await database.pool.query(
      `select o.challenge_id from outbox o join sign_in_challenge c on c.id = o.challenge_id
       where c.email = $1 and o.kind = 'sign-in-code' order by o.id`,
      [email],
    )
  ).rows.map((row) => row.challenge_id);

describe('a sign-in', () => {
  it('owes one mail for the asking, whether the address is known or not', async () => {
    await people.askSignIn({ email: 'nobody@example.org', locale: 'en' });
    const [challengeId] = await askedFor('nobody@example.org');
    const owed = await database.pool.query('select kind, challenge_id, attendee_id from outbox');
    expect(owed.rows).toEqual([{ kind: 'sign-in-code', challenge_id: challengeId, attendee_id: null }]);
  });

  it('opens by the six digits, makes the person, and proves their address', async () => {
    const email = 'lea.martin@example.org';
    const { id, code } = await ask(email);
    expect(code).toMatch(/^\d{6}$/);
    const answer = await people.verify({ email, code });
    expect(answer?.challengeId).toBe(id);
    expect(await people.personOf(answer?.attendeeId as string)).toMatchObject({ name: 'lea martin', proved: true });
  });

  it('makes nobody and proves nothing before the code is right', async () => {
    const email = 'not-yet@example.org';
    const { code, token } = await ask(email);
    const { attendeeId, ...held } = await claimed('held-only@example.org');
    await people.verify({ email, code: other(code) });
    await people.verify({ email: 'held-only@example.org', code: other(held.code) });
    await expect(people.verify({ token })).rejects.toThrow(CodeRequired);
    expect(await people.attendeeOf(email)).toBeUndefined();
    expect(await people.personOf(attendeeId)).toMatchObject({ proved: false });
  });

  it('opens by the link in the browser that asked, until it is consumed and never after', async () => {
    const email = 'link@example.org';
    const { id, code, token, asked } = await ask(email);
    const link = people.signInLink(id, '/me?a=b&c');
    expect(new URL(link).searchParams.get('next')).toBe('/me?a=b&c');
    const verified = await people.verify({ token }, { asked });
    expect(verified).toMatchObject({ challengeId: id });
    expect(await people.verify({ token }, { asked })).toEqual(verified);
    await people.consume(verified as NonNullable<typeof verified>);
    expect(await people.verify({ token }, { asked })).toBeUndefined();
    expect(await people.verify({ email, code })).toBeUndefined();
  });

  it('lets in one of many who answer it at once', async () => {
    const { id } = await ask('at-once@example.org');
    const verified = { attendeeId: randomUUID(), challengeId: id, registrationIds: [], byClaim: false };
    const firsts = await Promise.all(Array.from({ length: 10 }, () => people.consume(verified)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
  });

  it('refuses a token of another installation, a changed one and any other text', async () => {
    const { id, token, asked } = await ask('forged@example.org');
    const elsewhere = openIdentity({
      database,
      secret: 'another secret of enough letters..',
      publicUrl: 'http://x.test',
    });
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [tokenOf(elsewhere.signInLink(id)), changed, '', 'é', 'a'.repeat(54), `${token}\0`])
      expect(await people.verify({ token: wrong }, { asked })).toBeUndefined();
  });

  it('by an operator’s link works again, in any browser, until it expires', async () => {
    const link = await people.createSignInLink('organisatrice@example.org', { ttlHours: 1, next: '/organiser' });
    const { code } = await ask('organisatrice@example.org');
    const first = (await people.verify({ token: tokenOf(link) })) as NonNullable<
      Awaited<ReturnType<Identity['verify']>>
    >;
    expect(await people.consume(first)).toBe(true);
    expect(await people.verify({ token: tokenOf(link) })).toEqual(first);
    expect(await people.consume(first)).toBe(true);
    // What it opens is a link: its code opens nothing, and the sign-in ended the others of the address.
    const { rows } = await database.pool.query(
      `select id from sign_in_challenge where email = 'organisatrice@example.org' and reusable`,
    );
    expect(await tried('organisatrice@example.org', await people.signInCode(rows[0].id))).toBe('wrong');
    expect(await tried('organisatrice@example.org', code)).toBe('wrong');
  });

  it('ends every code and link of its address', async () => {
    const email = 'older@example.org';
    const held = await claimed(email);
    const first = await ask(email);
    await database.pool.query(
      `update sign_in_challenge set code_expires_at = now() + interval '4 minutes' where id = $1`,
      [first.id],
    );
    const second = await ask(email, first.asked);
    expect(second.id).not.toBe(first.id);
    const verified = await people.verify({ email, code: second.code }, { asked: second.asked });
    await people.consume(verified as NonNullable<typeof verified>);
    for (const { code, token } of [held, first, second]) {
      expect(await people.verify({ email, code }, { asked: second.asked })).toBeUndefined();
      expect(await people.verify({ token }, { asked: second.asked })).toBeUndefined();
    }
  });

  it('does not deadlock where two challenges of one address are answered at once', async () => {
    const email = 'crossed@example.org';
    const [first, middle, last] = [await claimed(email), await claimed(email), await claimed(email)];
    const consume = ({ id, attendeeId }: typeof first) =>
      people.consume({ attendeeId, challengeId: id, registrationIds: [], byClaim: false }).catch((error) => error.code);
    const waiting = (count: number) =>
      waitFor(
        async () => {
          const found = await database.pool.query(
            `select from pg_stat_activity
             where datname = current_database() and query like '%sign_in_consume%' and wait_event_type = 'Lock'`,
          );
          return found.rowCount === count;
        },
        { what: `${count} sign-ins to wait` },
      );
    const holder = await database.pool.connect();
    try {
      await holder.query('begin');
      await holder.query('select from sign_in_challenge where id = $1 for update', [middle.id]);
      const one = consume(first);
      await waiting(1);
      const other = consume(last);
      await waiting(2);
      await holder.query('commit');
      expect(await Promise.all([one, other])).toEqual([true, false]);
    } finally {
      holder.release();
    }
  });
});

describe('a mail with a code', () => {
  it('goes out again with the same challenge, and with growing pauses', async () => {
    const email = 'impatient@example.org';
    const first = await ask(email);
    for (const pause of ['0 s', '30 s', '1 min', '2 min', '4 min']) {
      await ageMails(email, pause);
      expect((await ask(email)).againInSeconds).toBeUndefined();
    }
    const owed = await mailsOwed(email);
    expect(owed).toHaveLength(6);
    expect(owed.slice(0, 5)).toEqual(Array(5).fill(first.id));
    // Six in an hour: the seventh goes an hour after the first.
    const { againInSeconds } = await ask(email);
    expect(againInSeconds).toBeGreaterThan(3_600 - 450 - 10);
    await ageMails(email, `${againInSeconds} s`);
    expect((await ask(email)).again).toBeUndefined();
  });

  it('does not go out during a pause, and the answer says for how long; the code that was sent last is good', async () => {
    const email = 'paused@example.org';
    await ask(email);
    await ask(email);
    for (const seconds of [30, 60, 120, 240]) {
      const { againInSeconds, id, code } = await ask(email);
      expect(againInSeconds).toBeGreaterThan(seconds - 10);
      expect(againInSeconds).toBeLessThanOrEqual(seconds);
      expect((await mailsOwed(email)).at(-1)).toBe(id);
      const good = await database.pool.query(
        `select from sign_in_challenge where id = $1 and code_expires_at >= now() + make_interval(secs => $2)`,
        [id, againInSeconds],
      );
      expect(good.rowCount).toBe(1);
      expect(await people.verify({ email, code })).toBeDefined();
      await ageMails(email, `${seconds} s`);
      expect((await ask(email)).againInSeconds).toBeUndefined();
    }
    expect(await mailsOwed(email)).toHaveLength(6);
  });

  it('holds a new code that is good until the pause behind it ends, however long that is', async () => {
    const email = 'long-pauses@example.org';
    for (const pause of [0, 0, 30, 60, 120, 240]) {
      await ageMails(email, `${pause} s`);
      // The code before it has almost ended.
      await database.pool.query(
        `update sign_in_challenge set code_expires_at = now() + interval '1 minute' where email = $1`,
        [email],
      );
      expect((await ask(email)).againInSeconds).toBeUndefined();
    }
    expect(new Set(await mailsOwed(email)).size).toBe(6);
    const { id, againInSeconds } = await ask(email);
    const good = await database.pool.query(
      `select from sign_in_challenge where id = $1 and code_expires_at >= now() + make_interval(secs => $2)`,
      [id, againInSeconds],
    );
    expect(againInSeconds).toBeGreaterThan(3_000);
    expect(good.rowCount).toBe(1);
  });

  it('goes out at once after an hour of quiet, and where no code is open any more', async () => {
    const email = 'quiet@example.org';
    for (let mail = 0; mail < 2; mail++) await ask(email);
    expect((await ask(email)).againInSeconds).toBeDefined();
    // Its person signs in: no code is left, so another browser of theirs gets a mail without a pause.
    const { code } = await ask(email);
    const verified = await people.verify({ email, code });
    await people.consume(verified as NonNullable<typeof verified>);
    expect((await ask(email)).againInSeconds).toBeUndefined();
    expect((await ask(email)).againInSeconds).toBeDefined();
    await ageMails(email, '61 minutes');
    expect((await ask(email)).againInSeconds).toBeUndefined();
    expect((await ask(email)).againInSeconds).toBeUndefined();
  });

  it('is one where many ask at once, but for the second that needs no pause', async () => {
    const email = 'crowd@example.org';
    const answers = await Promise.all(Array.from({ length: 50 }, () => people.askSignIn({ email })));
    expect(answers.filter(({ again }) => again === undefined)).toHaveLength(2);
    expect(new Set(await mailsOwed(email)).size).toBe(1);
    expect(await mailsOwed(email)).toHaveLength(2);
  });

  it('is compared with the mail of the claim whose token comes first, and with no other', async () => {
    const email = 'two-claims@example.org';
    const first = await claimed(email);
    const second = await claimed(email);
    const asked = people.asked.add(people.asked.add(undefined, first.registrationId), second.registrationId);
    const from = (one: typeof first, other: typeof first) => ({
      asked,
      claimTokens: [...one.claimTokens, ...other.claimTokens],
    });
    expect(await people.verify({ email, code: first.code }, from(second, first))).toBeUndefined();
    expect(await people.verify({ email, code: second.code }, from(first, second))).toBeUndefined();
    expect(await people.verify({ email, code: first.code }, from(first, second))).toMatchObject({
      challengeId: first.id,
    });
  });

  it('goes six times an hour to one mailbox, however it is spelled and asked for at once', async () => {
    const spelled = (at: number) => `${at % 2 ? 'f.looded' : 'flooded'}+${at}@example.org`;
    const sentOf = async (ats: number[]) => {
      const answers = await Promise.all(ats.map((at) => people.askSignIn({ email: spelled(at) })));
      return answers.filter(({ again }) => !again).length;
    };
    const ats = Array.from({ length: 20 }, (_, at) => at);
    const sent = [await sentOf(ats)];
    for (const pause of ['30 s', '1 min', '2 min', '4 min', '8 min', '15 min']) {
      await ageMails('flooded@example.org', pause);
      sent.push(await sentOf(ats));
    }
    expect(sent).toEqual([2, 1, 1, 1, 1, 0, 0]);
  });

  it('goes to a proved address all the same, twice an hour, with the answer of any other address', async () => {
    const { pool } = database;
    const { email } = (await people.personOf((await buildPeople(pool, 1))[0] as string)) as { email: string };
    const addresses = [email, 'never-seen@example.org'];
    for (const each of addresses) {
      await pool.query(
        `insert into sign_in_mails (mailbox, mailed_at) values (mailbox_of($1), array_fill(now() - interval '10 minutes', '{6}'))`,
        [each],
      );
    }
    for (let turn = 0; turn < 5; turn++) {
      const answers = await Promise.all(addresses.map((each) => people.askSignIn({ email: each })));
      for (const { again } of answers) expect(again).toEqual({ inSeconds: 3_000, codeIsGood: false });
      const [challengeId] = (await askedFor(email)).slice(-1);
      await pool.query('update sign_in_challenge set used_at = now() where id = $1', [challengeId]);
    }
    expect([(await mailsOwed(email)).length, await askedFor('never-seen@example.org')]).toEqual([2, []]);
    // An hour later, both are answered alike again.
    for (const each of addresses) await ageMails(each, '1 hour');
    for (const each of addresses) expect((await people.askSignIn({ email: each })).again).toBeUndefined();
  });

  it('is never said to be sent when the budget is spent, for no address and no part of it', async () => {
    const { pool } = database;
    const [known = ''] = await buildPeople(pool, 1);
    const { email } = (await people.personOf(known)) as { email: string };
    const spend = (messages: number) =>
      pool.query(
        `insert into mail_budget values ('00000000-0000-0000-0000-000000000000', date_trunc('hour', now(), 'UTC'), $1)
         on conflict (subject_id, hour) do update set messages = excluded.messages`,
        [messages],
      );
    try {
      await spend(999);
      // Half of it is for clients that caused many mails.
      expect((await people.askSignIn({ email: 'bomb-1@example.org', later: true })).again?.codeIsGood).toBe(false);
      expect((await people.askSignIn({ email: 'first@example.org' })).again).toBeUndefined();
      for (let turn = 0; turn < 3; turn++) {
        const [one, other] = [
          await people.askSignIn({ email }),
          await people.askSignIn({ email: 'stranger@example.org' }),
        ];
        for (const { again } of [one, other]) {
          expect(again).toEqual({ inSeconds: expect.any(Number), codeIsGood: false });
        }
      }
      expect([await mailsOwed(email), await mailsOwed('stranger@example.org')]).toEqual([[expect.any(String)], []]);
    } finally {
      await spend(0);
    }
  });

  it('has the challenge of the claim that this browser made, sent again', async () => {
    const email = 'claimed-before@example.org';
    const { id, registrationId, code, claimTokens } = await claimed(email);
    const asked = people.asked.add(undefined, registrationId);
    await people.askSignIn({ email, asked });
    expect(await mailsOwed(email)).toEqual([id]);
    // Another browser gets a challenge of its own, which does not take the place of the first.
    await people.askSignIn({ email });
    expect(new Set(await mailsOwed(email)).size).toBe(2);
    expect(await people.verify({ email, code }, { asked, claimTokens })).toMatchObject({ challengeId: id });
  });
});

describe('a code', () => {
  it('is good for ten minutes, its link for thirty, both longer where a seat is kept longer', async () => {
    const minutes = async (id: string) => {
      const { rows } = await database.pool.query(
        `select round(extract(epoch from code_expires_at - now()) / 60)::integer as code,
           round(extract(epoch from expires_at - now()) / 60)::integer as link
         from sign_in_challenge where id = $1`,
        [id],
      );
      return rows[0];
    };
    expect(await minutes((await ask('times@example.org')).id)).toEqual({ code: 10, link: 30 });
    expect(await minutes((await claimed('times@example.org')).id)).toEqual({ code: 10, link: 30 });
    const until = new Date(Date.now() + 4 * 3_600_000).toISOString();
    expect(await minutes((await claimed('times@example.org', until)).id)).toEqual({ code: 240, link: 240 });
  });

  it('is refused when it has expired, while its link still opens in the browser that asked', async () => {
    const email = 'late@example.org';
    const { id, code, token, asked } = await ask(email);
    await database.pool.query('update sign_in_challenge set code_expires_at = now() where id = $1', [id]);
    expect(await people.verify({ email, code })).toBeUndefined();
    expect(await people.verify({ token, code })).toBeUndefined();
    expect(await people.verify({ token }, { asked })).toMatchObject({ challengeId: id });
    await database.pool.query('update sign_in_challenge set expires_at = now() where id = $1', [id]);
    expect(await people.verify({ token }, { asked })).toBeUndefined();
  });

  it('has eight digits where its address has a role, in every mail', async () => {
    const { eventId } = await buildEvent(database.pool, [{ seats: 1 }]);
    const email = 'organiser@example.org';
    const { attendeeId } = await people.guest({ name: 'Organiser', email });
    await people.grantRole(attendeeId, { role: 'organiser', eventId });
    const { code } = await ask(email);
    expect(code).toMatch(/^\d{8}$/);
    expect(await people.verify({ email, code: code.slice(0, 6) })).toBeUndefined();
    expect(await people.verify({ email, code: code.slice(2) })).toBeUndefined();
    expect(await people.verify({ email, code })).toMatchObject({ attendeeId });
    const held = await people.challengeFor({ attendeeId, registrationId: randomUUID() });
    expect(await people.signInCode(held)).toMatch(/^\d{8}$/);
  });

  it('is made with its mail alone: no code opens for an address without one', async () => {
    const { attendeeId } = await people.guest({ name: 'Unasked', email: 'unasked@example.org' });
    await people.verify({ email: 'unasked@example.org', code: '123456' });
    expect(await askedFor('unasked@example.org')).toEqual([]);
    const registrationId = randomUUID();
    const [first, ...more] = await Promise.all(
      Array.from({ length: 5 }, () => people.challengeFor({ attendeeId, registrationId })),
    );
    expect(more).toEqual(Array(4).fill(first));
  });
});

describe('tries of codes', () => {
  it('are ten an hour for an address, over all its challenges, known or not; its link still opens', async () => {
    const email = 'guessed@example.org';
    const wrong: string[] = [];
    const held = await Promise.all(Array.from({ length: 5 }, () => claimed(email)));
    const { code, token, asked } = await ask(email);
    const codes = [code, ...held.map((each) => each.code)];
    const guess = ['000000', '000001', '000002', '000003', '000004', '000005', '000006'].find(
      (each) => !codes.includes(each),
    );
    for (let tries = 1; tries <= 10; tries++) {
      wrong.push(await tried(email, guess as string));
      await claimed(email);
    }
    expect(wrong).toEqual(Array(10).fill('wrong'));
    expect(await tried(email, code)).toBe('code-locked');
    expect(await people.verify({ token, code })).toBeDefined();
    expect(await people.verify({ token }, { asked })).toBeDefined();
    const nobody = await Promise.all(Array.from({ length: 11 }, () => tried('unknown@example.org', '000000')));
    expect(nobody.filter((outcome) => outcome === 'code-locked')).toHaveLength(1);
  });

  it('are ten of fifty at once, over two processes', async () => {
    const email = 'raced@example.org';
    const { code } = await ask(email);
    const twin = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? people : twin).verify({ email, code: other(code) })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    for (const { code, retryAfterSeconds } of refusals) {
      expect(code).toBe('code-locked');
      expect(retryAfterSeconds).toBeGreaterThan(3_500);
      expect(retryAfterSeconds).toBeLessThanOrEqual(3_600);
    }
  });

  it('are thirty a day, whether a sign-in was between them or not', async () => {
    const email = 'patient-guesser@example.org';
    for (let hour = 0; hour < 3; hour++) {
      const { code } = await ask(email);
      for (let tries = 0; tries < 9; tries++) expect(await tried(email, other(code))).toBe('wrong');
      const verified = await people.verify({ email, code });
      await people.consume(verified as NonNullable<typeof verified>);
      expect(await tried(email, code)).toBe('code-locked');
      await ageTries('1 hour');
    }
    expect(await tried(email, '000000')).toBe('code-locked');
    await ageTries('21 hours 1 minute');
    expect(await tried(email, '000000')).toBe('wrong');
  });

  it('run the same statements for an address that is known and for one that is not', async () => {
    await ask('known@example.org');
    await people.guest({ name: 'Known', email: 'known@example.org' });
    const { pool } = database;
    const query = pool.query.bind(pool);
    const run = async (email: string) => {
      const texts: string[] = [];
      pool.query = ((text: string | { text: string }, ...rest: []) => {
        texts.push(typeof text === 'string' ? text : text.text);
        return query(text as string, ...rest);
      }) as typeof pool.query;
      try {
        expect(await tried(email, '00000000')).toBe('wrong');
        await people.askSignIn({ email });
      } finally {
        pool.query = query as typeof pool.query;
      }
      return texts;
    };
    const known = await run('known@example.org');
    expect(known.length).toBeGreaterThan(2);
    expect(await run('nobody-knows@example.org')).toEqual(known);
  });

  it('are kept without the address that was typed, and forgotten after 25 hours without one, however many they are', async () => {
    await database.pool.query('delete from code_tries');
    await tried('once@example.org', '000000');
    await database.pool.query(
      `insert into code_tries (subject, tried_at) select 'subject ' || n, '{}' from generate_series(1, 2500) n`,
    );
    const kept = async () => (await database.pool.query('select subject from code_tries')).rows;
    expect(JSON.stringify(await kept())).not.toContain('once');
    await ageTries('24 hours');
    await people.tidy();
    expect(await kept()).toHaveLength(2501);
    await ageTries('2 hours');
    await people.tidy();
    expect(await kept()).toEqual([]);
  });

  it('of strangers use up neither those with the link nor those of the page that claimed', async () => {
    const email = 'besieged@example.org';
    const { code, token, claimTokens } = await claimed(email);
    for (let tries = 0; tries < 10; tries++) expect(await tried(email, other(code))).toBe('wrong');
    expect(await tried(email, code)).toBe('code-locked');
    expect(await people.verify({ token, code: other(code) })).toBeUndefined();
    expect(await people.verify({ token, code })).toBeDefined();
    expect(await people.verify({ email, code }, { claimTokens })).toBeDefined();
    await expect(people.verify({ email, code }, { claimTokens: ['x'] })).rejects.toMatchObject({ code: 'code-locked' });
  });

  it('with the link or the claim token are ten in all for a challenge, also of fifty at once', async () => {
    for (const by of ['link', 'claim token'] as const) {
      const email = `ten-in-all-${by.replace(' ', '-')}@example.org`;
      const { code, token, claimTokens } = await claimed(email);
      const wrong = other(code);
      const answers = await Promise.allSettled(
        Array.from({ length: 50 }, () =>
          by === 'link'
            ? people.verify({ token, code: wrong })
            : people.verify({ email, code: wrong }, { claimTokens }),
        ),
      );
      expect([by, answers.filter(({ status }) => status === 'fulfilled').length]).toEqual([by, 10]);
      await ageTries('2 hours');
      await expect(people.verify({ token, code })).rejects.toMatchObject({ code: 'code-locked' });
      await expect(people.verify({ email, code }, { claimTokens })).rejects.toMatchObject({ code: 'code-locked' });
      expect(await tried(email, code)).toBe('in');
    }
  });

  it('with claim tokens are ten an hour for an address, however many claims a stranger makes with it', async () => {
    const email = 'many-claims@example.org';
    const outcomes: string[] = [];
    for (let claims = 0; claims < 3; claims++) {
      const { code, claimTokens } = await claimed(email);
      for (let tries = 0; tries < 5; tries++) {
        const answer = people.verify({ email, code: other(code) }, { claimTokens });
        outcomes.push(await answer.then(String, (error: ProblemError) => error.code));
      }
    }
    expect(outcomes).toEqual([...Array(10).fill('undefined'), ...Array(5).fill('code-locked')]);
    const { token, code } = await claimed(email);
    expect(await people.verify({ token, code })).toBeDefined();
  });

  it('are compared with one challenge: what this browser asked for, else the newest of the address', async () => {
    const email = 'many@example.org';
    const mine = await claimed(email);
    const theirs = await claimed(email);
    expect(await tried(email, mine.code)).toBe('wrong');
    expect(await tried(email, theirs.code)).toBe('in');
    const asked = people.asked.add(undefined, mine.registrationId);
    for (const brought of [{ asked }, { claimTokens: mine.claimTokens }]) {
      expect(await people.verify({ email, code: mine.code }, brought)).toMatchObject({ challengeId: mine.id });
      expect(await people.verify({ email, code: theirs.code }, brought)).toBeUndefined();
    }
  });

  it('of a registration’s own code are limited by registration', async () => {
    const id = randomUUID();
    const links = people.registrationLinks;
    const code = links.code(id);
    expect(code).toMatch(/^\d{6}$/);
    expect(links.opens(links.key(id))).toBe(id);
    expect(links.opens(people.claimTokens.seal(id))).toBeUndefined();
    expect(await links.tryCode(id, code)).toBe(true);
    for (let tries = 2; tries <= 10; tries++) expect(await links.tryCode(id, other(code))).toBe(false);
    await expect(links.tryCode(id, code)).rejects.toMatchObject({ code: 'code-locked' });
    expect(await links.tryCode(randomUUID(), code)).toBe(false);
  });
});

describe('a link in a browser that did not ask for it', () => {
  it('asks for the code of its mail, says for what, and uses nothing up', async () => {
    const email = 'scanned@example.org';
    const { id, code, token, asked } = await ask(email);
    const held = await claimed(email);
    for (let press = 0; press < 20; press++) {
      await expect(people.verify({ token })).rejects.toMatchObject({ email, registrationId: undefined });
      await expect(people.verify({ token: held.token }, { asked })).rejects.toMatchObject({
        email,
        registrationId: held.registrationId,
      });
    }
    expect(await people.verify({ token, code: other(code) })).toBeUndefined();
    expect(await people.verify({ token, code })).toMatchObject({ challengeId: id });
    expect(await people.verify({ token }, { asked })).toMatchObject({ challengeId: id });
  });

  it('still asks for it where the browser asked for the mail again, as a filter does that presses every button', async () => {
    for (const withToken of [true, false]) {
      const email = `pressed-${withToken}@example.org`;
      const { token, id } = await ask(email);
      const { asked } = await people.askSignIn({ email, ...(withToken && { token }) });
      expect(asked).toBeUndefined();
      expect(await mailsOwed(email)).toEqual([id, id]);
      await expect(people.verify({ token }, { asked })).rejects.toThrow(CodeRequired);
    }
  });

  it('has its own mail sent again, good for ten minutes more, also that of a claim whose code is over', async () => {
    const email = 'again@example.org';
    const { id, token, code } = await claimed(email);
    await database.pool.query(`update sign_in_challenge set code_expires_at = now() where id = $1`, [id]);
    expect(await people.askSignIn({ email, token })).toEqual({});
    expect(await mailsOwed(email)).toEqual([id]);
    expect(await people.verify({ token, code })).toMatchObject({ challengeId: id });
    // Of another address, or used: a mail of its own, and no browser that asked.
    const other = await ask('other-link@example.org');
    const answer = await people.askSignIn({ email, token: other.token });
    expect(answer).toEqual({});
    expect((await mailsOwed(email)).at(-1)).not.toBe(id);
    await expect(people.verify({ token: (await ask(email)).token })).rejects.toThrow(CodeRequired);
  });

  it('keeps a browser that asked one that asked, where it asks again', async () => {
    const email = 'asks-twice@example.org';
    const { token, asked } = await ask(email);
    const again = await people.askSignIn({ email, asked });
    expect(await people.verify({ token }, { asked: again.asked })).toBeDefined();
  });

  it('opens with the cookie or the claim token of its registration', async () => {
    const { id, registrationId, token, claimTokens } = await claimed('own-link@example.org');
    const asked = people.asked.add(undefined, registrationId);
    const stranger = { asked: people.asked.add(undefined, randomUUID()), claimTokens: ['x'] };
    await expect(people.verify({ token }, stranger)).rejects.toThrow(CodeRequired);
    for (const brought of [{ asked }, { claimTokens }])
      expect(await people.verify({ token }, brought)).toMatchObject({
        challengeId: id,
        registrationIds: [registrationId],
      });
  });
});

describe('the page that claimed', () => {
  it('signs in once with its code after the mail’s link was used elsewhere, and nobody else does', async () => {
    const email = 'two-browsers@example.org';
    const { code, token, attendeeId, registrationId, claimTokens } = await claimed(email);
    const elsewhere = await people.verify({ token, code });
    await people.consume(elsewhere as NonNullable<typeof elsewhere>);
    expect(await people.verify({ email, code })).toBeUndefined();
    expect(await people.verify({ email, code: other(code) }, { claimTokens })).toBeUndefined();
    const here = await people.verify({ email, code }, { claimTokens });
    expect(here).toMatchObject({ attendeeId, registrationIds: [registrationId] });
    const firsts = await Promise.all([1, 2, 3].map(() => people.consume(here as NonNullable<typeof here>)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
    expect(await people.verify({ email, code }, { claimTokens })).toBeUndefined();
  });

  it('does not with a code that has expired', async () => {
    const email = 'too-late@example.org';
    const { id, code, token, claimTokens } = await claimed(email);
    const elsewhere = await people.verify({ token, code });
    await people.consume(elsewhere as NonNullable<typeof elsewhere>);
    await database.pool.query('update sign_in_challenge set code_expires_at = now() where id = $1', [id]);
    expect(await people.verify({ email, code }, { claimTokens })).toBeUndefined();
  });

  it('brings the registrations of its other claim tokens along', async () => {
    const email = 'two-seats@example.org';
    const [one, two] = [await claimed(email), await claimed(email)];
    const answer = await people.verify(
      { email, code: two.code },
      { claimTokens: [...two.claimTokens, ...one.claimTokens, 'forged'] },
    );
    expect(new Set(answer?.registrationIds)).toEqual(new Set([one.registrationId, two.registrationId]));
  });
});

describe('the cookie of what a browser asked for', () => {
  it('names the last eight, and nothing that was not sealed here', () => {
    const ids = Array.from({ length: 10 }, () => randomUUID() as string);
    let value: string | undefined;
    for (const id of ids) value = people.asked.add(value, id);
    expect(ids.map((id) => people.asked.has(value, id))).toEqual([false, false, ...Array(8).fill(true)]);
    expect(people.asked.add(value, ids[5] as string).split('.')).toHaveLength(8);
    const [id = ''] = ids;
    for (const wrong of [
      undefined,
      '',
      '.',
      'x.y',
      people.claimTokens.seal(id),
      `${people.asked.add(undefined, id)}x`,
      `${'.'.repeat(9_999)}${people.asked.add(undefined, id)}`,
    ])
      expect(people.asked.has(wrong, id)).toBe(false);
  });
});

describe('an anonymous claimant', () => {
  it('is the same person for the same address, named as typed last while they have no registration', async () => {
    const first = await people.guest({ name: 'Ana', email: 'ana@example.org', locale: 'en' });
    const again = await people.guest({ name: 'Ana Ruiz', email: 'ana@example.org', organisation: 'Ville de Lyon' });
    expect(again).toEqual(first);
    expect(await people.attendeeOf('ana@example.org')).toMatchObject({
      name: 'Ana Ruiz',
      organisation: 'Ville de Lyon',
    });
    await people.verify({ email: 'ana@example.org', code: (await ask('ana@example.org')).code });
    expect(await people.guest({ name: 'Mallory', email: 'ana@example.org' })).toEqual(first);
    expect(await people.attendeeOf('ana@example.org')).toMatchObject({ name: 'Ana Ruiz' });
  });

  it('keeps the name under which they took a seat, whatever others type with their address', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const email = 'seated@example.org';
    const { attendeeId } = await people.guest({ name: 'Seated', email, locale: 'en', organisation: 'ARRICOD' });
    const seats = openSeats({ database, holdTtlMinutes: 30 });
    await seats.claim({ cafeId: cafeIds[0] as string, attendeeId, guest: true });
    await people.guest({ name: 'Mallory', email, locale: 'fr', organisation: 'Elsewhere' });
    await people.named({ name: 'Mallory', email, locale: 'fr' });
    expect(await people.personOf(attendeeId)).toMatchObject({ name: 'Seated', organisation: 'ARRICOD', locale: 'en' });
  });

  it('who left nothing but an address is forgotten after a day, and nobody else', async () => {
    const { cafeIds, eventId } = await buildEvent(database.pool, [{ seats: 1 }]);
    const only = await buildPeople(database.pool, 250, { proved: false });
    const [seated, host, asking, recent] = (await buildPeople(database.pool, 4, { proved: false })) as [
      string,
      string,
      string,
      string,
    ];
    const [proved] = (await buildPeople(database.pool, 1)) as [string];
    const seats = openSeats({ database, holdTtlMinutes: 30 });
    const { registration } = (await seats.claim({
      cafeId: cafeIds[0] as string,
      attendeeId: seated,
      guest: true,
    })) as { registration: { id: string } };
    await seats.cancel(registration.id, seated);
    await people.grantRole(host, { role: 'organiser', eventId });
    await people.challengeFor({ attendeeId: asking });
    await database.pool.query(
      `update attendee set created_at = now() - interval '25 hours' where id = any ($1) and id <> $2`,
      [[...only, seated, host, asking, proved], recent],
    );
    await people.tidy();
    const left = await database.pool.query<{ id: string }>('select id from attendee where id = any ($1)', [
      [...only, seated, host, asking, recent, proved],
    ]);
    expect(left.rows.map(({ id }) => id).sort()).toEqual([seated, host, asking, recent, proved].sort());
  });

  it('whom somebody named in another language speaks that of the page on which they come the first time', async () => {
    const email = 'named@example.org';
    const attendeeId = await people.named({ name: 'Named', email, locale: 'fr' });
    const comeIn = async (locale: 'fr' | 'en') => {
      await people.askSignIn({ email, locale });
      const { rows } = await database.pool.query(
        'select id from sign_in_challenge where email = $1 order by id desc limit 1',
        [email],
      );
      await people.verify({ email, code: await people.signInCode(rows[0].id) });
      return (await people.personOf(attendeeId))?.locale;
    };
    expect(await comeIn('en')).toBe('en');
    expect(await comeIn('fr')).toBe('en');
  });

  it('arriving twice at once becomes one person', async () => {
    const arrived = await Promise.all(
      Array.from({ length: 8 }, () => people.guest({ name: 'Twin', email: 'twin@example.org' })),
    );
    expect(new Set(arrived.map((guest) => guest.attendeeId)).size).toBe(1);
  });
});

describe('a sealed body', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const body = fc.uint8Array({ minLength: 40, maxLength: 40 });

  it('carries the HMAC-SHA-256 of the body, whatever was sealed before', () => {
    fc.assert(
      fc.property(key, fc.array(body, { minLength: 1, maxLength: 5 }), (key, bodies) => {
        const sealed = new SealedBodies(Buffer.from(key), 40);
        for (const body of bodies) {
          const seal = createHmac('sha256', key).update(body).digest();
          const text = Buffer.concat([body, seal]).toString('base64url');
          expect(sealed.seal(body)).toBe(text);
          expect(sealed.open(text)).toEqual(Buffer.from(body));
        }
      }),
    );
  });

  it('is opened only when no character of its text was changed', () => {
    fc.assert(
      fc.property(key, body, fc.nat({ max: 95 }), fc.string({ minLength: 1, maxLength: 1 }), (key, body, at, other) => {
        const sealed = new SealedBodies(Buffer.from(key), 40);
        const text = sealed.seal(body);
        // Two alphabets have the same meaning to the decoder: + is -, and / is _.
        const same = other.replace('+', '-').replace('/', '_') === text[at];
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        expect(sealed.open(changed) !== undefined).toBe(same);
      }),
    );
  });
});

describe('a session', () => {
  it('is read from its cookie, and from no other text', async () => {
    const { attendeeId } = await people.guest({ name: 'Sam', email: 'sam@example.org' });
    const { cookie } = people.openSession(attendeeId);
    expect(people.readSession(cookie)?.attendeeId).toBe(attendeeId);
    const elsewhere = openIdentity({
      database,
      secret: 'another secret of enough letters..',
      publicUrl: 'http://x.test',
    });
    const foreign = elsewhere.openSession(attendeeId).cookie;
    for (const wrong of [undefined, '', 'x', '.', 'é.é', `a${cookie}`, `${cookie}a`, foreign, cookie.repeat(9)])
      expect(people.readSession(wrong)).toBeUndefined();
  });

  it('ended in one process is refused in the others', async () => {
    const { attendeeId } = await people.guest({ name: 'Sam', email: 'sam@example.org' });
    const other = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
    await other.start();
    const { cookie } = people.openSession(attendeeId);
    await people.endSession(other.readSession(cookie)?.sessionId as string);
    expect(people.readSession(cookie)).toBeUndefined();
    await waitFor(() => other.readSession(cookie) === undefined, { what: 'the session to end' });
    other.close();
  });
});

describe('every session of a person', () => {
  it('that began until now ends, in other processes as well; a new one is good, and those of others are', async () => {
    const { attendeeId } = await people.guest({ name: 'Sam', email: 'everywhere@example.org' });
    const twin = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
    await twin.start();
    const cookies = [people, twin, people].map((each) => each.openSession(attendeeId).cookie);
    const another = people.openSession(randomUUID()).cookie;
    await people.endSessions(attendeeId);
    expect(cookies.map((cookie) => people.readSession(cookie))).toEqual([undefined, undefined, undefined]);
    await waitFor(() => cookies.every((cookie) => twin.readSession(cookie) === undefined), {
      what: 'the sessions to end',
    });
    const later = await laterSession(attendeeId);
    expect([people, twin].map((each) => each.readSession(later)?.attendeeId)).toEqual([attendeeId, attendeeId]);
    expect(twin.readSession(another)).toBeDefined();
    // Once more: those that began in between.
    await people.endSessions(attendeeId);
    await waitFor(() => twin.readSession(later) === undefined, { what: 'the later session to end' });
    twin.close();
  });

  it('stays refused for good once the person was erased, whoever ends the others', async () => {
    const { attendeeId } = await people.guest({ name: 'Sam', email: 'gone@example.org' });
    expect(await people.erase(attendeeId)).toBe(true);
    await people.endSessions(attendeeId);
    const later = await laterSession(attendeeId);
    expect(people.readSession(later)).toBeUndefined();
    const twin = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
    await twin.start();
    expect(twin.readSession(later)).toBeUndefined();
    twin.close();
  });
});

/** A session that begins in another millisecond than everything before. */
async function laterSession(attendeeId: string): Promise<string> {
  const now = Date.now();
  await waitFor(() => Date.now() > now, { what: 'the next millisecond' });
  return people.openSession(attendeeId).cookie;
}

describe('every session of a person who was erased', () => {
  it('is refused, in other processes as well', async () => {
    const { attendeeId } = await people.guest({ name: 'Sam', email: 'erased@example.org' });
    const other = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
    await other.start();
    const cookies = [people.openSession(attendeeId).cookie, people.openSession(attendeeId).cookie];
    expect(cookies.map((cookie) => other.readSession(cookie)?.attendeeId)).toEqual([attendeeId, attendeeId]);
    expect(await people.erase(attendeeId)).toBe(true);
    expect(cookies.map((cookie) => people.readSession(cookie))).toEqual([undefined, undefined]);
    await waitFor(() => cookies.every((cookie) => other.readSession(cookie) === undefined), {
      what: 'the sessions to end',
    });
    other.close();
  });
});

describe('a role', () => {
  it('is granted once however often it is asked for, and shown in whose it is', async () => {
    const { eventId, roomIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const roomId = roomIds[0] as string;
    const { attendeeId } = await people.guest({ name: 'Host', email: 'host@example.org' });
    for (let time = 0; time < 2; time++) {
      await people.grantRole(attendeeId, { role: 'host', eventId, roomId });
      await people.grantRole(attendeeId, { role: 'organiser', eventId });
    }
    const roles = [
      { role: 'host', eventId, roomId },
      { role: 'organiser', eventId },
    ];
    expect(await people.rolesOf(attendeeId)).toEqual(roles);
    expect(await people.me(attendeeId)).toMatchObject({ email: 'host@example.org', roles });
  });

  it('changes nothing of a person’s own words when they change one thing', async () => {
    const { attendeeId } = await people.guest({ name: 'Zoé', email: 'zoe@example.org', organisation: 'ARRICOD' });
    expect(await people.changeMe(attendeeId, { locale: 'en' })).toMatchObject({ name: 'Zoé', organisation: 'ARRICOD' });
    expect(await people.changeMe(attendeeId, { organisation: null })).not.toHaveProperty('organisation');
  });

  it('reminds whoever did not say otherwise', async () => {
    const { attendeeId } = await people.guest({ name: 'Iris', email: 'iris@example.org' });
    expect(await people.me(attendeeId)).toMatchObject({ reminders: true });
    expect(await people.changeMe(attendeeId, { reminders: false })).toMatchObject({ reminders: false, name: 'Iris' });
    expect(await people.changeMe(attendeeId, { name: 'Iris A.' })).toMatchObject({ reminders: false });
    expect(await people.personOf(attendeeId)).toMatchObject({ reminders: false });
  });
});

describe('a repeated key', () => {
  const request = { scope: 'zoe', key: 'k1', body: { a: 1 } };

  it('gives the first answer again and runs nothing', async () => {
    let runs = 0;
    const run = async () => ({ status: 201, answer: { run: ++runs } });
    const answers = await Promise.all([people.once(request, run), people.once(request, run)]);
    answers.push(await people.once(request, run));
    const restarted = openIdentity({ database, secret, publicUrl: 'http://pages.test' });
    answers.push(await restarted.once(request, run));
    expect(answers).toEqual(Array(4).fill({ status: 201, answer: { run: 1 } }));
  });

  it('with another body is refused', async () => {
    await expect(
      people.once({ ...request, body: { a: 2 } }, async () => ({ status: 201, answer: {} })),
    ).rejects.toMatchObject({ code: 'idempotency-mismatch' });
  });

  it('with the same body in another order of its members is the same request', async () => {
    const ordered = { ...request, key: 'k3', body: { a: { b: 1, c: [2, 3] }, d: 4 } };
    const first = await people.once(ordered, async () => ({ status: 200, answer: 'first' }));
    const again = { ...ordered, body: { d: 4, a: { c: [2, 3], b: 1 } } };
    expect(await people.once(again, async () => ({ status: 200, answer: 'second' }))).toEqual(first);
    const other = { ...ordered, body: { a: { b: 1, c: [3, 2] }, d: 4 } };
    await expect(people.once(other, async () => ({ status: 200, answer: 0 }))).rejects.toMatchObject({
      code: 'idempotency-mismatch',
    });
  });

  it('whose first run failed runs again', async () => {
    const failing = { ...request, key: 'k2' };
    await expect(people.once(failing, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await people.once(failing, async () => ({ status: 201, answer: 1 }))).toEqual({ status: 201, answer: 1 });
  });
});

describe('erasing a person', () => {
  it('leaves nothing of their address behind', async () => {
    const email = 'no-trace@example.org';
    const { attendeeId } = await claimed(email);
    await ask(email);
    await tried(email, '00000000');
    expect(await people.erase(attendeeId)).toBe(true);
    const left = await database.pool.query(
      `select email from sign_in_challenge where email = $1 union all select mailbox from sign_in_mails where mailbox = mailbox_of($1)
       union all select subject from code_tries where subject = $1 union all select email from attendee where email = $1`,
      [email],
    );
    expect(left.rowCount).toBe(0);
  });

  it('says that something else was in the way when the database ended it for that, and can be tried again', async () => {
    const email = 'crosswise@example.org';
    await people.askSignIn({ email });
    const [challengeId = ''] = await askedFor(email);
    const signedIn = await people.verify({ email, code: await people.signInCode(challengeId) });
    const attendeeId = signedIn?.attendeeId as string;
    await people.askSignIn({ email });
    const other = await database.pool.connect();
    try {
      // Whoever looks first finds the two of them crosswise: not this one.
      await other.query(`begin; set local deadlock_timeout = '1min'`);
      await other.query('select from sign_in_challenge where email = $1 for update', [email]);
      const erased = people.erase(attendeeId);
      await waitFor(
        async () => {
          const waiting = await database.pool.query(
            `select from pg_stat_activity where datname = current_database() and query like '%delete from attendee%' and wait_event_type = 'Lock'`,
          );
          return waiting.rowCount === 1;
        },
        { what: 'erasing to wait' },
      );
      const theirs = other.query('select from attendee where id = $1 for update', [attendeeId]);
      expect(await erased).toBe(false);
      await theirs;
      expect(await people.personOf(attendeeId)).toMatchObject({ email });
      await other.query('rollback');
      expect(await people.erase(attendeeId)).toBe(true);
      expect(await people.personOf(attendeeId)).toBeUndefined();
    } finally {
      other.release();
    }
  });
});
