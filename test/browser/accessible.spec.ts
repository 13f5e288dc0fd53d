import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openPeople } from '#people';
import { openDatabase } from '#platform';
import { findChromium, type Stack, startStack } from '../support/index.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = {
  nobody: ['/', '/cafes/CAFE', '/sign-in', '/me'],
  organiser: ['/me', '/organiser', '/host', '/host/cafes/CAFE'],
};

let stack: Stack;
let browser: Browser;
let cookie: string;
let cafeId: string;

beforeAll(async () => {
  stack = await startStack({ apps: ['api', 'gateway'] });
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const database = openDatabase({ url: stack.databaseUrl, connectionsMax: 2, applicationName: 'accessible-spec' });
  const people = openPeople({ database, secret: stack.secret, publicUrl: stack.apiUrl });
  await people.createSignInLink('a@example.org', { ttlHours: 1, name: 'Ada' });
  const attendeeId = (await people.attendeeOf('a@example.org'))?.attendeeId ?? '';
  await people.grantRole(attendeeId, { role: 'organiser', eventId: stack.eventId });
  cookie = (await people.openSession(attendeeId)).cookie;
  cafeId = (await database.pool.query('select id from cafe order by starts_at, position limit 1')).rows[0].id;
  await database.close();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What keeps somebody out, as `rule: where`. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  describe.each(Object.entries(PAGES))('for %s', (who, paths) => {
    it.each(paths)('%s keeps nobody out', async (path) => {
      const context = await browser.newContext({
        locale: 'fr-FR',
        colorScheme,
        reducedMotion: 'reduce',
        viewport: { width: 390, height: 844 },
      });
      if (who === 'organiser') {
        await context.addCookies([{ name: 'comptoir_session', value: cookie, url: stack.apiUrl }]);
      }
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${stack.apiUrl}${path.replace('CAFE', cafeId)}`, { waitUntil: 'load' });
      await page.locator('h1').first().waitFor();
      expect(await faultsOf(page)).toEqual([]);
      expect(errors).toEqual([]);
      await context.close();
    });
  });
});

it('finds out a button that says nothing', async () => {
  const page = await browser.newPage();
  await page.goto(`${stack.apiUrl}/sign-in`);
  await page.locator('h1').first().waitFor();
  await page.evaluate('document.querySelector("main").append(document.createElement("button"))');
  expect((await faultsOf(page)).join('\n')).toContain('button-name');
  await page.close();
});
