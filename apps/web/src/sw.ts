import { clientsClaim } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, matchPrecache, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { Keeper, kindOf } from './shared/offline/keeper.ts';
import { MINE_CACHE, PROGRAMME_CACHE } from './shared/offline/names.ts';
import { openPage } from './shared/offline/page.ts';
import { StaffFiles } from './shared/offline/staff-files.ts';

/** What a service worker has of what is used here; the compiler of the pages knows the window alone. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Worker {
  /** The files of this build: replaced in the built file. */
  __WB_MANIFEST: PrecacheEntry[];
  addEventListener(event: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(event: 'message', listener: (event: ExtendableEvent & { data: unknown }) => void): void;
  skipWaiting(): Promise<void>;
}
declare const self: Worker;

/** The document of every page, without the content that the server renders into it. */
const DOCUMENT = '/index.html';
/** What the API itself shows in a browser, and no page is: its documentation, calendars and tickets, and the board of the queues. */
const NO_PAGE = /^\/(api|board)(\/|$)/;
/** The most files of the build that are kept besides those of the pages: fonts, and the reader of tickets. */
const ASSETS_MAX = 60;
/** The most files of one message that are kept. */
const KEEP_MAX = 40;
/** The caches of earlier builds, which had names of their own. */
const OLD_CACHE = /^comptoir-shell-/;

void self.skipWaiting();
clientsClaim();
const files = self.__WB_MANIFEST;
const staff = new StaffFiles(files.map((file) => (typeof file === 'string' ? file : file.url)));
// The page at `/` is requested like every other page; `/index.html` does not replace it.
precacheAndRoute(
  files.filter((file) => !staff.has(typeof file === 'string' ? file : file.url)),
  { directoryIndex: '' },
);
cleanupOutdatedCaches();
const page = openPage(async () => matchPrecache(DOCUMENT));
registerRoute(new NavigationRoute(({ request }) => page(request), { denylist: [NO_PAGE] }));
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && staff.has(url.pathname.slice(1)),
  ({ request, event }) => staff.answer(request, event),
);

/** Files with a hash in their name. */
const assets = new CacheFirst({
  cacheName: 'comptoir-assets',
  plugins: [new ExpirationPlugin({ maxEntries: ASSETS_MAX, purgeOnQuotaError: true })],
});
registerRoute(({ sameOrigin, url }) => sameOrigin && url.pathname.startsWith('/assets/'), assets);

const keeper = new Keeper();
for (const name of [MINE_CACHE, PROGRAMME_CACHE] as const) {
  registerRoute(
    ({ sameOrigin, request }) => sameOrigin && kindOf(request) === name,
    (options) => keeper.answer(name, options),
  );
}
for (const method of ['POST', 'DELETE'] as const) {
  registerRoute(
    ({ sameOrigin, request }) => sameOrigin && kindOf(request) === 'session',
    ({ request }) => keeper.changeSession(request),
    method,
  );
}

/** Files that the first visit fetched before this worker listened. */
self.addEventListener('message', (event) => {
  const { keep } = (event.data ?? {}) as { keep?: unknown };
  if (!Array.isArray(keep)) return;
  const paths = keep.filter((path): path is string => typeof path === 'string' && /^\/assets\/[\w.-]+$/.test(path));
  const keepFile = async (path: string) => {
    if (await matchPrecache(path)) return;
    if (staff.has(path.slice(1))) return staff.keepAll();
    const [response, done] = assets.handleAll({ request: new Request(path), event });
    await Promise.all([response, done]);
  };
  event.waitUntil(Promise.allSettled(paths.slice(0, KEEP_MAX).map(keepFile)));
});

self.addEventListener('install', (event) => event.waitUntil(staff.renew()));
self.addEventListener('activate', (event) => {
  const deleteOld = async () => {
    const old = (await caches.keys()).filter((name) => OLD_CACHE.test(name));
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(Promise.all([deleteOld(), staff.deleteOld()]));
});
