import { Keeper, kindOf } from './offline/keeper.ts';

/** What a service worker has of what is used here; the pages' compiler knows the window alone. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Worker {
  __WB_MANIFEST: { url: string; revision: string | null }[];
  addEventListener(event: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(event: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(event: 'message', listener: (event: Lasting & { data: unknown }) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
declare const self: Worker;

/** The files of this build: replaced in the built file. */
const files = self.__WB_MANIFEST;
const SHELL_PREFIX = 'comptoir-shell-';
const SHELL = SHELL_PREFIX + hashOf(files.map(({ url, revision }) => `${url} ${revision}`).join());
/** The document of every page. */
const DOCUMENT = '/';
/** What the API itself shows in a browser, and no page is: its documentation, calendars and tickets, and the board of the queues. */
const NO_PAGE = /^\/(api|board)(\/|$)/;
/** The most files of one message that are kept. */
const KEEP_MAX = 40;

const keeper = new Keeper(caches, fetch.bind(globalThis));

self.addEventListener('install', (event) => {
  const urls = files.map(({ url }) => (url === 'index.html' ? DOCUMENT : `/${url}`));
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) =>
        cache.addAll(urls.map((url) => new Request(url, { cache: url === DOCUMENT ? 'reload' : 'default' }))),
      )
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  const forgetOld = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(SHELL_PREFIX) && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forgetOld());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (!NO_PAGE.test(pathname)) event.respondWith(shellFile(DOCUMENT, request));
    return;
  }
  if (request.method === 'GET' && pathname.startsWith('/assets/')) {
    event.respondWith(shellFile(pathname, request));
    return;
  }
  const kind = kindOf(request);
  if (kind === 'session') event.respondWith(keeper.changeSession(request));
  else if (kind) event.respondWith(keeper.answer(request, kind));
});

/** Files with a hash in their name, that the first visit fetched before this worker listened. */
self.addEventListener('message', (event) => {
  const { keep } = (event.data ?? {}) as { keep?: unknown };
  if (!Array.isArray(keep)) return;
  const paths = keep.filter((path): path is string => typeof path === 'string' && /^\/assets\/[\w.-]+$/.test(path));
  event.waitUntil(
    caches.open(SHELL).then(async (cache) => {
      for (const path of paths.slice(0, KEEP_MAX))
        if (!(await cache.match(path))) await cache.add(path).catch(() => {});
    }),
  );
});

/** A file of this build: kept, else from the network. */
async function shellFile(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(SHELL)).match(path)) ?? fetch(request);
}

/** Short and the same for the same text (FNV-1a); it keeps nobody out. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
