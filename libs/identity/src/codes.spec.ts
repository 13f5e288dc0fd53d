import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemError } from '#contract';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { type IdentityStand, openIdentityStand, otherCode } from '../../../test/support/identity.ts';

let stand: IdentityStand;
let database: IdentityStand['database'];
let signIn: IdentityStand['signIn'];
let signInMails: IdentityStand['signInMails'];
let attendees: IdentityStand['attendees'];
let roles: IdentityStand['roles'];
let retention: IdentityStand['retention'];
let askedCookie: IdentityStand['askedCookie'];
let registrationLinks: IdentityStand['registrationLinks'];
let ask: IdentityStand['ask'];
let claim: IdentityStand['claim'];
let tryCode: IdentityStand['tryCode'];
let challengesOf: IdentityStand['challengesOf'];
let mailsTo: IdentityStand['mailsTo'];
let ageMails: IdentityStand['ageMails'];
let ageTries: IdentityStand['ageTries'];

beforeAll(async () => {
  stand = await openIdentityStand();
  ({
    database,
    signIn,
    signInMails,
    attendees,
    roles,
    retention,
    askedCookie,
    registrationLinks,
    ask,
    claim,
    tryCode,
    challengesOf,
    mailsTo,
    ageMails,
    ageTries,
  } = stand);
});

afterAll(() => stand?.stop());

