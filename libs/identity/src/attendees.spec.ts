import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { type IdentityStand, openIdentityStand } from '../../../test/support/identity.ts';
import { waitFor } from '../../../test/support/index.ts';
import { openSeats } from '../../../test/support/seats.ts';

let stand: IdentityStand;
let database: IdentityStand['database'];
let signIn: IdentityStand['signIn'];
let signInMails: IdentityStand['signInMails'];
let attendees: IdentityStand['attendees'];
let roles: IdentityStand['roles'];
let idempotencyKeys: IdentityStand['idempotencyKeys'];
let erasure: IdentityStand['erasure'];
let retention: IdentityStand['retention'];
let ask: IdentityStand['ask'];
let claim: IdentityStand['claim'];
let tryCode: IdentityStand['tryCode'];
let challengesOf: IdentityStand['challengesOf'];

beforeAll(async () => {
  stand = await openIdentityStand();
  ({
    database,
    signIn,
    signInMails,
    attendees,
    roles,
    idempotencyKeys,
    erasure,
    retention,
    ask,
    claim,
    tryCode,
    challengesOf,
  } = stand);
});

afterAll(() => stand?.stop());

describe('an attendee who claims without a session', () => {
  it('is the same attendee for the same address, and has the name that was typed last until there is a registration', async () => {
    const first = await attendees.upsertByEmail({ name: 'Ana', email: 'ana@example.org', locale: 'en' });
    const again = await attendees.upsertByEmail({
      name: 'Ana Ruiz',
      email: 'ana@example.org',
      organisation: 'Ville de Lyon',
    });
    expect(again).toEqual(first);
    expect(await attendees.findByEmail('ana@example.org')).toMatchObject({
      name: 'Ana Ruiz',
      organisation: 'Ville de Lyon',
    });
    await signIn.verify({ email: 'ana@example.org', code: (await ask('ana@example.org')).code });
    expect(await attendees.upsertByEmail({ name: 'Mallory', email: 'ana@example.org' })).toEqual(first);
    expect(await attendees.findByEmail('ana@example.org')).toMatchObject({ name: 'Ana Ruiz' });
  });

  it('keeps the name with which the seat was taken, whatever others type with the address', async () => {
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const email = 'seated@example.org';
    const attendeeId = await attendees.upsertByEmail({ name: 'Seated', email, locale: 'en', organisation: 'ARRICOD' });
    const seats = openSeats({ database, holdTtlMinutes: 30 });
    await seats.claims.claim({ cafeId: cafeIds[0] as string, attendeeId, guest: true });
    await attendees.upsertByEmail({ name: 'Mallory', email, locale: 'fr', organisation: 'Elsewhere' });
    await attendees.upsertByEmail({ name: 'Mallory', email, locale: 'fr' });
    expect(await attendees.findById(attendeeId)).toMatchObject({
      name: 'Seated',
      organisation: 'ARRICOD',
      locale: 'en',
    });
  });

  it('is deleted a day after the address was typed, when there is no other data about the attendee', async () => {
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
    const { registration } = (await seats.claims.claim({
      cafeId: cafeIds[0] as string,
      attendeeId: seated,
      guest: true,
    })) as { registration: { id: string } };
    await seats.registrations.cancel(registration.id, seated);
    await roles.grant(host, { role: 'organiser', eventId });
    await signInMails.challengeForMail({ attendeeId: asking });
    await database.pool.query(
      `update attendee set created_at = now() - interval '25 hours' where id = any ($1) and id <> $2`,
      [[...only, seated, host, asking, proved], recent],
    );
    await retention.run();
    const left = await database.pool.query<{ id: string }>('select id from attendee where id = any ($1)', [
      [...only, seated, host, asking, recent, proved],
    ]);
    expect(left.rows.map(({ id }) => id).sort()).toEqual([seated, host, asking, recent, proved].sort());
  });

  it('gets the language of the page of the first sign-in, whatever language others chose for them', async () => {
    const email = 'named@example.org';
    const attendeeId = await attendees.upsertByEmail({ name: 'Named', email, locale: 'fr' });
    const signInOn = async (locale: 'fr' | 'en') => {
      await signIn.ask({ email, locale });
      const { rows } = await database.pool.query(
        'select id from sign_in_challenge where email = $1 order by id desc limit 1',
        [email],
      );
      await signIn.verify({ email, code: await signInMails.codeOf(rows[0].id) });
      return (await attendees.findById(attendeeId))?.locale;
    };
    expect(await signInOn('en')).toBe('en');
    expect(await signInOn('fr')).toBe('en');
  });

  it('is created once when the address is typed many times simultaneously', async () => {
    const arrived = await Promise.all(
      Array.from({ length: 8 }, () => attendees.upsertByEmail({ name: 'Twin', email: 'twin@example.org' })),
    );
    expect(new Set(arrived).size).toBe(1);
  });
});

