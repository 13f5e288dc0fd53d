import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';
import { startWorld, violationsOf, type World } from './world.ts';

/** With PICTURES=docs/pages, the test takes pictures of the main pages and writes them there. */
const { PICTURES } = process.env;
/** The page needs no horizontal scrolling. A chart is drawn again a moment after its size changed. */
const FITS = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
const FITS_WITHIN_MS = 2_000;
/** Text of twice its size, as a user can set it for all pages (WCAG 1.4.4). */
const LARGE_TEXT = 'document.documentElement.style.fontSize = "200%"';
const TEXT_SIZE = 'getComputedStyle(document.body).fontSize';
const PICTURED = [
  ...['programme', 'cafe-with-clash', 'cafe-mine', 'group', 'plan', 'ticket', 'settings'],
  ...['organiser', 'organised-cafe', 'host', 'door'],
];
/** The largest height of a picture, in pixels. The part of a page below it shows more of the same. */
const PICTURE_HEIGHT_MAX = 1_800;

let world: World;
let lea: string;
let organiser: string;
let leasSeat: string;

/**
 * Léa has a seat. At the same time she waits at a full Café, and a third Café has free seats. On the next day she has a seat, and an offer
 * for another seat at the same time.
 */
beforeAll(async () => {
  world = await startWorld();
  const { seats, cafeIds, database } = world;
  lea = await world.person('lea.martin@example.org', 'Léa Martin');
  organiser = await world.person('organisatrice@example.org', 'Odile Organise');
  await world.people.roles.grant(organiser, { role: 'organiser', eventId: world.stack.eventId });
  const take = (code: string, attendeeId: string) =>
    seats.claims.claim({ cafeId: cafeIds.get(code) ?? '', attendeeId, guest: false });
  const codes = (
    await database.pool.query<{ code: string; capacity: number }>(
      'select c.code, s.capacity from cafe c join cafe_seats s on s.cafe_id = c.id order by c.starts_at, c.position',
    )
  ).rows;
  const [first, second, third] = codes as [(typeof codes)[0], (typeof codes)[0], (typeof codes)[0]];
  await world.fill(first.code, Math.floor(first.capacity / 3));
  const claimed = await take(first.code, lea);
  leasSeat = claimed.outcome === 'created' ? claimed.registration.id : '';
  await world.fill(second.code, second.capacity + 2);
  await take(second.code, lea);
  await world.fill(third.code, third.capacity - 2);
  // On the second day she has a seat, and an offer for another seat at the same time.
  const [wanted, clashing] = codes.slice(7) as [(typeof codes)[0], (typeof codes)[0]];
  const leaving = await world.person('part@example.org', 'Celui qui part');
  const left = await take(wanted.code, leaving);
  await world.fill(wanted.code, wanted.capacity - 1);
  await take(wanted.code, lea);
  await take(clashing.code, lea);
  if (left.outcome === 'created') await seats.registrations.cancel(left.registration.id, leaving);
});

afterAll(() => world?.stop());

/** Both widths, both themes, both directions of writing. */
const variants = [
  { locale: 'fr-FR', width: 390, colorScheme: 'light', readers: ['visitor', 'lea', 'organiser'] },
  { locale: 'ar-MA', width: 390, colorScheme: 'dark', readers: ['visitor', 'lea'] },
  // The pages of hosts and organisers are in French and English.
  { locale: 'fr-FR', width: 1280, colorScheme: 'dark', readers: ['visitor', 'lea', 'organiser'] },
  { locale: 'ar-MA', width: 1280, colorScheme: 'light', readers: ['visitor', 'lea'] },
] as const;

const pages = {
  visitor: {
    programme: '/',
    cafe: '/cafes/CAFE',
    'sign-in': '/sign-in',
    'plan-signed-out': '/me',
    'not-found': '/me/nothing',
  },
  lea: {
    'programme-by-room': '/?by=room',
    'cafe-with-clash': '/cafes/CLASH',
    'cafe-mine': '/cafes/CAFE',
    group: '/cafes/CAFE/group',
    plan: '/me',
    ticket: '/registrations/SEAT',
    settings: '/me/settings',
  },
  organiser: {
    organiser: '/organiser',
    'organised-cafe': '/organiser/cafes/CAFE',
    host: '/host',
    door: '/host/cafes/CAFE',
  },
};

