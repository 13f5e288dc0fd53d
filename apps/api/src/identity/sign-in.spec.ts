import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';

let api: TestApi;
/** The log lines of the API. */
const lines: string[] = [];
beforeAll(async () => {
  api = await startTestApi({ TRUSTED_PROXIES: '1' }, { lines });
});
afterAll(() => api?.stop());

/** A browser with its own network address. It keeps the cookies that it gets. */
function browser(from = '192.0.2.1') {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await api.call(method, path, {
        body,
        headers: { 'x-forwarded-for': from, ...(cookie && { cookie }), ...headers },
      });
      for (const each of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
        if (value) cookies.set(name, decodeURIComponent(value));
        else cookies.delete(name);
      }
      return answer;
    },
  };
}

async function mailOf(challengeId: string) {
  const link = new URL(api.people.signInMails.linkOf(challengeId));
  return { code: await api.people.signInMails.codeOf(challengeId), token: link.searchParams.get('token') as string };
}

/** Returns the code and the link of the newest mail to an address. */
async function newestMail(email: string) {
  const { rows } = await api.database.pool.query(
    'select id from sign_in_challenge where email = $1 order by id desc limit 1',
    [email],
  );
  return mailOf(rows[0].id);
}

/** Returns the code and the link of the newest mail that an address requested by a sign-in. */
async function newestAsked(email: string) {
  const { rows } = await api.database.pool.query(
    'select id from sign_in_challenge where email = $1 and registration_id is null order by id desc limit 1',
    [email],
  );
  return mailOf(rows[0].id);
}

const localeOfNewest = async (email: string) =>
  (
    await api.database.pool.query('select locale from sign_in_challenge where email = $1 order by id desc limit 1', [
      email,
    ])
  ).rows[0].locale;

it('writes the mail in the requested language, otherwise in that of the attendee, otherwise in that of the browser', async () => {
  const english = { 'accept-language': 'en-GB,en;q=0.9,fr;q=0.5' };
  const ask = (email: string, headers: Record<string, string> = {}, locale?: string) =>
    browser('192.0.2.77').call('POST', '/sign-in', { email, ...(locale && { locale }) }, headers);
  await ask('new-english@example.org', english);
  await ask('new-french@example.org');
  await ask('new-asked@example.org', english, 'fr');
  const [lea = ''] = await buildPeople(api.database.pool, 1);
  const { email } = (
    await api.database.pool.query(`update attendee set locale = 'fr' where id = $1 returning email`, [lea])
  ).rows[0];
  await ask(email, english);
  const locales = ['new-english@example.org', 'new-french@example.org', 'new-asked@example.org', email];
  expect(await Promise.all(locales.map(localeOfNewest))).toEqual(['en', 'fr', 'fr', 'fr']);
});

/** Ends the pause between two mails to an address. */
const age = (email: string) =>
  api.database.pool.query(
    `update sign_in_mails set mailed_at = array(select t - interval '20 minutes' from unnest(mailed_at) t) where mailbox = mailbox_of($1)`,
    [email],
  );

/** A held seat of an address, and its mail. */
async function claimed(email: string, by = browser()) {
  const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 3 }]);
  const { json } = await by.call('POST', `/cafes/${cafeIds[0]}/registrations`, { name: 'Léa', email });
  const attendeeId = (await api.people.attendees.findByEmail(email))?.attendeeId as string;
  const mail = await mailOf(await api.people.signInMails.challengeForMail({ attendeeId, registrationId: json.id }));
  return { cafeId: cafeIds[0] as string, registrationId: json.id as string, attendeeId, ...mail };
}

function other(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}

