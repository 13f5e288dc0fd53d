import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { SESSION_COOKIE } from '#identity';
import { type Database, openDatabase } from '#platform';
import { launchChromium } from '../support/browser.ts';
import { buildPeople } from '../support/build.ts';
import { type Identity, openIdentity } from '../support/identity.ts';
import { type Stack, startStack } from '../support/index.ts';
import { openSeats, type Seats } from '../support/seats.ts';

/** Waits until every animation that has an end has ended. */
const SETTLED = `Promise.allSettled(
  document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished),
).then(() => undefined)`;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How long an action on a page may take, in milliseconds: much longer than a slow and busy machine needs. */
const PATIENCE_MS = 120_000;

/** The running pages, a browser, and functions that fill the database. */
export interface World {
  stack: Stack;
  browser: Browser;
  database: Database;
  people: Identity;
  seats: Seats;
  /** The Cafés of the programme by their code. */
  cafeIds: Map<string, string>;
  /** Makes an attendee with a proved address. Returns the attendee's id. */
  person(email: string, name: string): Promise<string>;
  /** This number of unknown people take seats or waitlist places. */
  fill(cafeCode: string, people: number): Promise<void>;
  /** A separate browser context, signed in as an attendee or not signed in. */
  context(attendeeId: string | undefined, options?: BrowserContextOptions): Promise<BrowserContext>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const stack = await startStack({ apps: ['api', 'gateway'] });
  const browser = await launchChromium();
  const database = openDatabase({ url: stack.databaseUrl, connectionsMax: 4, applicationName: 'browser-spec' });
  const people = openIdentity({ database, secret: stack.secret, publicUrl: stack.apiUrl });
  const seats = openSeats({ database, holdTtlMinutes: 30 });
  const cafes = await database.pool.query<{ code: string; id: string }>('select code, id from cafe');
  const cafeIds = new Map(cafes.rows.map(({ code, id }) => [code, id]));
  return {
    stack,
    browser,
    database,
    people,
    seats,
    cafeIds,
    async person(email, name) {
      await people.signInMails.createOperatorLink(email, { ttlHours: 1, name });
      return (await people.attendees.findByEmail(email))?.attendeeId ?? '';
    },
    async fill(cafeCode, count) {
      const cafeId = cafeIds.get(cafeCode) ?? '';
      for (const attendeeId of await buildPeople(database.pool, count)) {
        await seats.claims.claim({ cafeId, attendeeId, guest: false });
      }
    },
    async context(attendeeId, options) {
      const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris', ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      if (attendeeId) {
        const { cookie } = people.sessions.open(attendeeId);
        await context.addCookies([{ name: SESSION_COOKIE, value: cookie, url: stack.apiUrl, httpOnly: true }]);
      }
      return context;
    },
    async stop() {
      await browser.close();
      await database.close();
      await stack.stop();
    },
  };
}

/** The accessibility rules that a page violates, each as `rule: element`. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // An element that still fades in has less contrast than at the end.
  await page.evaluate(SETTLED);
  const { violations } = (await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}