function pathOf(path: string): string {
  const ids = [...world.cafeIds.values()];
  return path
    .replace('CAFE', ids[0] ?? '')
    .replace('CLASH', ids[2] ?? '')
    .replace('SEAT', leasSeat);
}

/** Opens a page, and waits until its heading is shown and all its parts are loaded. */
async function show(page: Page, path: string): Promise<void> {
  await page.goto(`${world.stack.apiUrl}${pathOf(path)}`, { waitUntil: 'load' });
  await page.locator('main:not([data-rendered]) h1').first().waitFor();
  await page.locator('.skeleton, .claim:empty').first().waitFor({ state: 'detached' });
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(`${PICTURES}`, { recursive: true });
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  const width = page.viewportSize()?.width ?? 0;
  const clip = { x: 0, y: 0, width, height: Math.min(height, PICTURE_HEIGHT_MAX) };
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true, clip });
}

/** Polls from the test process, because the content security policy does not allow to evaluate text inside the page. */
function fits(page: Page): Promise<boolean> {
  return waitFor(() => page.evaluate<boolean>(FITS), { what: 'the page to fit', withinMs: FITS_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}

/** Returns the errors of a page: accessibility rules that it violates, errors of its scripts, and sizes at which it is too wide. */
async function errorsOf(context: BrowserContext, path: string, pictureName: string | undefined): Promise<string[]> {
  const page = await context.newPage();
  const violations: string[] = [];
  page.on('pageerror', (error) => violations.push(error.message));
  await show(page, path);
  violations.push(...(await violationsOf(page)));
  if (pictureName) await picture(page, pictureName);
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  // The page as it is, and with large text: a phone's page at 120 %, a desktop page at 200 % and at 400 % (WCAG 1.4.10: 320 px).
  for (const width of [size.width, 640, 320].filter((each) => each <= size.width)) {
    await page.setViewportSize({ ...size, width });
    if (!(await fits(page))) violations.push(`the page is wider than a screen of ${width} px`);
  }
  await page.setViewportSize({ ...size, width: Math.min(size.width, 390) });
  const usual = await page.evaluate<string>(TEXT_SIZE);
  await page.evaluate(LARGE_TEXT);
  const large = await page.evaluate<string>(TEXT_SIZE);
  if (Number.parseFloat(large) !== 2 * Number.parseFloat(usual)) violations.push(`the text stays ${large} high`);
  if (!(await fits(page))) violations.push('the page is wider than a phone with large text');
  await page.close();
  return violations;
}

describe.each(variants)('in $locale, $width px, $colorScheme', ({ locale, width, colorScheme, readers }) => {
  it.each(readers)('has no page that violates a rule of accessibility: for %s', async (reader) => {
    const attendeeId = { visitor: undefined, lea, organiser }[reader];
    const context = await world.context(attendeeId, {
      locale,
      colorScheme,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      viewport: { width, height: width < 500 ? 844 : 900 },
    });
    const violationsOn = async (name: string, path: string) => {
      const pictured = PICTURES && PICTURED.includes(name);
      const pictureName = `${name}-${width}-${locale.slice(0, 2)}-${colorScheme}`;
      return [name, await errorsOf(context, path, pictured ? pictureName : undefined)] as const;
    };
    // The pages are open at the same time, because each waits for the network; with pictures one after the other, because the browser draws
    // only the page in front.
    const results: (readonly [string, string[]])[] = [];
    const all = Object.entries(pages[reader]);
    if (PICTURES) for (const [name, path] of all) results.push(await violationsOn(name, path));
    else results.push(...(await Promise.all(all.map(([name, path]) => violationsOn(name, path)))));
    expect(Object.fromEntries(results.filter(([, violations]) => violations.length > 0))).toEqual({});
    await context.close();
  });
});

it('finds a button without a name', async () => {
  const context = await world.context(undefined);
  const page = await context.newPage();
  await show(page, '/sign-in');
  await page.evaluate('document.querySelector("main").append(document.createElement("button"))');
  expect((await violationsOf(page)).join('\n')).toContain('button-name');
  await context.close();
});
