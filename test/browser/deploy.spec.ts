import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { waitFor } from '../support/index.ts';
import { type Deployments, startDeployments } from './deployments.ts';
import { startWorld, violationsOf, type World } from './world.ts';

let world: World;
let host: string;
let cafeId: string;
let proxy: Deployments;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  world = await startWorld();
  host = await world.person('hote@example.org', 'Hélène Hôte');
  const [room] = (
    await world.database.pool.query<{ id: string; cafe_id: string }>(
      'select r.id, c.id as cafe_id from cafe c join room r on r.id = c.room_id order by c.starts_at, c.position limit 1',
    )
  ).rows;
  cafeId = room?.cafe_id ?? '';
  await world.people.roles.grant(host, { role: 'host', eventId: world.stack.eventId, roomId: room?.id ?? '' });
});
beforeEach(async () => {
  proxy = await startDeployments(world.stack.apiUrl);
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await proxy.close();
});
afterAll(() => world?.stop());

/** The list of Cafés of the host, on a phone. */
async function openList(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await world.context(host, { viewport: { width: 390, height: 844 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${proxy.url}/host`);
  await page.locator('.card').first().waitFor();
  return page;
}

/** Opens the list with a service worker that stores the files that a host needs. */
async function openStoredList(): Promise<Page> {
  const page = await openList();
  await waitFor(() => page.evaluate('navigator.serviceWorker.controller !== null'), { what: 'the service worker' });
  const isStored = `caches.open('comptoir-staff').then((cache) => cache.keys()).then((keys) => keys.some(({ url }) => url.includes('door-page')))`;
  await waitFor(() => page.evaluate<boolean>(isStored), { what: 'the files of a host to be stored' });
  return page;
}

const buildOf = (page: Page) => page.locator('meta[name=build]').getAttribute('content');
const openCafe = (page: Page) => page.locator(`a[href="/host/cafes/${cafeId}"]`).click();

describe('after a deployment', () => {
  it('an open page loads the new build when it needs a file that does not exist any more', async () => {
    const page = await openList({ serviceWorkers: 'block' });
    const oldBuild = await buildOf(page);
    proxy.deploy();
    await openCafe(page);
    await page.locator('.door-acts').waitFor();
    expect(await buildOf(page)).toBe(`2nd${oldBuild}`);
  });

  it('a reload shows the new build, although a service worker has stored the old one', async () => {
    const page = await openStoredList();
    const oldBuild = await buildOf(page);
    proxy.deploy();
    await page.reload();
    await page.locator('.card').first().waitFor();
    expect(await buildOf(page)).toBe(`2nd${oldBuild}`);
    await openCafe(page);
    await page.locator('.door-acts').waitFor();
  });

  it('a host can open all pages of the new build without a network, also pages that were never opened', async () => {
    const page = await openStoredList();
    proxy.deploy();
    await page.reload();
    const isRenewed = `caches.open('comptoir-staff').then((cache) => cache.keys()).then((keys) => keys.every(({ url }) => url.includes('2nd')))`;
    await waitFor(() => page.evaluate<boolean>(isRenewed), { what: 'the files of the new build to be stored' });
    await page.context().setOffline(true);
    await page.reload();
    await openCafe(page);
    await page.getByRole('link', { name: 'Tous les Cafés' }).waitFor();
  });
});

describe('while the server restarts', () => {
  it('a host opens the list and a Café from stored answers', async () => {
    const page = await openStoredList();
    proxy.restarting = true;
    await page.reload();
    await page.locator('.card').first().waitFor();
    await openCafe(page);
    await page.getByRole('link', { name: 'Tous les Cafés' }).waitFor();
  });

  it('a page whose files cannot be loaded offers to reload, and is shown when there is a network again', async () => {
    const page = await openList({ serviceWorkers: 'block' });
    await page.context().setOffline(true);
    await openCafe(page);
    await page.getByRole('heading', { name: 'Cette page ne s’est pas ouverte' }).waitFor();
    await page.getByRole('button', { name: 'Recharger' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.context().setOffline(false);
    await page.locator('.door-acts').waitFor();
  });

  it('a document whose scripts never load offers to reload', async () => {
    const context = await world.context(undefined, { serviceWorkers: 'block' });
    contexts.push(context);
    const page = await context.newPage();
    await page.route(/\/assets\/.*\.js$/, (route) => route.fulfill({ status: 404 }));
    await page.goto(`${proxy.url}/`);
    const reload = page.getByRole('link', { name: /Recharger/ });
    await reload.waitFor();
    await page.unroute(/\/assets\/.*\.js$/);
    await reload.click();
    await page.locator('[data-cafe]').first().waitFor();
  });
});