async function statusesOf(
  attempts: Promise<{ status: number; json: { code?: string } }>[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { status, json } of await Promise.all(attempts)) {
    const what = json.code ?? String(status);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}

describe('tries of codes', () => {
  it('are limited to ten an hour for an address, over all clients, with a claim before each', async () => {
    const email = 'victim@example.org';
    const { cafeId } = await claimed(email);
    const outcomes = new Map<string, number>();
    for (let client = 0; client < 30; client++) {
      const from = browser(`198.51.100.${client}`);
      await from.call('POST', `/cafes/${cafeId}/registrations`, { name: 'Mallory', email });
      const { code } = await newestMail(email);
      const { json } = await from.call('POST', '/sign-in/verify', { email, code: other(code) });
      outcomes.set(json.code, (outcomes.get(json.code) ?? 0) + 1);
    }
    expect([...outcomes]).toEqual([
      ['sign-in-invalid', 10],
      ['code-locked', 20],
    ]);
  });

  it('are limited to ten of fifty simultaneous ones, with the same answers for an unknown address', async () => {
    await browser().call('POST', '/sign-in', { email: 'raced@example.org' });
    for (const email of ['raced@example.org', 'nobody-there@example.org']) {
      const known = email.startsWith('raced');
      const code = known ? other((await newestMail(email)).code) : '000000';
      const attempts = Array.from({ length: 50 }, (_, client) =>
        browser(`198.51.100.${client}`).call('POST', '/sign-in/verify', { email, code }),
      );
      expect(await statusesOf(attempts)).toEqual(
        new Map([
          ['sign-in-invalid', 10],
          ['code-locked', 40],
        ]),
      );
    }
    const answer = await browser().call('POST', '/sign-in/verify', { email: 'raced@example.org', code: '000000' });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000);
  });

  it('are accepted with six to eight digits, with spaces and hyphens, and with no other characters', async () => {
    const email = 'typed@example.org';
    await browser().call('POST', '/sign-in', { email });
    const { code } = await newestMail(email);
    for (const wrong of ['12345', '123456789', 'abcdef', '', '1234 5', `${code}x`, '1'.repeat(41)]) {
      const { status } = await browser().call('POST', '/sign-in/verify', { email, code: wrong });
      expect([wrong, status]).toEqual([wrong, 400]);
    }
    const typed = ` ${code.slice(0, 3)}\u00a0-\u2011 ${code.slice(3)} `;
    expect((await browser().call('POST', '/sign-in/verify', { email, code: typed })).status).toBe(200);
  });
});

describe('a client that wants to prevent the sign-in of another person', () => {
  it('cannot do so by requests: the person is informed that a mail was already sent, and its code and link work', async () => {
    const email = 'locked-out@example.org';
    const answers = [];
    for (let client = 0; client < 40; client++) {
      answers.push((await browser(`198.51.100.${client}`).call('POST', '/sign-in', { email })).json);
    }
    expect(answers.filter(({ status }) => status === 'sent')).toHaveLength(2);
    const enqueued = await api.database.pool.query(
      `select from outbox o join sign_in_challenge c on c.id = o.challenge_id where c.email = $1`,
      [email],
    );
    expect(enqueued.rowCount).toBe(2);
    const person = browser('203.0.113.5');
    const { status, json } = await person.call('POST', '/sign-in', { email });
    expect([status, json]).toEqual([202, { status: 'sent-already', againInSeconds: expect.any(Number) }]);
    const { code, token } = await newestMail(email);
    expect((await person.call('POST', '/sign-in/verify', { email, code })).status).toBe(200);
    // After a sign-in in another browser, they get a mail immediately.
    expect((await browser('203.0.113.6').call('POST', '/sign-in', { email })).json).toEqual({ status: 'sent' });
    expect((await person.call('POST', '/sign-in/verify', { token })).json.code).toBe('sign-in-invalid');
  });

  it('cannot do so by wrong codes: the link works in the browser of the person', async () => {
    const email = 'guessed-at@example.org';
    const person = browser('203.0.113.5');
    await person.call('POST', '/sign-in', { email });
    const { code, token } = await newestMail(email);
    for (let tries = 0; tries < 12; tries++) {
      await browser(`198.51.100.${tries}`).call('POST', '/sign-in/verify', { email, code: other(code) });
    }
    expect((await person.call('POST', '/sign-in/verify', { email, code })).json.code).toBe('code-locked');
    expect((await person.call('POST', '/sign-in/verify', { token })).status).toBe(200);
  });

  it('does not learn which addresses are known: the answers are the same, in and out of a pause', async () => {
    const [lea] = (await buildPeople(api.database.pool, 1)) as [string];
    const known = (await api.people.attendees.findById(lea))?.email as string;
    const answersOf = async (email: string) => {
      const answers = [];
      for (let asks = 0; asks < 4; asks++) {
        const { status, text } = await browser().call('POST', '/sign-in', { email });
        answers.push([status, text.replace(/\d+/, 'n')]);
      }
      return answers;
    };
    expect(await answersOf(known)).toEqual(await answersOf('unknown@example.org'));
  });
});

