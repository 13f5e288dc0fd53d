import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Database, openDatabase } from '#platform';
import { openSeats } from '#seats';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase, waitFor } from '../../../test/support/index.ts';
import { openPeople, type People } from './index.ts';
import { SealedBodies } from './secrets.ts';

const secret = 'a secret of thirty-two characters';
let testDatabase: TestDatabase;
let database: Database;
let people: People;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'people-spec' });
  people = openPeople({ database, secret, publicUrl: 'http://pages.test' });
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

describe('a sign-in', () => {
  it('owes one mail for the asking, whether the address is known or not', async () => {
    await people.askSignIn({ email: 'nobody@example.org', locale: 'en' });
    const [challengeId] = await askedFor('nobody@example.org');
    const owed = await database.pool.query('select kind, challenge_id, attendee_id from outbox');
    expect(owed.rows).toEqual([{ kind: 'sign-in-code', challenge_id: challengeId, attendee_id: null }]);
  });

  it('opens by the six digits, makes the person, and proves their address', async () => {
    await people.askSignIn({ email: 'lea.martin@example.org', locale: 'fr' });
    const [challengeId = ''] = await askedFor('lea.martin@example.org');
    const code = people.signInCode(challengeId);
    expect(code).toMatch(/^\d{6}$/);
    const answer = await people.verify({ email: 'lea.martin@example.org', code });
    expect(answer?.challengeId).toBe(challengeId);
    expect(await people.personOf(answer?.attendeeId as string)).toMatchObject({ name: 'lea martin', proved: true });
  });

  it('opens by the link, until it is consumed and never after', async () => {
    await people.askSignIn({ email: 'link@example.org' });
    const [challengeId = ''] = await askedFor('link@example.org');
    const link = people.signInLink(challengeId, '/me?a=b&c');
    expect(new URL(link).searchParams.get('next')).toBe('/me?a=b&c');
    const token = tokenOf(link);
    expect(await people.verify({ token })).toMatchObject({ challengeId });
    expect(await people.verify({ token })).toMatchObject({ challengeId });
    await people.consume(challengeId);
    expect(await people.verify({ token })).toBeUndefined();
    expect(await people.verify({ email: 'link@example.org', code: people.signInCode(challengeId) })).toBeUndefined();
  });

  it('lets in one of many who answer it at once', async () => {
    await people.askSignIn({ email: 'at-once@example.org' });
    const [challengeId = ''] = await askedFor('at-once@example.org');
    const firsts = await Promise.all(Array.from({ length: 10 }, () => people.consume(challengeId)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
  });

  it('refuses a token of another installation, a changed one and any other text', async () => {
    await people.askSignIn({ email: 'forged@example.org' });
    const [challengeId = ''] = await askedFor('forged@example.org');
    const elsewhere = openPeople({
      database,
      secret: 'another secret of enough letters..',
      publicUrl: 'http://x.test',
    });
    const token = tokenOf(people.signInLink(challengeId));
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [tokenOf(elsewhere.signInLink(challengeId)), changed, '', 'é', 'a'.repeat(54), `${token}\0`])
      expect(await people.verify({ token: wrong })).toBeUndefined();
  });

  it('ends a code after five wrong tries, while its link stays good', async () => {
    const email = 'guessed@example.org';
    await people.askSignIn({ email });
    const [challengeId = ''] = await askedFor(email);
    const code = people.signInCode(challengeId);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let attempt = 0; attempt < 5; attempt++) expect(await people.verify({ email, code: wrong })).toBeUndefined();
    expect(await people.verify({ email, code })).toBeUndefined();
    expect(await people.verify({ token: tokenOf(people.signInLink(challengeId)) })).toMatchObject({ challengeId });
  });

  it('is asked for anew by a mail whose code could not be tried any more', async () => {
    const guest = { name: 'Guessed', email: 'guessed-too@example.org' };
    const { attendeeId, challengeId } = await people.guest(guest);
    expect(await people.ensureChallenge(attendeeId)).toBe(challengeId);
    const wrong = people.signInCode(challengeId) === '000000' ? '000001' : '000000';
    for (let attempt = 0; attempt < 5; attempt++) await people.verify({ email: guest.email, code: wrong });
    const code = people.signInCode(await people.ensureChallenge(attendeeId));
    expect(await people.verify({ email: guest.email, code })).toMatchObject({ attendeeId });
  });

  it('is good for as long as the seat that it is to prove is kept', async () => {
    const { attendeeId, challengeId } = await people.guest({ name: 'Patient', email: 'patient@example.org' });
    const until = new Date(Date.now() + 4 * 3_600_000).toISOString();
    expect(await people.ensureChallenge(attendeeId, until)).toBe(challengeId);
    expect(await people.challenge(challengeId)).toMatchObject({ expiresAt: until });
    await people.consume(challengeId);
    const other = await people.ensureChallenge(attendeeId, until);
    expect(await people.challenge(other)).toMatchObject({ expiresAt: until });
    await people.ensureChallenge(attendeeId);
    expect(await people.challenge(other)).toMatchObject({ expiresAt: until });
  });

  it('refuses a code that has expired', async () => {
    const email = 'late@example.org';
    await people.askSignIn({ email });
    const [challengeId = ''] = await askedFor(email);
    await database.pool.query('update sign_in_challenge set expires_at = now() where id = $1', [challengeId]);
    expect(await people.verify({ email, code: people.signInCode(challengeId) })).toBeUndefined();
  });

  it('sends one address no more than five mails in a quarter of an hour', async () => {
    for (let asking = 0; asking < 8; asking++) await people.askSignIn({ email: 'flooded@example.org' });
    expect(await askedFor('flooded@example.org')).toHaveLength(5);
  });

  it('by an operator’s link works again until it expires', async () => {
    const link = await people.createSignInLink('organisatrice@example.org', { ttlHours: 1, next: '/organiser' });
    const first = await people.verify({ token: tokenOf(link) });
    await people.consume(first?.challengeId as string);
    expect(await people.verify({ token: tokenOf(link) })).toEqual(first);
    expect(await people.consume(first?.challengeId as string)).toBe(true);
  });
});