describe('an attendee without an address', () => {
  it('is another person for each walk-in, and nobody can be signed in as them', async () => {
    const [one, other] = [
      await attendees.createWithoutAddress({ name: 'Awa Diallo', locale: 'en' }),
      await attendees.createWithoutAddress({ name: 'Awa Diallo', organisation: 'Ville de Lyon' }),
    ];
    expect(one).not.toBe(other);
    expect(await attendees.findById(one)).toMatchObject({ name: 'Awa Diallo', locale: 'en', proved: false });
    expect(await attendees.findById(one)).not.toHaveProperty('email');
    expect(await attendees.profileOf(one)).toBeUndefined();
    expect(await erasure.erase(other)).toBe(true);
    expect(await attendees.findById(other)).toBeUndefined();
    await expect(
      database.pool.query('update attendee set email_proved_at = now() where id = $1', [one]),
    ).rejects.toMatchObject({ constraint: 'attendee_proved_has_address' });
  });

  it('loses the name 30 days after the last Café, and keeps the seat; without a registration they are deleted after a day', async () => {
    const { pool } = database;
    const { cafeIds } = await buildEvent(pool, [{ seats: 9 }, { seats: 9 }, { seats: 9 }]);
    const [over, recent, coming] = cafeIds;
    const [host = ''] = await buildPeople(pool, 1);
    const seats = openSeats({ database, holdTtlMinutes: 30 });
    const walkIn = async (cafeId: string) => {
      const attendeeId = await attendees.createWithoutAddress({ name: 'Awa', organisation: 'Ville de Lyon' });
      const { registration } = await seats.checkIns.walkIn({ cafeId, attendeeId, by: host });
      return { attendeeId, registrationId: registration.id };
    };
    const seated = await walkIn(over);
    const undone = await walkIn(over);
    await seats.checkIns.undoCheckIn(undone.registrationId, host);
    const kept = [await walkIn(recent), await walkIn(coming)];
    const alone = await attendees.createWithoutAddress({ name: 'Nobody' });
    await pool.query("update attendee set created_at = now() - interval '40 days' where email is null");
    for (const [cafeId, days] of [
      [over, 31],
      [recent, 29],
    ] as const) {
      await pool.query(
        `update cafe set starts_at = at, ends_at = at + interval '45 minutes'
         from (select date_trunc('minute', now()) - make_interval(days => $2) as at) moved where id = $1`,
        [cafeId, days],
      );
    }
    await retention.run();
    for (const { attendeeId } of [seated, undone]) {
      const found = await attendees.findById(attendeeId);
      expect([found?.name, found?.organisation]).toEqual(['', undefined]);
    }
    for (const { attendeeId } of kept) expect((await attendees.findById(attendeeId))?.name).toBe('Awa');
    expect(await attendees.findById(alone)).toBeUndefined();
    expect((await seats.reads.registration(seated.registrationId))?.checkedInAt).toBeDefined();
  });
});

