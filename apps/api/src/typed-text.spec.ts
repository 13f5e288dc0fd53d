import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { type SmtpSink, startSmtpSink } from '../../../test/support/smtp-sink.ts';

/** One API whose mail server offers SMTPUTF8, and one whose mail server does not. */
let able: TestApi;
let unable: TestApi;
let sinks: SmtpSink[];
let cafeIds: string[];
let cafesOfUnable: string[];

beforeAll(async () => {
  sinks = [await startSmtpSink(), await startSmtpSink()];
  const [first, second] = sinks as [SmtpSink, SmtpSink];
  first.behaviour.smtpUtf8 = true;
  able = await startTestApi({ SMTP_URL: first.url });
  unable = await startTestApi({ SMTP_URL: second.url }, { redis: able.redis });
  const spread = Array.from({ length: 4 }, (_, index) => ({ seats: 20, startsAfterMinutes: index * 60 }));
  ({ cafeIds } = await buildEvent(able.database.pool, spread));
  ({ cafeIds: cafesOfUnable } = await buildEvent(unable.database.pool, spread));
});
afterAll(async () => {
  await unable?.stop();
  await able?.stop();
  for (const sink of sinks ?? []) await sink.stop();
});

const claim = (name: string, email: string) =>
  able.call('POST', `/cafes/${cafeIds[0]}/registrations`, { body: { name, email } });
const delegateOf = async (api: TestApi) => (await buildPeople(api.database.pool, 1))[0] as string;

describe('an address', () => {
  it('is parsed as the RFCs require, and stored in its readable form', async () => {
    for (const email of [
      'info@kfz-müller.de',
      'a&b@example.org',
      'user/dept@example.org',
      'x#y@example.org',
      'user@xn--bcher-kva.example',
      "o'neil@example.org",
      'josé@example.org',
    ]) {
      expect({ email, status: (await claim('Ada', email)).status }).toEqual({ email, status: 201 });
    }
    const stored = await able.database.pool.query(
      `select email from attendee where email ~ 'müller|bücher|josé' order by email`,
    );
    expect(stored.rows.map(({ email }) => email)).toEqual([
      'info@kfz-müller.de',
      'josé@example.org',
      'user@bücher.example',
    ]);
  });

  it('identifies the same attendee in all spellings', async () => {
    const seen = new Set<string>();
    for (const email of ['zoe@straße.example', ' ZOE@STRAßE.example', 'zoe@xn--strae-oqa.example']) {
      await claim('Zoë', email);
      const found = await able.database.pool.query(`select id from attendee where email ~ '^zoe@'`);
      for (const { id } of found.rows) seen.add(id);
    }
    expect(seen.size).toBe(1);
  });

  it('that the mail server cannot use is refused with that reason, in each call', async () => {
    const delegate = await delegateOf(unable);
    const cafe = `/cafes/${cafesOfUnable[0]}`;
    const { rows } = await unable.database.pool.query('select event_id, room_id from cafe where id = $1', [
      cafesOfUnable[0],
    ]);
    await unable.people.roles.grant(delegate, { role: 'host', eventId: rows[0].event_id, roomId: rows[0].room_id });
    const email = 'josé@example.org';
    const people = [
      { name: 'Ada', email: 'ada@example.org' },
      { name: 'José', email },
    ];
    const answers = [
      [await unable.call('POST', '/sign-in', { body: { email } }), 'email'],
      [await unable.call('POST', `${cafe}/registrations`, { body: { name: 'José', email } }), 'email'],
      [await unable.call('POST', `${cafe}/walk-ins`, { as: delegate, body: { name: 'José', email } }), 'email'],
      [
        await unable.call('POST', `${cafe}/delegations`, { as: delegate, body: { mode: 'all', people } }),
        'people.1.email',
      ],
      [
        await unable.call('POST', `${cafe}/delegations/preview`, {
          as: delegate,
          body: { emails: people.map((each) => each.email) },
        }),
        'emails.1',
      ],
    ] as const;
    for (const [{ status, json }, path] of answers) {
      expect({ status, ...json }).toMatchObject({
        status: 422,
        code: 'address-not-deliverable',
        title: 'Notre serveur de messagerie n’accepte pas cette adresse',
        errors: [{ path, fault: 'needs-smtputf8' }],
      });
    }
    const left = await unable.database.pool.query(`select from attendee where email like 'jos%'`);
    expect(left.rowCount).toBe(0);
    // A domain with letters beyond ASCII needs no support of the mail server.
    const body = { name: 'Ada', email: 'info@kfz-müller.de' };
    expect((await unable.call('POST', `${cafe}/registrations`, { body })).status).toBe(201);
  });

  it('that is not valid is refused with the part that is wrong', async () => {
    for (const [email, fault] of [
      ['ada', 'no-address'],
      ['a b@example.org', 'bad-local-part'],
      ['ada@localhost', 'bad-domain'],
      [`${'a'.repeat(65)}@example.org`, 'too-long'],
    ] as const) {
      const { status, json } = await claim('Ada', email);
      expect({ status, ...json }).toMatchObject({
        status: 400,
        code: 'invalid-request',
        errors: [{ path: 'email', fault }],
      });
    }
  });
});

describe('a name', () => {
  it('is stored in one form, and refused with its error code', async () => {
    expect((await claim(' E\u0301lise\u202e \n Martin\u200b', 'elise@example.org')).status).toBe(201);
    expect((await able.people.attendees.findByEmail('elise@example.org'))?.name).toBe('Élise Martin');
    for (const [name, fault] of [
      ['\u200b\u202e', 'empty'],
      ['A\ud800', 'broken'],
      [`A${'\u0301'.repeat(100)}`, 'too-many-marks'],
      ['Dup\u043ent', 'mixed-alphabets'],
      ['a'.repeat(121), 'too-long'],
    ] as const) {
      const { status, json } = await claim(name, 'other@example.org');
      expect({ status, ...json }).toMatchObject({ status: 400, errors: [{ path: 'name', fault }] });
    }
  });

  it('of a signed-in attendee has the same rules', async () => {
    const as = await delegateOf(able);
    const body = { name: '\u2067Iñ\u0303es\u2069', organisation: 'Ville\u2028d’Orvault' };
    const changed = await able.call('PATCH', '/me', { as, body });
    expect(changed.json).toMatchObject({ name: 'Iñ\u0303es', organisation: 'Ville d’Orvault' });
    expect((await able.call('PATCH', '/me', { as, body: { organisation: '\u200b' } })).status).toBe(400);
  });
});