describe('an anonymous claimant', () => {
  it('is the same person for the same address, named as typed last while they have no registration', async () => {
    const first = await people.guest({ name: 'Ana', email: 'ana@example.org', locale: 'en' });
    const again = await people.guest({ name: 'Ana Ruiz', email: 'ana@example.org', organisation: 'Ville de Lyon' });
    expect(again).toEqual({ ...first, proved: false });
    expect(await people.attendeeOf('ana@example.org')).toMatchObject({
      name: 'Ana Ruiz',
      organisation: 'Ville de Lyon',
    });
    await people.verify({ email: 'ana@example.org', code: people.signInCode(first.challengeId) });
    expect(await people.guest({ name: 'Somebody else', email: 'ana@example.org' })).toMatchObject({ proved: true });
    expect(await people.attendeeOf('ana@example.org')).toMatchObject({ name: 'Ana Ruiz' });
  });

  it('keeps the name under which they took a seat, whatever others type with their address', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const email = 'seated@example.org';
    const { attendeeId } = await people.guest({ name: 'Seated', email, locale: 'en', organisation: 'ARRICOD' });
    const seats = openSeats({ database, holdTtlMinutes: 30 });
    await seats.claim({ cafeId: cafeIds[0] as string, attendeeId, proved: false });
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
      proved: false,
    })) as { registration: { id: string } };
    await seats.cancel(registration.id, seated);
    await people.grantRole(host, { role: 'organiser', eventId });
    await people.ensureChallenge(asking);
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
      await people.verify({ email, code: people.signInCode(rows[0].id) });
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
    const elsewhere = openPeople({
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
    const other = openPeople({ database, secret, publicUrl: 'http://pages.test' });
    await other.start();
    const { cookie } = people.openSession(attendeeId);
    await people.endSession(other.readSession(cookie)?.sessionId as string);
    expect(people.readSession(cookie)).toBeUndefined();
    await waitFor(() => other.readSession(cookie) === undefined, { what: 'the session to end' });
    other.close();
  });
});

describe('every session of a person who was erased', () => {
  it('is refused, in other processes as well', async () => {
    const { attendeeId } = await people.guest({ name: 'Sam', email: 'erased@example.org' });
    const other = openPeople({ database, secret, publicUrl: 'http://pages.test' });
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
    const restarted = openPeople({ database, secret, publicUrl: 'http://pages.test' });
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
  it('says that something else was in the way when the database ended it for that, and can be tried again', async () => {
    const email = 'crosswise@example.org';
    await people.askSignIn({ email });
    const [challengeId = ''] = await askedFor(email);
    const signedIn = await people.verify({ email, code: people.signInCode(challengeId) });
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