describe('a role', () => {
  it('changes once and is recorded once when many simultaneous requests grant or revoke it', async () => {
    const { eventId } = await buildEvent(database.pool, [{ seats: 1 }]);
    const attendeeId = await attendees.upsertByEmail({ name: 'Organiser', email: 'at-once-organiser@example.org' });
    const role = { role: 'organiser', eventId } as const;
    const many = Array.from({ length: 8 });
    const changes = async () =>
      (
        await database.pool.query('select what, actor_id from audit_log where subject_id = $1 order by id', [
          attendeeId,
        ])
      ).rows;
    await Promise.all(many.map(() => roles.grant(attendeeId, role)));
    expect(await roles.of(attendeeId)).toEqual([role]);
    expect(await changes()).toEqual([{ what: 'role-granted', actor_id: null }]);
    const had = await Promise.all(many.map(() => roles.revoke(attendeeId, role, attendeeId)));
    expect(had.filter(Boolean)).toHaveLength(1);
    expect(await roles.of(attendeeId)).toEqual([]);
    expect((await changes()).slice(1)).toEqual([{ what: 'role-revoked', actor_id: attendeeId }]);
    // A restart of the demonstration does not grant it again.
    await roles.grantOnce(attendeeId, role);
    expect(await roles.of(attendeeId)).toEqual([]);
  });

  it('is granted once when it is granted repeatedly, and is shown to its owner', async () => {
    const { eventId, roomIds } = await buildEvent(database.pool, [{ seats: 1 }]);
    const roomId = roomIds[0] as string;
    const attendeeId = await attendees.upsertByEmail({ name: 'Host', email: 'host@example.org' });
    for (let time = 0; time < 2; time++) {
      await roles.grant(attendeeId, { role: 'host', eventId, roomId });
      await roles.grant(attendeeId, { role: 'organiser', eventId });
    }
    const granted = [
      { role: 'host', eventId, roomId },
      { role: 'organiser', eventId },
    ];
    expect(await roles.of(attendeeId)).toEqual(granted);
    expect(await attendees.profileOf(attendeeId)).toMatchObject({ email: 'host@example.org', roles: granted });
  });

  it('is listed with the other roles of its event: organisers first, then by address', async () => {
    const [{ eventId, roomIds }, other] = [
      await buildEvent(database.pool, [{ seats: 1 }]),
      await buildEvent(database.pool, [{ seats: 1 }]),
    ];
    const host = { role: 'host', eventId, roomId: roomIds[0] as string } as const;
    const organiser = { role: 'organiser', eventId } as const;
    for (const [name, role] of [
      ['b', host],
      ['d', organiser],
      ['a', host],
      ['c', organiser],
      ['e', { ...organiser, eventId: other.eventId }],
    ] as const)
      await roles.grant(await attendees.upsertByEmail({ name, email: `${name}-listed@example.org` }), role);
    expect(await roles.in(eventId)).toEqual([
      { email: 'c-listed@example.org', role: organiser },
      { email: 'd-listed@example.org', role: organiser },
      { email: 'a-listed@example.org', role: host },
      { email: 'b-listed@example.org', role: host },
    ]);
  });

  it('changes only the members that an attendee changes in their profile', async () => {
    const attendeeId = await attendees.upsertByEmail({
      name: 'Zoé',
      email: 'zoe@example.org',
      organisation: 'ARRICOD',
    });
    expect(await attendees.updateProfile(attendeeId, { locale: 'en' })).toMatchObject({
      name: 'Zoé',
      organisation: 'ARRICOD',
    });
    expect(await attendees.updateProfile(attendeeId, { organisation: null })).not.toHaveProperty('organisation');
  });

  it('reports that the name was not given, until the attendee gives one', async () => {
    const attendeeId = await attendees.proveAddress('jdupont75@example.org', 'fr');
    expect(await attendees.profileOf(attendeeId)).toMatchObject({ name: 'jdupont75', nameIsFromAddress: true });
    expect(await attendees.updateProfile(attendeeId, { reminders: false })).toMatchObject({ nameIsFromAddress: true });
    const named = await attendees.updateProfile(attendeeId, { name: 'jdupont75' });
    expect(named).not.toHaveProperty('nameIsFromAddress');
    const claimed = await attendees.upsertByEmail({ name: 'Awa Diop', email: 'awa-named@example.org' });
    await attendees.proveAddress('awa-named@example.org', 'fr');
    expect(await attendees.profileOf(claimed)).not.toHaveProperty('nameIsFromAddress');
  });

  it('keeps reminders on until the attendee turns them off', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Iris', email: 'iris@example.org' });
    expect(await attendees.profileOf(attendeeId)).toMatchObject({ reminders: true });
    expect(await attendees.updateProfile(attendeeId, { reminders: false })).toMatchObject({
      reminders: false,
      name: 'Iris',
    });
    expect(await attendees.updateProfile(attendeeId, { name: 'Iris A.' })).toMatchObject({ reminders: false });
    expect(await attendees.findById(attendeeId)).toMatchObject({ reminders: false });
  });
});