describe('a mail with a code', () => {
  it('is sent again with the same challenge, after growing pauses', async () => {
    const email = 'impatient@example.org';
    const first = await ask(email);
    for (const pause of ['0 s', '30 s', '1 min', '2 min', '4 min']) {
      await ageMails(email, pause);
      expect((await ask(email)).againInSeconds).toBeUndefined();
    }
    const enqueued = await mailsTo(email);
    expect(enqueued).toHaveLength(6);
    expect(enqueued.slice(0, 5)).toEqual(Array(5).fill(first.id));
    // Six mails in an hour: the seventh is sent an hour after the first.
    const { againInSeconds } = await ask(email);
    expect(againInSeconds).toBeGreaterThan(3_600 - 450 - 10);
    await ageMails(email, `${againInSeconds} s`);
    expect((await ask(email)).again).toBeUndefined();
  });

  it('is not sent during a pause; the answer contains its length, and the last code stays valid', async () => {
    const email = 'paused@example.org';
    await ask(email);
    await ask(email);
    for (const seconds of [30, 60, 120, 240]) {
      const { againInSeconds, id, code } = await ask(email);
      expect(againInSeconds).toBeGreaterThan(seconds - 10);
      expect(againInSeconds).toBeLessThanOrEqual(seconds);
      expect((await mailsTo(email)).at(-1)).toBe(id);
      const good = await database.pool.query(
        `select from sign_in_challenge where id = $1 and code_expires_at >= now() + make_interval(secs => $2)`,
        [id, againInSeconds],
      );
      expect(good.rowCount).toBe(1);
      expect(await signIn.verify({ email, code })).toBeDefined();
      await ageMails(email, `${seconds} s`);
      expect((await ask(email)).againInSeconds).toBeUndefined();
    }
    expect(await mailsTo(email)).toHaveLength(6);
  });

  it('contains a new code that is good until the following pause ends, whatever its length', async () => {
    const email = 'long-pauses@example.org';
    for (const pause of [0, 0, 30, 60, 120, 240]) {
      await ageMails(email, `${pause} s`);
      // The previous code has almost expired.
      await database.pool.query(
        `update sign_in_challenge set code_expires_at = now() + interval '1 minute' where email = $1`,
        [email],
      );
      expect((await ask(email)).againInSeconds).toBeUndefined();
    }
    expect(new Set(await mailsTo(email)).size).toBe(6);
    const { id, againInSeconds } = await ask(email);
    const good = await database.pool.query(
      `select from sign_in_challenge where id = $1 and code_expires_at >= now() + make_interval(secs => $2)`,
      [id, againInSeconds],
    );
    expect(againInSeconds).toBeGreaterThan(3_000);
    expect(good.rowCount).toBe(1);
  });

  it('is sent immediately after an hour without mails, and when no code is open', async () => {
    const email = 'quiet@example.org';
    for (let mail = 0; mail < 2; mail++) await ask(email);
    expect((await ask(email)).againInSeconds).toBeDefined();
    // A sign-in ends all codes of the address, so another browser gets a mail without a pause.
    const { code } = await ask(email);
    const verified = await signIn.verify({ email, code });
    await signIn.consume(verified as NonNullable<typeof verified>);
    expect((await ask(email)).againInSeconds).toBeUndefined();
    expect((await ask(email)).againInSeconds).toBeDefined();
    await ageMails(email, '61 minutes');
    expect((await ask(email)).againInSeconds).toBeUndefined();
    expect((await ask(email)).againInSeconds).toBeUndefined();
  });

  it('is sent at most twice for many simultaneous requests: the second mail needs no pause', async () => {
    const email = 'crowd@example.org';
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn.ask({ email })));
    expect(answers.filter(({ again }) => again === undefined)).toHaveLength(2);
    expect(new Set(await mailsTo(email)).size).toBe(1);
    expect(await mailsTo(email)).toHaveLength(2);
  });

  it('is compared with the challenge of the first claim token, and with no other', async () => {
    const email = 'two-claims@example.org';
    const first = await claim(email);
    const second = await claim(email);
    const asked = askedCookie.add(askedCookie.add(undefined, first.registrationId), second.registrationId);
    const from = (one: typeof first, other: typeof first) => ({
      asked,
      claimTokens: [...one.claimTokens, ...other.claimTokens],
    });
    expect(await signIn.verify({ email, code: first.code }, from(second, first))).toBeUndefined();
    expect(await signIn.verify({ email, code: second.code }, from(first, second))).toBeUndefined();
    expect(await signIn.verify({ email, code: first.code }, from(first, second))).toMatchObject({
      challengeId: first.id,
    });
  });

  it('is sent six times an hour to one mailbox, for all spellings and simultaneous requests', async () => {
    const spelling = (at: number) => `${at % 2 ? 'f.looded' : 'flooded'}+${at}@example.org`;
    const sentOf = async (ats: number[]) => {
      const answers = await Promise.all(ats.map((at) => signIn.ask({ email: spelling(at) })));
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

  it('is sent to a proved address beyond the budget, twice an hour, with the same answer', async () => {
    const { pool } = database;
    const { email } = (await attendees.findById((await buildPeople(pool, 1))[0] as string)) as { email: string };
    const addresses = [email, 'never-seen@example.org'];
    for (const each of addresses) {
      await pool.query(
        `insert into sign_in_mails (mailbox, mailed_at) values (mailbox_of($1), array_fill(now() - interval '10 minutes', '{6}'))`,
        [each],
      );
    }
    for (let turn = 0; turn < 5; turn++) {
      const answers = await Promise.all(addresses.map((each) => signIn.ask({ email: each })));
      for (const { again } of answers) expect(again).toEqual({ inSeconds: 3_000, codeIsGood: false });
      const [challengeId] = (await challengesOf(email)).slice(-1);
      await pool.query('update sign_in_challenge set used_at = now() where id = $1', [challengeId]);
    }
    expect([(await mailsTo(email)).length, await challengesOf('never-seen@example.org')]).toEqual([2, []]);
    // An hour later, both get the same answer again.
    for (const each of addresses) await ageMails(each, '1 hour');
    for (const each of addresses) expect((await signIn.ask({ email: each })).again).toBeUndefined();
  });

  it('is never reported as sent when its part of the budget is spent, for any address', async () => {
    const { pool } = database;
    const [known = ''] = await buildPeople(pool, 1);
    const { email } = (await attendees.findById(known)) as { email: string };
    const spend = (messages: number) =>
      pool.query(
        `insert into mail_budget values ('00000000-0000-0000-0000-000000000000', date_trunc('hour', now(), 'UTC'), $1)
         on conflict (subject_id, hour) do update set messages = excluded.messages`,
        [messages],
      );
    try {
      await spend(999);
      // Half of it is reserved for clients that caused few mails.
      expect((await signIn.ask({ email: 'bomb-1@example.org', later: true })).again?.codeIsGood).toBe(false);
      expect((await signIn.ask({ email: 'first@example.org' })).again).toBeUndefined();
      for (let turn = 0; turn < 3; turn++) {
        const [one, other] = [await signIn.ask({ email }), await signIn.ask({ email: 'stranger@example.org' })];
        for (const { again } of [one, other]) {
          expect(again).toEqual({ inSeconds: expect.any(Number), codeIsGood: false });
        }
      }
      expect([await mailsTo(email), await mailsTo('stranger@example.org')]).toEqual([[expect.any(String)], []]);
    } finally {
      await spend(0);
    }
  });

  it('reuses the challenge of the claim of this browser', async () => {
    const email = 'claimed-before@example.org';
    const { id, registrationId, code, claimTokens } = await claim(email);
    const asked = askedCookie.add(undefined, registrationId);
    await signIn.ask({ email, asked });
    expect(await mailsTo(email)).toEqual([id]);
    // Another browser gets a challenge of its own, which does not replace the first.
    await signIn.ask({ email });
    expect(new Set(await mailsTo(email)).size).toBe(2);
    expect(await signIn.verify({ email, code }, { asked, claimTokens })).toMatchObject({ challengeId: id });
  });
});

describe('a code', () => {
  it('is good for ten minutes and its link for thirty, both longer when a seat is kept longer', async () => {
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
    expect(await minutes((await claim('times@example.org')).id)).toEqual({ code: 10, link: 30 });
    const until = new Date(Date.now() + 4 * 3_600_000).toISOString();
    expect(await minutes((await claim('times@example.org', until)).id)).toEqual({ code: 240, link: 240 });
  });

  it('is refused after it expired, while its link still works in the browser that asked', async () => {
    const email = 'late@example.org';
    const { id, code, token, asked } = await ask(email);
    await database.pool.query('update sign_in_challenge set code_expires_at = now() where id = $1', [id]);
    expect(await signIn.verify({ email, code })).toBeUndefined();
    expect(await signIn.verify({ token, code })).toBeUndefined();
    expect(await signIn.verify({ token }, { asked })).toMatchObject({ challengeId: id });
    await database.pool.query('update sign_in_challenge set expires_at = now() where id = $1', [id]);
    expect(await signIn.verify({ token }, { asked })).toBeUndefined();
  });

  it('has eight digits in each mail to an address with a role', async () => {
    const { eventId } = await buildEvent(database.pool, [{ seats: 1 }]);
    const email = 'organiser@example.org';
    const attendeeId = await attendees.upsertByEmail({ name: 'Organiser', email });
    await roles.grant(attendeeId, { role: 'organiser', eventId });
    const { code } = await ask(email);
    expect(code).toMatch(/^\d{8}$/);
    expect(await signIn.verify({ email, code: code.slice(0, 6) })).toBeUndefined();
    expect(await signIn.verify({ email, code: code.slice(2) })).toBeUndefined();
    expect(await signIn.verify({ email, code })).toMatchObject({ attendeeId });
    const held = await signInMails.challengeForMail({ attendeeId, registrationId: randomUUID() });
    expect(await signInMails.codeOf(held)).toMatch(/^\d{8}$/);
  });

  it('is created together with its mail: an address without a mail has no valid code', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Unasked', email: 'unasked@example.org' });
    await signIn.verify({ email: 'unasked@example.org', code: '123456' });
    expect(await challengesOf('unasked@example.org')).toEqual([]);
    const registrationId = randomUUID();
    const [first, ...more] = await Promise.all(
      Array.from({ length: 5 }, () => signInMails.challengeForMail({ attendeeId, registrationId })),
    );
    expect(more).toEqual(Array(4).fill(first));
  });
});

