import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityStand, openIdentityStand, otherCode, tokenOf } from '../../../test/support/identity.ts';
import { waitFor } from '../../../test/support/index.ts';
import { CodeRequired, type SignIn } from './index.ts';

let stand: IdentityStand;
let database: IdentityStand['database'];
let signIn: IdentityStand['signIn'];
let signInMails: IdentityStand['signInMails'];
let attendees: IdentityStand['attendees'];
let askedCookie: IdentityStand['askedCookie'];
let ask: IdentityStand['ask'];
let claim: IdentityStand['claim'];
let tryCode: IdentityStand['tryCode'];
let challengesOf: IdentityStand['challengesOf'];
let mailsTo: IdentityStand['mailsTo'];

beforeAll(async () => {
  stand = await openIdentityStand();
  ({ database, signIn, signInMails, attendees, askedCookie, ask, claim, tryCode, challengesOf, mailsTo } = stand);
});

afterAll(() => stand?.stop());

describe('a sign-in', () => {
  it('enqueues one mail, whether the address is known or not', async () => {
    await signIn.ask({ email: 'nobody@example.org', locale: 'en' });
    const [challengeId] = await challengesOf('nobody@example.org');
    const enqueued = await database.pool.query('select kind, challenge_id, attendee_id from outbox');
    expect(enqueued.rows).toEqual([{ kind: 'sign-in-code', challenge_id: challengeId, attendee_id: null }]);
  });

  it('succeeds with the six digits, creates the attendee, and proves the address', async () => {
    const email = 'lea.martin@example.org';
    const { id, code } = await ask(email);
    expect(code).toMatch(/^\d{6}$/);
    const answer = await signIn.verify({ email, code });
    expect(answer?.challengeId).toBe(id);
    expect(await attendees.findById(answer?.attendeeId as string)).toMatchObject({ name: 'lea martin', proved: true });
  });

  it('creates no attendee and proves no address before the code is right', async () => {
    const email = 'not-yet@example.org';
    const { code, token } = await ask(email);
    const { attendeeId, ...held } = await claim('held-only@example.org');
    await signIn.verify({ email, code: otherCode(code) });
    await signIn.verify({ email: 'held-only@example.org', code: otherCode(held.code) });
    await expect(signIn.verify({ token })).rejects.toThrow(CodeRequired);
    expect(await attendees.findByEmail(email)).toBeUndefined();
    expect(await attendees.findById(attendeeId)).toMatchObject({ proved: false });
  });

  it('succeeds with the link in the browser that asked, until it is consumed and not after', async () => {
    const email = 'link@example.org';
    const { id, code, token, asked } = await ask(email);
    const link = signInMails.linkOf(id, '/me?a=b&c');
    expect(new URL(link).searchParams.get('next')).toBe('/me?a=b&c');
    const verified = await signIn.verify({ token }, { asked });
    expect(verified).toMatchObject({ challengeId: id });
    expect(await signIn.verify({ token }, { asked })).toEqual(verified);
    await signIn.consume(verified as NonNullable<typeof verified>);
    expect(await signIn.verify({ token }, { asked })).toBeUndefined();
    expect(await signIn.verify({ email, code })).toBeUndefined();
  });

  it('succeeds for one of many simultaneous requests', async () => {
    const { id } = await ask('at-once@example.org');
    const verified = { attendeeId: randomUUID(), challengeId: id, registrationIds: [], byClaim: false };
    const firsts = await Promise.all(Array.from({ length: 10 }, () => signIn.consume(verified)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
  });

  it('refuses a token of another installation, a changed one and any other text', async () => {
    const { id, token, asked } = await ask('forged@example.org');
    const elsewhere = stand.twin('another secret of enough letters..');
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [tokenOf(elsewhere.signInMails.linkOf(id)), changed, '', 'é', 'a'.repeat(54), `${token}\0`])
      expect(await signIn.verify({ token: wrong }, { asked })).toBeUndefined();
  });

  it('with an operator’s link can be repeated in any browser until the link expires', async () => {
    const link = await signInMails.createOperatorLink('organisatrice@example.org', { ttlHours: 1, next: '/organiser' });
    const { code } = await ask('organisatrice@example.org');
    const first = (await signIn.verify({ token: tokenOf(link) })) as NonNullable<Awaited<ReturnType<SignIn['verify']>>>;
    expect(await signIn.consume(first)).toBe(true);
    expect(await signIn.verify({ token: tokenOf(link) })).toEqual(first);
    expect(await signIn.consume(first)).toBe(true);
    // Only its link can be used, not its code. The sign-in ended the other challenges of the address.
    const { rows } = await database.pool.query(
      `select id from sign_in_challenge where email = 'organisatrice@example.org' and reusable`,
    );
    expect(await tryCode('organisatrice@example.org', await signInMails.codeOf(rows[0].id))).toBe('wrong');
    expect(await tryCode('organisatrice@example.org', code)).toBe('wrong');
  });

  it('ends all codes and links of its address', async () => {
    const email = 'older@example.org';
    const held = await claim(email);
    const first = await ask(email);
    await database.pool.query(
      `update sign_in_challenge set code_expires_at = now() + interval '4 minutes' where id = $1`,
      [first.id],
    );
    const second = await ask(email, first.asked);
    expect(second.id).not.toBe(first.id);
    const verified = await signIn.verify({ email, code: second.code }, { asked: second.asked });
    await signIn.consume(verified as NonNullable<typeof verified>);
    for (const { code, token } of [held, first, second]) {
      expect(await signIn.verify({ email, code }, { asked: second.asked })).toBeUndefined();
      expect(await signIn.verify({ token }, { asked: second.asked })).toBeUndefined();
    }
  });

  it('does not deadlock when two challenges of one address are answered simultaneously', async () => {
    const email = 'crossed@example.org';
    const [first, middle, last] = [await claim(email), await claim(email), await claim(email)];
    const consume = ({ id, attendeeId }: typeof first) =>
      signIn.consume({ attendeeId, challengeId: id, registrationIds: [], byClaim: false }).catch((error) => error.code);
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

describe('a link in a browser that did not ask for it', () => {
  it('requires the code of its mail, names the address and the seat, and consumes nothing', async () => {
    const email = 'scanned@example.org';
    const { id, code, token, asked } = await ask(email);
    const held = await claim(email);
    for (let press = 0; press < 20; press++) {
      await expect(signIn.verify({ token })).rejects.toMatchObject({ email, registrationId: undefined });
      await expect(signIn.verify({ token: held.token }, { asked })).rejects.toMatchObject({
        email,
        registrationId: held.registrationId,
      });
    }
    expect(await signIn.verify({ token, code: otherCode(code) })).toBeUndefined();
    expect(await signIn.verify({ token, code })).toMatchObject({ challengeId: id });
    expect(await signIn.verify({ token }, { asked })).toMatchObject({ challengeId: id });
  });

  it('requires the code when the browser only asked to send the mail again, as a filter that presses buttons does', async () => {
    for (const withToken of [true, false]) {
      const email = `pressed-${withToken}@example.org`;
      const { token, id } = await ask(email);
      const { asked } = await signIn.ask({ email, ...(withToken && { token }) });
      expect(asked).toBeUndefined();
      expect(await mailsTo(email)).toEqual([id, id]);
      await expect(signIn.verify({ token }, { asked })).rejects.toThrow(CodeRequired);
    }
  });

  it('gets its own mail sent again, good for ten minutes more, also that of a claim whose code expired', async () => {
    const email = 'again@example.org';
    const { id, token, code } = await claim(email);
    await database.pool.query(`update sign_in_challenge set code_expires_at = now() where id = $1`, [id]);
    expect(await signIn.ask({ email, token })).toEqual({});
    expect(await mailsTo(email)).toEqual([id]);
    expect(await signIn.verify({ token, code })).toMatchObject({ challengeId: id });
    // For another address, or a used link: a new challenge, and no browser that asked for it.
    const other = await ask('other-link@example.org');
    const answer = await signIn.ask({ email, token: other.token });
    expect(answer).toEqual({});
    expect((await mailsTo(email)).at(-1)).not.toBe(id);
    await expect(signIn.verify({ token: (await ask(email)).token })).rejects.toThrow(CodeRequired);
  });

  it('still works without a code in the browser that asked, after that browser asked again', async () => {
    const email = 'asks-twice@example.org';
    const { token, asked } = await ask(email);
    const again = await signIn.ask({ email, asked });
    expect(await signIn.verify({ token }, { asked: again.asked })).toBeDefined();
  });

  it('works with the cookie or the claim token of its registration', async () => {
    const { id, registrationId, token, claimTokens } = await claim('own-link@example.org');
    const asked = askedCookie.add(undefined, registrationId);
    const stranger = { asked: askedCookie.add(undefined, randomUUID()), claimTokens: ['x'] };
    await expect(signIn.verify({ token }, stranger)).rejects.toThrow(CodeRequired);
    for (const credentials of [{ asked }, { claimTokens }])
      expect(await signIn.verify({ token }, credentials)).toMatchObject({
        challengeId: id,
        registrationIds: [registrationId],
      });
  });
});

describe('the page that claimed', () => {
  it('signs in once with its code after the mail’s link was used in another browser; other clients do not', async () => {
    const email = 'two-browsers@example.org';
    const { code, token, attendeeId, registrationId, claimTokens } = await claim(email);
    const elsewhere = await signIn.verify({ token, code });
    await signIn.consume(elsewhere as NonNullable<typeof elsewhere>);
    expect(await signIn.verify({ email, code })).toBeUndefined();
    expect(await signIn.verify({ email, code: otherCode(code) }, { claimTokens })).toBeUndefined();
    const here = await signIn.verify({ email, code }, { claimTokens });
    expect(here).toMatchObject({ attendeeId, registrationIds: [registrationId] });
    const firsts = await Promise.all([1, 2, 3].map(() => signIn.consume(here as NonNullable<typeof here>)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
    expect(await signIn.verify({ email, code }, { claimTokens })).toBeUndefined();
  });

  it('does not sign in with an expired code', async () => {
    const email = 'too-late@example.org';
    const { id, code, token, claimTokens } = await claim(email);
    const elsewhere = await signIn.verify({ token, code });
    await signIn.consume(elsewhere as NonNullable<typeof elsewhere>);
    await database.pool.query('update sign_in_challenge set code_expires_at = now() where id = $1', [id]);
    expect(await signIn.verify({ email, code }, { claimTokens })).toBeUndefined();
  });

  it('confirms the registrations of its other claim tokens too', async () => {
    const email = 'two-seats@example.org';
    const [one, two] = [await claim(email), await claim(email)];
    const answer = await signIn.verify(
      { email, code: two.code },
      { claimTokens: [...two.claimTokens, ...one.claimTokens, 'forged'] },
    );
    expect(new Set(answer?.registrationIds)).toEqual(new Set([one.registrationId, two.registrationId]));
  });
});

describe('the cookie comptoir_asked', () => {
  it('contains the last eight ids, and no id that another installation sealed', () => {
    const ids = Array.from({ length: 10 }, () => randomUUID() as string);
    let value: string | undefined;
    for (const id of ids) value = askedCookie.add(value, id);
    expect(ids.map((id) => askedCookie.has(value, id))).toEqual([false, false, ...Array(8).fill(true)]);
    expect(askedCookie.add(value, ids[5] as string).split('.')).toHaveLength(8);
    const [id = ''] = ids;
    for (const wrong of [
      undefined,
      '',
      '.',
      'x.y',
      stand.claimTokens.seal(id),
      `${askedCookie.add(undefined, id)}x`,
      `${'.'.repeat(9_999)}${askedCookie.add(undefined, id)}`,
    ])
      expect(askedCookie.has(wrong, id)).toBe(false);
  });
});
