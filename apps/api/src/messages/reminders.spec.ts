import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReminderLinks } from '#identity';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildPeople } from '../../../../test/support/build.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

const remindersOf = async (attendeeId: string): Promise<boolean> =>
  (await api.database.pool.query('select reminders from attendee where id = $1', [attendeeId])).rows[0].reminders;

const linksWith = (secret: string) => new ReminderLinks(api.database, { APP_SECRET: secret, PUBLIC_URL: api.url });

/** Returns the link in the reminders to an attendee, at this API. */
function linkOf(attendeeId: string): string {
  return linksWith(api.secret).link(attendeeId);
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const oneClick = (link: string, headers: Record<string, string> = form, body = 'List-Unsubscribe=One-Click') =>
  fetch(link, { method: 'POST', headers, body });

describe('the link that turns reminders off', () => {
  it('changes nothing when it is followed, and its page has a button', async () => {
    const [lea = ''] = await buildPeople(api.database.pool, 1);
    const page = await fetch(linkOf(lea), { headers: { 'accept-language': 'en' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toMatch(
      /<html lang="en" dir="ltr">[\s\S]*<form method="post">[\s\S]*<button>Get no more reminders/,
    );
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await remindersOf(lea)).toBe(true);
  });

  it.each([
    ['es-MX,es;q=0.9,en;q=0.8', 'es', 'ltr', 'No recibir más recordatorios'],
    ['pt-BR', 'pt', 'ltr', 'Deixar de receber lembretes'],
    ['de-CH;q=0.7, ar;q=0.9', 'ar', 'rtl', 'إيقاف التذكيرات'],
    ['nl, de;q=0.5', 'de', 'ltr', 'Keine Erinnerungen mehr erhalten'],
    ['nl', 'fr', 'ltr', 'Ne plus recevoir de rappels'],
  ])('has a page in the languages of the other pages: %s', async (asked, language, direction, title) => {
    const headers = { 'accept-language': asked };
    const [lea = ''] = await buildPeople(api.database.pool, 1);
    const link = linkOf(lea);
    const page = await (await fetch(link, { headers })).text();
    expect(page).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(page).toContain(`<h1>${title}</h1>`);
    const ended = await (await oneClick(link, { ...form, ...headers })).text();
    expect(ended).toContain(`<html lang="${language}"`);
    expect(ended).not.toContain(`<h1>${title}</h1>`);
  });

  it.each([
    ['a form', form, 'List-Unsubscribe=One-Click'],
    [
      'a form in parts',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('turns reminders off by one POST of %s without a session, and changes nothing else', async (_, headers, body) => {
    const [lea = '', samir = ''] = await buildPeople(api.database.pool, 2);
    const before = (await api.database.pool.query('select * from attendee where id = $1', [lea])).rows[0];
    const ended = await oneClick(linkOf(lea), headers, body);
    expect([ended.status, ended.redirected]).toEqual([200, false]);
    expect(ended.headers.getSetCookie()).toEqual([]);
    expect(await ended.text()).toContain('Vous ne recevrez plus de rappels');
    const after = (await api.database.pool.query('select * from attendee where id = $1', [lea])).rows[0];
    expect(after).toEqual({ ...before, reminders: false });
    expect(await remindersOf(samir)).toBe(true);
    expect((await oneClick(linkOf(lea))).status).toBe(200);
  });

  it('of another installation, or shortened, turns nothing off and shows that', async () => {
    const [lea = ''] = await buildPeople(api.database.pool, 1);
    const others = linksWith('a secret of another installation');
    for (const link of [others.link(lea), linkOf(lea).slice(0, -1), linkOf(lea).replace(/token=.*/, '')]) {
      const page = await oneClick(link, { ...form, accept: 'text/html,*/*;q=0.8' });
      expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('Ce lien n’est plus valable')]);
      const problem = await oneClick(link);
      expect([problem.status, problem.headers.get('content-type')]).toEqual([
        400,
        expect.stringContaining('application/problem+json'),
      ]);
    }
    expect(await remindersOf(lea)).toBe(true);
  });

  it('is the only call that accepts a form, so a page of another site cannot send one with the cookies of a browser', async () => {
    const [lea = ''] = await buildPeople(api.database.pool, 1);
    const cookie = api.cookieOf(lea);
    const answer = await fetch(`${api.url}/api/v1/sign-out`, {
      method: 'POST',
      headers: { ...form, cookie },
      body: 'everywhere=true',
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([415, 'unsupported-media-type']);
  });
});