describe('tries of codes', () => {
  it('are limited to ten an hour for an address, over all its challenges, known or not; its link still works', async () => {
    const email = 'guessed@example.org';
    const wrong: string[] = [];
    const held = await Promise.all(Array.from({ length: 5 }, () => claim(email)));
    const { code, token, asked } = await ask(email);
    const codes = [code, ...held.map((each) => each.code)];
    const wrongCode = ['000000', '000001', '000002', '000003', '000004', '000005', '000006'].find(
      (each) => !codes.includes(each),
    );
    for (let tries = 1; tries <= 10; tries++) {
      wrong.push(await tryCode(email, wrongCode as string));
      await claim(email);
    }
    expect(wrong).toEqual(Array(10).fill('wrong'));
    expect(await tryCode(email, code)).toBe('code-locked');
    expect(await signIn.verify({ token, code })).toBeDefined();
    expect(await signIn.verify({ token }, { asked })).toBeDefined();
    const nobody = await Promise.all(Array.from({ length: 11 }, () => tryCode('unknown@example.org', '000000')));
    expect(nobody.filter((outcome) => outcome === 'code-locked')).toHaveLength(1);
  });

  it('are limited to ten when fifty are sent simultaneously through two processes', async () => {
    const email = 'raced@example.org';
    const { code } = await ask(email);
    const { signIn: twin } = stand.twin();
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? signIn : twin).verify({ email, code: otherCode(code) })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    for (const { code, retryAfterSeconds } of refusals) {
      expect(code).toBe('code-locked');
      expect(retryAfterSeconds).toBeGreaterThan(3_500);
      expect(retryAfterSeconds).toBeLessThanOrEqual(3_600);
    }
  });

  it('are limited to thirty a day, with or without a sign-in between them', async () => {
    const email = 'patient-guesser@example.org';
    for (let hour = 0; hour < 3; hour++) {
      const { code } = await ask(email);
      for (let tries = 0; tries < 9; tries++) expect(await tryCode(email, otherCode(code))).toBe('wrong');
      const verified = await signIn.verify({ email, code });
      await signIn.consume(verified as NonNullable<typeof verified>);
      expect(await tryCode(email, code)).toBe('code-locked');
      await ageTries('1 hour');
    }
    expect(await tryCode(email, '000000')).toBe('code-locked');
    await ageTries('21 hours 1 minute');
    expect(await tryCode(email, '000000')).toBe('wrong');
  });

  it('run the same statements for a known and for an unknown address', async () => {
    await ask('known@example.org');
    await attendees.upsertByEmail({ name: 'Known', email: 'known@example.org' });
    const { pool } = database;
    const query = pool.query.bind(pool);
    const run = async (email: string) => {
      const texts: string[] = [];
      pool.query = ((text: string | { text: string }, ...rest: []) => {
        texts.push(typeof text === 'string' ? text : text.text);
        return query(text as string, ...rest);
      }) as typeof pool.query;
      try {
        expect(await tryCode(email, '00000000')).toBe('wrong');
        await signIn.ask({ email });
      } finally {
        pool.query = query as typeof pool.query;
      }
      return texts;
    };
    const known = await run('known@example.org');
    expect(known.length).toBeGreaterThan(2);
    expect(await run('nobody-knows@example.org')).toEqual(known);
  });

  it('are stored without the address that was typed, and deleted 25 hours after the last try, whatever their number', async () => {
    await database.pool.query('delete from code_tries');
    await tryCode('once@example.org', '000000');
    await database.pool.query(
      `insert into code_tries (subject, tried_at) select 'subject ' || n, '{}' from generate_series(1, 2500) n`,
    );
    const kept = async () => (await database.pool.query('select subject from code_tries')).rows;
    expect(JSON.stringify(await kept())).not.toContain('once');
    await ageTries('24 hours');
    await retention.run();
    expect(await kept()).toHaveLength(2501);
    await ageTries('2 hours');
    await retention.run();
    expect(await kept()).toEqual([]);
  });

  it('of other clients do not use up the tries with the link or those of the page that claimed', async () => {
    const email = 'besieged@example.org';
    const { code, token, claimTokens } = await claim(email);
    for (let tries = 0; tries < 10; tries++) expect(await tryCode(email, otherCode(code))).toBe('wrong');
    expect(await tryCode(email, code)).toBe('code-locked');
    expect(await signIn.verify({ token, code: otherCode(code) })).toBeUndefined();
    expect(await signIn.verify({ token, code })).toBeDefined();
    expect(await signIn.verify({ email, code }, { claimTokens })).toBeDefined();
    await expect(signIn.verify({ email, code }, { claimTokens: ['x'] })).rejects.toMatchObject({ code: 'code-locked' });
  });

  it('with the link or the claim token are limited to ten for a challenge, also when fifty are sent simultaneously', async () => {
    for (const by of ['link', 'claim token'] as const) {
      const email = `ten-in-all-${by.replace(' ', '-')}@example.org`;
      const { code, token, claimTokens } = await claim(email);
      const wrong = otherCode(code);
      const answers = await Promise.allSettled(
        Array.from({ length: 50 }, () =>
          by === 'link'
            ? signIn.verify({ token, code: wrong })
            : signIn.verify({ email, code: wrong }, { claimTokens }),
        ),
      );
      expect([by, answers.filter(({ status }) => status === 'fulfilled').length]).toEqual([by, 10]);
      await ageTries('2 hours');
      await expect(signIn.verify({ token, code })).rejects.toMatchObject({ code: 'code-locked' });
      await expect(signIn.verify({ email, code }, { claimTokens })).rejects.toMatchObject({ code: 'code-locked' });
      expect(await tryCode(email, code)).toBe('in');
    }
  });

  it('with claim tokens are limited to ten an hour for an address, whatever the number of claims that others make with it', async () => {
    const email = 'many-claims@example.org';
    const outcomes: string[] = [];
    for (let claims = 0; claims < 3; claims++) {
      const { code, claimTokens } = await claim(email);
      for (let tries = 0; tries < 5; tries++) {
        const answer = signIn.verify({ email, code: otherCode(code) }, { claimTokens });
        outcomes.push(await answer.then(String, (error: ProblemError) => error.code));
      }
    }
    expect(outcomes).toEqual([...Array(10).fill('undefined'), ...Array(5).fill('code-locked')]);
    const { token, code } = await claim(email);
    expect(await signIn.verify({ token, code })).toBeDefined();
  });

  it('are compared with one challenge: the one that this browser asked for, otherwise the newest of the address', async () => {
    const email = 'many@example.org';
    const mine = await claim(email);
    const theirs = await claim(email);
    expect(await tryCode(email, mine.code)).toBe('wrong');
    expect(await tryCode(email, theirs.code)).toBe('in');
    const asked = askedCookie.add(undefined, mine.registrationId);
    for (const credentials of [{ asked }, { claimTokens: mine.claimTokens }]) {
      expect(await signIn.verify({ email, code: mine.code }, credentials)).toMatchObject({ challengeId: mine.id });
      expect(await signIn.verify({ email, code: theirs.code }, credentials)).toBeUndefined();
    }
  });

  it('of the code of a registration are limited for each registration', async () => {
    const id = randomUUID();
    const links = registrationLinks;
    const code = links.code(id);
    expect(code).toMatch(/^\d{6}$/);
    expect(links.opens(links.key(id))).toBe(id);
    expect(links.opens(stand.claimTokens.seal(id))).toBeUndefined();
    expect(await links.tryCode(id, code)).toBe(true);
    for (let tries = 2; tries <= 10; tries++) expect(await links.tryCode(id, otherCode(code))).toBe(false);
    await expect(links.tryCode(id, code)).rejects.toMatchObject({ code: 'code-locked' });
    expect(await links.tryCode(randomUUID(), code)).toBe(false);
  });
});