describe('a link of a mail', () => {
  it('opens one session, whatever the number of simultaneous requests', async () => {
    const email = 'at-once@example.org';
    const asking = browser();
    await asking.call('POST', '/sign-in', { email });
    const { token } = await newestMail(email);
    const cookie = `comptoir_asked=${asking.cookies.get('comptoir_asked')}`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => browser().call('POST', '/sign-in/verify', { token }, { cookie })),
    );
    expect(answers.filter(({ headers }) => /comptoir_session=./.test(headers.get('set-cookie') ?? ''))).toHaveLength(1);
    expect(answers.map(({ status, json }) => (status === 200 ? 'in' : json.code)).sort()).toEqual([
      'in',
      ...Array(9).fill('sign-in-invalid'),
    ]);
  });

  it('requires the code from a mail filter that presses the button, and is not consumed', async () => {
    const email = 'filtered@example.org';
    const mine = browser();
    const { cafeId, registrationId, code, token } = await claimed(email, mine);
    for (let press = 0; press < 15; press++) {
      const answer = await browser('198.51.100.1').call(
        'POST',
        '/sign-in/verify',
        { token },
        { 'accept-language': 'en' },
      );
      expect(answer).toMatchObject({
        status: 401,
        json: {
          code: 'code-required',
          email,
          registration: { cafeId, title: 'Café 1', startsAt: expect.any(String), endsAt: expect.any(String) },
        },
      });
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
    expect(await statusOf(registrationId)).toBe('held');
    // The page requires the code before a click.
    const look = (by: ReturnType<typeof browser>) => by.call('POST', '/sign-in/look', { token });
    expect((await look(browser('198.51.100.1'))).json).toMatchObject({ code: 'code-required', email });
    const answer = await look(mine);
    expect([answer.status, answer.headers.has('set-cookie')]).toEqual([200, false]);
    const named = { cafeId, title: 'Café 1', eventTitle: 'Rencontres', timeZone: 'Europe/Paris' };
    expect(answer.json).toMatchObject({ registration: named });
    expect(await statusOf(registrationId)).toBe('held');
    const phone = browser('198.51.100.2');
    expect((await phone.call('POST', '/sign-in/verify', { token, code: other(code) })).json.code).toBe(
      'sign-in-invalid',
    );
    expect((await phone.call('POST', '/sign-in/verify', { token, code })).status).toBe(200);
    expect(await statusOf(registrationId)).toBe('confirmed');
    expect((await look(mine)).json.code).toBe('sign-in-invalid');
  });

  it('requires the code from a filter that has the mail sent again, or claims again', async () => {
    const email = 'asked-again@example.org';
    const owner = browser();
    await owner.call('POST', '/sign-in', { email });
    const { cafeId, registrationId, ...claim } = await claimed(email, owner);
    const requested = await newestAsked(email);
    const filter = browser('198.51.100.1');
    for (const { token } of [requested, claim]) {
      const press = () => filter.call('POST', '/sign-in/verify', { token });
      for (const body of [{ email, token }, { email }, { email, token }]) {
        expect((await press()).json.code).toBe('code-required');
        expect((await filter.call('POST', '/sign-in', body)).status).toBe(202);
      }
      await age(email);
      expect((await filter.call('POST', '/sign-in', { email, token })).json).toEqual({ status: 'sent' });
      expect((await press()).json.code).toBe('code-required');
    }
    const again = await filter.call('POST', `/cafes/${cafeId}/registrations`, { name: 'Léa', email });
    expect([again.status, again.json.id, again.json.claimToken]).toEqual([200, registrationId, undefined]);
    expect((await filter.call('POST', '/sign-in/verify', { token: claim.token })).json.code).toBe('code-required');
    expect([...filter.cookies]).toEqual([]);
    expect((await owner.call('POST', '/sign-in/verify', { token: claim.token })).status).toBe(200);
  });

  it('opened in the browser of the mail app first: the code signs in the page that claimed', async () => {
    const email = 'mail-app@example.org';
    const page = browser();
    const { registrationId, code, token } = await claimed(email, page);
    expect((await browser('203.0.113.9').call('POST', '/sign-in/verify', { token, code })).status).toBe(200);
    const claimTokens = [api.people.claimTokens.seal(registrationId)];
    expect((await browser().call('POST', '/sign-in/verify', { email, code })).json.code).toBe('sign-in-invalid');
    const answer = await page.call('POST', '/sign-in/verify', { email, code, claimTokens });
    expect([answer.status, answer.json.attendee.email]).toEqual([200, email]);
    expect((await page.call('GET', '/me')).status).toBe(200);
  });

  it('of an operator works in any browser, repeatedly', async () => {
    const link = await api.people.signInMails.createOperatorLink('operator@example.org', { ttlHours: 1 });
    const token = new URL(link).searchParams.get('token') as string;
    for (const from of ['192.0.2.7', '192.0.2.8']) {
      expect((await browser(from).call('POST', '/sign-in/verify', { token })).status).toBe(200);
    }
  });
});

async function statusOf(registrationId: string): Promise<string> {
  const { rows } = await api.database.pool.query('select status from registration where id = $1', [registrationId]);
  return rows[0].status;
}

