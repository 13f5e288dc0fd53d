import { clientsClaim } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, matchPrecache, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { MINE_CACHE, PROGRAMME_CACHE } from './shared/offline/names.ts';
import { kindOf, OfflineAnswers } from './shared/offline/offline-answers.ts';
import { openPage } from './shared/offline/page.ts';
import { StaffFiles } from './shared/offline/staff-files.ts';

/** The members of a service worker that this file uses. TypeScript compiles the pages with the types of a window only. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Worker {
  /** The files of this build. The build replaces this name by the list. */
  __WB_MANIFEST: PrecacheEntry[];
  addEventListener(event: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(event: 'message', listener: (event: ExtendableEvent & { data: unknown }) => void): void;
  skipWaiting(): Promise<void>;
}
declare const self: Worker;

/** The document of every page, without the content that the server renders into it. */
const DOCUMENT = '/index.html';
/** The paths that the API answers in a browser and that are not pages: its documentation, calendars, tickets, and the board of the queues. */
const NO_PAGE = /^\/(api|board)(\/|$)/;
/** The most stored files of the build besides those of the pages: fonts, and the reader of tickets. */
const ASSETS_MAX = 60;
/** The most files of one message that are stored. */
const KEEP_MAX = 40;
/** The caches of earlier builds, which had other names. */
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

/** The strategy for files with a hash in their name. */
const assets = new CacheFirst({
  cacheName: 'comptoir-assets',
  plugins: [new ExpirationPlugin({ maxEntries: ASSETS_MAX, purgeOnQuotaError: true })],
});
registerRoute(({ sameOrigin, url }) => sameOrigin && url.pathname.startsWith('/assets/'), assets);

const offlineAnswers = new OfflineAnswers();
for (const name of [MINE_CACHE, PROGRAMME_CACHE] as const) {
  registerRoute(
    ({ sameOrigin, request }) => sameOrigin && kindOf(request) === name,
    (options) => offlineAnswers.answer(name, options),
  );
}
for (const method of ['POST', 'DELETE'] as const) {
  registerRoute(
    ({ sameOrigin, request }) => sameOrigin && kindOf(request) === 'session',
    ({ request }) => offlineAnswers.changeSession(request),
    method,
  );
}

/** Stores the files that the first visit fetched before this worker was active. */
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
