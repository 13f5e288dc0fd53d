import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';
import { faultsOf, startWorld, type World } from './world.ts';

/** With PICTURES=docs/pages, pictures of the main pages are put there. */
const { PICTURES } = process.env;
/** The page needs no sideways scrolling; a chart is drawn anew a moment after its place changed. */
const FITS = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
const FITS_WITHIN_MS = 2_000;
/** Letters of twice their size, as somebody sets them for all pages (WCAG 1.4.4). */
const LARGE_LETTERS = 'document.documentElement.style.fontSize = "200%"';
const TEXT_SIZE = 'getComputedStyle(document.body).fontSize';
const PICTURED = [
  ...['programme', 'cafe-with-clash', 'cafe-mine', 'group', 'plan', 'ticket', 'settings'],
  ...['organiser', 'organised-cafe', 'host', 'door'],
];
/** What is further down is more of the same, in pixels. */
const PICTURE_HEIGHT_MAX = 1_800;

let world: World;
let lea: string;
let organiser: string;
let leasSeat: string;

/** Léa has a seat, waits at a full Café at the same time, is offered one of another, and is at another place on the next day. */
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
  // On the second day she has a seat, and is offered another at the same time.
  const [wanted, there] = codes.slice(7) as [(typeof codes)[0], (typeof codes)[0]];
  const leaving = await world.person('part@example.org', 'Celui qui part');
  const left = await take(wanted.code, leaving);
  await world.fill(wanted.code, wanted.capacity - 1);
  await take(wanted.code, lea);
  await take(there.code, lea);
  if (left.outcome === 'created') await seats.registrations.cancel(left.registration.id, leaving);
});

afterAll(() => world?.stop());

/** Both widths, both themes, both directions of writing. */
const variants = [
  { locale: 'fr-FR', width: 390, colorScheme: 'light', who: ['nobody', 'lea', 'organiser'] },
  { locale: 'ar-MA', width: 390, colorScheme: 'dark', who: ['nobody', 'lea'] },
  // The pages of hosts and organisers are in French and English.
  { locale: 'fr-FR', width: 1280, colorScheme: 'dark', who: ['nobody', 'lea', 'organiser'] },
  { locale: 'ar-MA', width: 1280, colorScheme: 'light', who: ['nobody', 'lea'] },
] as const;

const pages = {
  nobody: {
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

/** A page is there when its title is, and nothing of it is still on its way. */
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

/** Asked from here again and again: our content security policy lets nobody evaluate text inside the page. */
function fits(page: Page): Promise<boolean> {
  return waitFor(() => page.evaluate<boolean>(FITS), { what: 'the page to fit', withinMs: FITS_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}

/** What is wrong with a page, for those who see it and those who do not. */
async function walk(context: BrowserContext, path: string, pictureName: string | undefined): Promise<string[]> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await show(page, path);
  faults.push(...(await faultsOf(page)));
  if (pictureName) await picture(page, pictureName);
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  // As it is, and as large letters make it: a phone's page at 120 %, a desk's at 200 % and at 400 % (WCAG 1.4.10: 320 px).
  for (const width of [size.width, 640, 320].filter((each) => each <= size.width)) {
    await page.setViewportSize({ ...size, width });
    if (!(await fits(page))) faults.push(`the page is wider than a screen of ${width} px`);
  }
  await page.setViewportSize({ ...size, width: Math.min(size.width, 390) });
  const usual = await page.evaluate<string>(TEXT_SIZE);
  await page.evaluate(LARGE_LETTERS);
  const large = await page.evaluate<string>(TEXT_SIZE);
  if (Number.parseFloat(large) !== 2 * Number.parseFloat(usual)) faults.push(`letters stay ${large} high`);
  if (!(await fits(page))) faults.push('the page is wider than a phone with large letters');
  await page.close();
  return faults;
}

describe.each(variants)('in $locale, $width px, $colorScheme', ({ locale, width, colorScheme, who }) => {
  it.each(who)('keeps nobody out of a page: for %s', async (reader) => {
    const attendeeId = { nobody: undefined, lea, organiser }[reader];
    const context = await world.context(attendeeId, {
      locale,
      colorScheme,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      viewport: { width, height: width < 500 ? 844 : 900 },
    });
    const faultsOn = async (name: string, path: string) => {
      const pictured = PICTURES && PICTURED.includes(name);
      const pictureName = `${name}-${width}-${locale.slice(0, 2)}-${colorScheme}`;
      return [name, await walk(context, path, pictured ? pictureName : undefined)] as const;
    };
    // Side by side, for the time that each waits; one by one for pictures, which only the page in front is drawn for.
    const walked: (readonly [string, string[]])[] = [];
    const all = Object.entries(pages[reader]);
    if (PICTURES) for (const [name, path] of all) walked.push(await faultsOn(name, path));
    else walked.push(...(await Promise.all(all.map(([name, path]) => faultsOn(name, path)))));
    expect(Object.fromEntries(walked.filter(([, faults]) => faults.length > 0))).toEqual({});
    await context.close();
  });
});

it('finds out a button that says nothing', async () => {
  const context = await world.context(undefined);
  const page = await context.newPage();
  await show(page, '/sign-in');
  await page.evaluate('document.querySelector("main").append(document.createElement("button"))');
  expect((await faultsOf(page)).join('\n')).toContain('button-name');
  await context.close();
});