describe('a session', () => {
  /** Signs in by code. */
  async function signIn(email: string, by = browser()) {
    await by.call('POST', '/sign-in', { email });
    const { code } = await newestMail(email);
    expect((await by.call('POST', '/sign-in/verify', { email, code })).status).toBe(200);
    return by;
  }
  const session = (of: { cookies: Map<string, string> }) => `comptoir_session=${of.cookies.get('comptoir_session')}`;

  it('ends when its browser signs in again, as the same person or another', async () => {
    const page = await signIn('rotated@example.org');
    for (const email of ['rotated@example.org', 'another@example.org']) {
      const cookie = session(page);
      await signIn(email, page);
      expect(session(page)).not.toBe(cookie);
      expect((await api.ask('GET /me', { cookie })).json.code).toBe('not-signed-in');
      expect((await page.call('GET', '/me')).json.email).toBe(email);
    }
  });

  it('ends in all browsers on request of its person, and then no repeated request is answered either', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 3 }, { seats: 3, startsAfterMinutes: 90 }]);
    const email = 'everywhere@example.org';
    const [phone, laptop] = [await signIn(email), await signIn(email)];
    const another = await signIn('not-concerned@example.org');
    const cookie = session(laptop);
    const again = () =>
      api.call('POST', `/cafes/${cafeIds[0]}/registrations`, {
        body: {},
        headers: { cookie, 'idempotency-key': 'one' },
      });
    const taken = await again();
    expect(taken.status).toBe(201);
    const swap = () =>
      api.call('POST', `/registrations/${taken.json.id}/swap`, {
        body: { cafeId: cafeIds[1] },
        headers: { cookie, 'idempotency-key': 'two' },
      });
    expect((await swap()).status).toBe(200);
    expect((await phone.call('POST', '/sign-out', { everywhere: true })).status).toBe(204);
    expect(phone.cookies.has('comptoir_session')).toBe(false);
    for (const answer of [await again(), await swap(), await laptop.call('GET', '/me')]) {
      expect([answer.status, answer.json.code]).toEqual([401, 'not-signed-in']);
    }
    expect((await another.call('GET', '/me')).status).toBe(200);
    expect((await (await signIn(email)).call('GET', '/me')).status).toBe(200);
  });

  it('ends alone with a plain sign-out, whose body may be left out', async () => {
    const email = 'one-of-two@example.org';
    const [phone, laptop] = [await signIn(email), await signIn(email)];
    expect((await phone.call('POST', '/sign-out')).status).toBe(204);
    expect((await laptop.call('GET', '/me')).status).toBe(200);
    expect((await laptop.call('POST', '/sign-out', { everywhere: 'yes' })).status).toBe(400);
    expect((await laptop.call('GET', '/me')).status).toBe(200);
  });
});

describe('a sign-in', () => {
  it('is logged and counted, refused or not, without its address, code or token', async () => {
    const email = 'logged@example.org';
    const outcomes = ['asked', 'invalid', 'code-required', 'signed-in', 'signed-out', 'code-locked'];
    const counts = async () => {
      const text = await (await fetch(`${api.metricsUrl}/metrics`)).text();
      return outcomes.map((each) => {
        const found = new RegExp(`^comptoir_sign_ins_total\\{outcome="${each}"[^}]*\\} (\\d+)$`, 'm').exec(text);
        return Number(found?.[1] ?? 0);
      });
    };
    const before = await counts();
    const page = browser();
    await page.call('POST', '/sign-in', { email });
    const { code, token } = await newestMail(email);
    await page.call('POST', '/sign-in/verify', { email, code: other(code) });
    await browser('198.51.100.1').call('POST', '/sign-in/verify', { token });
    await page.call('POST', '/sign-in/verify', { email, code });
    await page.call('POST', '/sign-out');
    for (let tries = 3; tries <= 11; tries++) await page.call('POST', '/sign-in/verify', { email, code: '000000' });
    expect((await counts()).map((count, index) => count - (before[index] ?? 0))).toEqual([1, 9, 1, 1, 1, 1]);
    // Equal lines of one minute, including those of earlier tests, are one line.
    expect(lines.map((line) => JSON.parse(line).outcome)).toEqual(expect.arrayContaining(outcomes));
    // A flood of tries over many addresses gives some lines only.
    const known = lines.length;
    for (let tries = 0; tries < 121; tries++) {
      await browser(`192.0.2.${tries}`).call('POST', '/sign-in/verify', { email: `f${tries}@example.org`, code });
    }
    const flood = lines.slice(known).filter((line) => line.includes('a sign-in was refused'));
    expect(flood.length).toBeLessThanOrEqual(100);
    const all = lines.join('');
    for (const secret of [email, 'logged', code, token]) expect(all).not.toContain(secret);
    expect(all).toContain(api.people.signIn.hashOf(email));
  });
});
