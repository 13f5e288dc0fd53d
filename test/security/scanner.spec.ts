import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { launchChromium } from '../support/browser.ts';
import { buildEvent } from '../support/build.ts';
import { type SecurityStack, startSecurityStack } from './security-stack.ts';
import { clientNumber, Jar, mailTo, tokenOf } from './strangers.ts';

/** The number of rounds in which a mail filter presses all buttons of a page. */
const ROUNDS = 3;

let stack: SecurityStack;
let browser: Browser;
let cafeId: string;
beforeAll(async () => {
  stack = await startSecurityStack({ withWorker: true, environment: { TRUSTED_PROXIES: '1' } });
  cafeId = (await buildEvent(stack.api.database.pool, [{ seats: 20 }])).cafeIds[0] as string;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** The address of the link at the API of this test. */
const testAddress = (link: URL) => `${stack.api.url}${link.pathname}${link.search}`;
const settled = (page: Page) => page.waitForLoadState('networkidle').catch(() => {});

/**
 * A mail filter. It opens a link without the person's cookies, runs the scripts, presses every button and sends every form. It keeps its
 * cookies and does the same with each link, in the order of the mails.
 */
async function scan(...links: (string | (() => Promise<string>))[]): Promise<{ cookies: string[]; me: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const link of links) {
    await page.goto(typeof link === 'string' ? link : await link());
    await pressAll(page);
  }
  const cookies = (await context.cookies()).map(({ name }) => name);
  const me = (await context.request.get(`${stack.api.url}/api/v1/me`)).status();
  await context.close();
  return { cookies, me };
}

async function pressAll(page: Page): Promise<void> {
  await settled(page);
  for (let round = 0; round < ROUNDS; round++) {
    for (const input of await page.locator('main input:visible').all()) await input.fill('scanner').catch(() => {});
    const buttons = await page
      .locator('main button:visible, main [role=button]:visible, main input[type=submit]:visible')
      .all();
    for (const button of buttons) {
      await button.click({ timeout: 1_000 }).catch(() => {});
      await settled(page);
    }
    await page.evaluate(`for (const form of document.forms) form.requestSubmit()`);
    await settled(page);
  }
}

let clients = 0;
const newJar = () => new Jar(stack, clientNumber(++clients));
async function claimedBy(jar: Jar, email: string) {
  const { json } = await jar.call('POST', `/cafes/${cafeId}/registrations`, { name: 'Léa Martin', email });
  return json as { id: string; claimToken: string; status: string };
}

describe('a mail filter that opens links, runs scripts and presses buttons', () => {
  it('gets no session from a sign-in mail, and the code and the link still work', async () => {
    for (const opens of ['code', 'link'] as const) {
      const email = `filtered-${opens}@example.org`;
      const owner = newJar();
      await owner.call('POST', '/sign-in', { email });
      const mail = await mailTo(stack, email);
      const { cookies, me } = await scan(testAddress(mail.link as URL));
      expect([cookies.includes('comptoir_session'), me]).toEqual([false, 401]);
      const answer = opens === 'code' ? { email, code: mail.code } : { token: tokenOf(mail) };
      expect([opens, (await owner.call('POST', '/sign-in/verify', answer)).status]).toEqual([opens, 200]);
    }
  });

  it('neither confirms nor ends the seat of a claim’s mail', async () => {
    const email = 'filtered-claim@example.org';
    const owner = newJar();
    const { id, claimToken } = await claimedBy(owner, email);
    const mail = await mailTo(stack, email);
    const { cookies, me } = await scan(testAddress(mail.link as URL));
    expect([cookies.includes('comptoir_session'), me]).toEqual([false, 401]);
    const seat = await newJar().call('GET', `/registrations/${id}`, undefined, { 'claim-token': claimToken });
    expect([seat.status, seat.json.status]).toEqual([200, 'held']);
    expect((await owner.call('POST', '/sign-in/verify', { email, code: mail.code })).status).toBe(200);
  });
});

describe('a mail filter that also presses “Send another code”', () => {
  it('gets no session, neither with the same link nor with the second mail', async () => {
    for (const what of ['sign-in', 'claim'] as const) {
      const email = `pressed-${what}@example.org`;
      const owner = newJar();
      if (what === 'claim') await claimedBy(owner, email);
      else await owner.call('POST', '/sign-in', { email });
      const first = testAddress((await mailTo(stack, email)).link as URL);
      const second = async () => testAddress((await mailTo(stack, email, 1)).link as URL);
      const { cookies, me } = await scan(first, first, second, second);
      expect([what, cookies, me]).toEqual([what, [], 401]);
      const newest = await mailTo(stack, email, 1);
      expect((await owner.call('POST', '/sign-in/verify', { token: tokenOf(newest) })).status).toBe(200);
    }
  });
});

describe('the mail app’s own browser', () => {
  it('is asked for the code; the page that claimed shows that the seat is confirmed, and its own code works', async () => {
    const email = 'phone@example.org';
    const tab = newJar();
    const { id, claimToken } = await claimedBy(tab, email);
    const mail = await mailTo(stack, email);
    const app = newJar();
    const refused = await app.call('POST', '/sign-in/verify', { token: tokenOf(mail) });
    expect([refused.status, refused.json]).toEqual([
      401,
      expect.objectContaining({ code: 'code-required', email, registration: expect.objectContaining({ cafeId }) }),
    ]);
    expect((await app.call('POST', '/sign-in/verify', { token: tokenOf(mail), code: mail.code })).status).toBe(200);

    const seen = await tab.call('GET', `/registrations/${id}`, undefined, { 'claim-token': claimToken });
    expect([seen.status, seen.json.status, seen.json.attendeeId]).toEqual([200, 'confirmed', undefined]);
    const typed = { email, code: mail.code, claimTokens: [claimToken] };
    expect([(await tab.call('POST', '/sign-in/verify', typed)).status, tab.signedIn]).toEqual([200, true]);
  });

  it('signs in by link alone when the same browser claimed', async () => {
    const email = 'same-browser@example.org';
    const tab = newJar();
    await claimedBy(tab, email);
    const mail = await mailTo(stack, email);
    expect((await tab.call('POST', '/sign-in/verify', { token: tokenOf(mail) })).status).toBe(200);
    expect((await tab.call('GET', '/me/registrations')).json[0].status).toBe('confirmed');
  });
});