describe('erasing an attendee', () => {
  it('leaves no copy of the address', async () => {
    const email = 'no-trace@example.org';
    const { attendeeId } = await claim(email);
    await ask(email);
    await tryCode(email, '00000000');
    expect(await erasure.erase(attendeeId)).toBe(true);
    const left = await database.pool.query(
      `select email from sign_in_challenge where email = $1 union all select mailbox from sign_in_mails where mailbox = mailbox_of($1)
       union all select subject from code_tries where subject = $1 union all select email from attendee where email = $1`,
      [email],
    );
    expect(left.rowCount).toBe(0);
  });

  it('returns false when the database aborts it because of a deadlock, and can be repeated', async () => {
    const email = 'crosswise@example.org';
    await signIn.ask({ email });
    const [challengeId = ''] = await challengesOf(email);
    const signedIn = await signIn.verify({ email, code: await signInMails.codeOf(challengeId) });
    const attendeeId = signedIn?.attendeeId as string;
    await signIn.ask({ email });
    const other = await database.pool.connect();
    try {
      // The other transaction checks for deadlocks after a minute, so the database aborts the erasure.
      await other.query(`begin; set local deadlock_timeout = '1min'`);
      await other.query('select from sign_in_challenge where email = $1 for update', [email]);
      const erased = erasure.erase(attendeeId);
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
      expect(await attendees.findById(attendeeId)).toMatchObject({ email });
      await other.query('rollback');
      expect(await erasure.erase(attendeeId)).toBe(true);
      expect(await attendees.findById(attendeeId)).toBeUndefined();
    } finally {
      other.release();
    }
  });
});
describe('a stored answer', () => {
  /** A stored answer to a delegate about three people, and one to a host about a walk-in. */
  async function answered(attendeeId: string, email: string) {
    const delegation = {
      people: [
        { email: 'before@example.org', outcome: 'cafe-full' },
        { email, outcome: 'created', registration: { id: randomUUID(), status: 'held' } },
        { email: `x${email}`, outcome: 'created', registration: { id: randomUUID(), status: 'held' } },
      ],
    };
    const walkIn = {
      result: 'checked-in',
      registration: { id: randomUUID(), attendeeId, status: 'confirmed' },
      person: { registrationId: randomUUID(), name: 'Ines "The" Sørby', organisation: 'ARRICOD', status: 'confirmed' },
    };
    const ask = async (who: string, answer: unknown) =>
      (
        await idempotencyKeys.answerOnce({ scope: `POST ${who} /x`, key: email, body: {} }, async () => ({
          status: 200,
          answer,
        }))
      ).answer;
    const delegate = randomUUID();
    const [first, host] = [await ask(delegate, delegation), await ask(randomUUID(), walkIn)];
    expect([first, host]).toEqual([delegation, walkIn]);
    return { delegation, walkIn, askAgain: () => ask(delegate, 'must not run') };
  }
  const storedAbout = async (text: string) =>
    (await database.pool.query('select answer from idempotency_key where answer::text like $1', [`%${text}%`])).rows;

  it('to another attendee no longer contains the name and address of an erased attendee, and is still returned', async () => {
    const email = 'ines@example.org';
    const attendeeId = await attendees.upsertByEmail({ name: 'Ines', email });
    const { delegation, walkIn, askAgain } = await answered(attendeeId, email);
    expect(await erasure.erase(attendeeId)).toBe(true);
    const [before, , after] = delegation.people;
    const redacted = { ...delegation.people[1], email: '' };
    expect(await askAgain()).toEqual({ people: [before, redacted, after] });
    expect(await storedAbout('rby')).toEqual([]);
    expect(await storedAbout(walkIn.registration.id)).toEqual([
      { answer: { ...walkIn, person: { ...walkIn.person, name: '', organisation: '' } } },
    ]);
  });

  it('to an erased attendee is deleted, whether they were signed in or typed their address', async () => {
    const email = 'own-answers@example.org';
    const attendeeId = await attendees.upsertByEmail({ name: 'Own', email });
    for (const scope of [`claim ${email} x`, `POST ${attendeeId} /x`, 'claim stays@example.org x'])
      await idempotencyKeys.answerOnce({ scope, key: 'own', body: {} }, async () => ({
        status: 200,
        answer: { scope },
      }));
    expect(await erasure.erase(attendeeId)).toBe(true);
    const { rows } = await database.pool.query(`select scope from idempotency_key where key = 'own'`);
    expect(rows).toEqual([{ scope: 'claim stays@example.org x' }]);
  });
});

describe('an expired row', () => {
  it('is deleted by the next run, and no other row is', async () => {
    const { pool } = database;
    const kept = async () =>
      (
        await pool.query(
          `select 'challenge' as table from sign_in_challenge where email like '%@retention.org' union all
           select 'mails' from sign_in_mails where mailbox like '%@retention.org' union all
           select 'revocation' from session_revocation where session_id = any ($1) union all
           select 'key' from idempotency_key where scope = 'retention' order by 1`,
          [ids],
        )
      ).rows.map((row) => row.table);
    const ids = [randomUUID(), randomUUID()];
    await pool.query(
      `insert into sign_in_challenge (email, locale, expires_at) values
       ('new@retention.org', 'fr', now() - interval '23 hours'), ('old@retention.org', 'fr', now() - interval '25 hours')`,
    );
    await pool.query(
      `insert into sign_in_mails (mailbox, mailed_at) values ('new@retention.org', array[now() - interval '25 hours', now() - interval '23 hours']),
       ('old@retention.org', array[now() - interval '25 hours']), ('none@retention.org', '{}')`,
    );
    await pool.query(
      `insert into session_revocation (session_id, expires_at) values ($1, now() + interval '1 minute'), ($2, now() - interval '1 minute')`,
      ids,
    );
    await pool.query(
      `insert into idempotency_key (scope, key, request_hash, status, answer, created_at)
       select 'retention', hours::text, '', 200, '{}', now() - make_interval(hours => hours) from unnest(array[23, 25]) hours`,
    );
    expect(await kept()).toEqual([
      'challenge',
      'challenge',
      'key',
      'key',
      'mails',
      'mails',
      'mails',
      'revocation',
      'revocation',
    ]);
    await retention.run();
    expect(await kept()).toEqual(['challenge', 'key', 'mails', 'revocation']);
  });
});
