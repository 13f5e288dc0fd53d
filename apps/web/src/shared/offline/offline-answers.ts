import type { HandlerCallbackOptions, WorkboxPlugin } from 'workbox-core/types.js';
import { NetworkFirst } from 'workbox-strategies';
import { KEPT_AT_HEADER, MINE_CACHE, PROGRAMME_CACHE } from './names.ts';

type CacheName = typeof MINE_CACHE | typeof PROGRAMME_CACHE;

/** How long the network may take if there is a kept answer, in seconds. */
const NETWORK_TIMEOUT_SECONDS = 4;

const mine = [/^\/api\/v1\/me$/, /^\/api\/v1\/me\/registrations$/, /^\/api\/v1\/registrations\/[^/]+\/ticket\.svg$/];
const programme = [/^\/api\/v1\/client-config$/, /^\/api\/v1\/events(\/[^/]+)?$/, /^\/api\/v1\/cafes\/[^/]+$/];
const sessions = ['POST /api/v1/sign-in/verify', 'POST /api/v1/sign-out', 'DELETE /api/v1/me'];

/** The headers that give access to one registration without a session. Answers to requests with them are never kept. */
const KEY_HEADERS = ['registration-key', 'claim-token'];

/**
 * Returns the cache in which the answer to a request is kept; `session` for a call that begins or ends a session. Undefined for all other requests,
 * whose answers are never kept: lists of hosts and organisers, receipts, the export of personal data, requests with a registration's key.
 */
export function kindOf({ method, url, headers }: Request): CacheName | 'session' | undefined {
  const { pathname } = new URL(url);
  if (sessions.includes(`${method} ${pathname}`)) return 'session';
  if (method !== 'GET' || KEY_HEADERS.some((name) => headers.has(name))) return undefined;
  if (mine.some((pattern) => pattern.test(pathname))) return MINE_CACHE;
  return programme.some((pattern) => pattern.test(pathname)) ? PROGRAMME_CACHE : undefined;
}

/** Stores the answers that a person needs without network, and returns them when there is none. */
export class OfflineAnswers {
  /** Grows when the person may have changed. An answer to an earlier call is then not stored. */
  #session = 0;
  /** Each returns the network's answer and stores it; or the kept answer if there is no network, or the network takes too long. */
  readonly #strategies: Record<CacheName, NetworkFirst> = {
    [MINE_CACHE]: this.#networkFirst(MINE_CACHE),
    [PROGRAMME_CACHE]: this.#networkFirst(PROGRAMME_CACHE),
  };

  /** Answers a request. @throws if neither the network nor the cache has an answer */
  answer(name: CacheName, options: HandlerCallbackOptions): Promise<Response> {
    return this.#strategies[name].handle(options);
  }

  /**
   * Sends a sign-in, a sign-out or an erasure. Deletes the kept answers of the earlier person before the page gets the answer; for a sign-out, even
   * if the request does not reach the server.
   */
  async changeSession(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.endsWith('/sign-out')) await this.deletePersonal();
    const response = await fetch(request);
    if (response.ok) await this.deletePersonal();
    return response;
  }

  async deletePersonal(): Promise<void> {
    this.#session++;
    await caches.delete(MINE_CACHE);
  }

  #networkFirst(cacheName: CacheName): NetworkFirst {
    return new NetworkFirst({
      cacheName,
      networkTimeoutSeconds: NETWORK_TIMEOUT_SECONDS,
      matchOptions: { ignoreVary: true },
      plugins: [this.#rules(cacheName)],
    });
  }

  /** Returns the kept answer to a request, in any language. */
  async #kept(cacheName: CacheName, request: Request): Promise<Response | undefined> {
    return (await caches.open(cacheName)).match(request, { ignoreSearch: true, ignoreVary: true });
  }

  /** Returns the rules of a cache, as a plugin of the strategy. */
  #rules(cacheName: CacheName): WorkboxPlugin {
    const isOfThisPerson = (state: { session?: number } | undefined) =>
      cacheName !== MINE_CACHE || state?.session === this.#session;
    return {
      handlerWillStart: async ({ state }) => {
        if (state) state.session = this.#session;
      },
      fetchDidSucceed: async ({ request, response }) => {
        if (cacheName === MINE_CACHE && response.status === 401) await this.deletePersonal();
        // While the server restarts, a proxy answers with an error. The kept answer is more useful.
        else if (response.status >= 500 && (await this.#kept(cacheName, request))) throw new Error('unavailable');
        else if (response.status === 404 || response.status === 409)
          await (await caches.open(cacheName)).delete(request);
        return response;
      },
      cacheWillUpdate: async ({ response, state }) => (response.ok && isOfThisPerson(state) ? stamped(response) : null),
      cacheDidUpdate: async ({ request, state }) => {
        if (!isOfThisPerson(state)) await (await caches.open(cacheName)).delete(request);
      },
      // Returns the answer in the requested language, else the one in another language.
      cachedResponseWillBeUsed: async ({ request, cachedResponse }) =>
        cachedResponse ?? (await this.#kept(cacheName, request)) ?? null,
    };
  }
}

/** Returns a copy of an answer with the current time in a header. */
function stamped(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT_HEADER, String(Date.now()));
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
