import type { HandlerCallbackOptions, WorkboxPlugin } from 'workbox-core/types.js';
import { NetworkFirst } from 'workbox-strategies';
import { KEPT_AT_HEADER, MINE_CACHE, PROGRAMME_CACHE } from './names.ts';

type CacheName = typeof MINE_CACHE | typeof PROGRAMME_CACHE;

/** How long the network may take while a kept answer is there, in seconds. */
const NETWORK_TIMEOUT_SECONDS = 4;

const mine = [/^\/api\/v1\/me$/, /^\/api\/v1\/me\/registrations$/, /^\/api\/v1\/registrations\/[^/]+\/ticket\.svg$/];
const programme = [/^\/api\/v1\/client-config$/, /^\/api\/v1\/events(\/[^/]+)?$/, /^\/api\/v1\/cafes\/[^/]+$/];
const sessions = ['POST /api/v1/sign-in/verify', 'POST /api/v1/sign-out', 'DELETE /api/v1/me'];

/** Headers that open one registration without a session: what they open is never kept. */
const KEY_HEADERS = ['registration-key', 'claim-token'];

/**
 * Which cache an answer may be kept in; `session` for a call after which another person may sit here. Everything that is not
 * named is never kept: what hosts and organisers see of other people, receipts, the file of one's data, what a key opens.
 */
export function kindOf({ method, url, headers }: Request): CacheName | 'session' | undefined {
  const { pathname } = new URL(url);
  if (sessions.includes(`${method} ${pathname}`)) return 'session';
  if (method !== 'GET' || KEY_HEADERS.some((name) => headers.has(name))) return undefined;
  if (mine.some((pattern) => pattern.test(pathname))) return MINE_CACHE;
  return programme.some((pattern) => pattern.test(pathname)) ? PROGRAMME_CACHE : undefined;
}

/** Keeps what a person needs without network, and nothing else. */
export class Keeper {
  /** Grows when the person may have changed: an answer to a call from before is not kept any more. */
  #session = 0;
  /** The network's answer, kept; or the kept one when there is no network, or it takes too long. */
  readonly #strategies: Record<CacheName, NetworkFirst> = {
    [MINE_CACHE]: this.#networkFirst(MINE_CACHE),
    [PROGRAMME_CACHE]: this.#networkFirst(PROGRAMME_CACHE),
  };

  /** @throws where neither the network nor the cache has an answer */
  answer(name: CacheName, options: HandlerCallbackOptions): Promise<Response> {
    return this.#strategies[name].handle(options);
  }

  /**
   * Somebody signs in or out, or is erased: what was kept of the person before is deleted before the page hears of it. A sign-out
   * counts for this device also where it does not reach the server.
   */
  async changeSession(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.endsWith('/sign-out')) await this.forget();
    const response = await fetch(request);
    if (response.ok) await this.forget();
    return response;
  }

  async forget(): Promise<void> {
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

  /** The answer that is kept for a request, in any language. */
  async #kept(cacheName: CacheName, request: Request): Promise<Response | undefined> {
    return (await caches.open(cacheName)).match(request, { ignoreSearch: true, ignoreVary: true });
  }

  /** What holds for the answers of a cache beyond the strategy. */
  #rules(cacheName: CacheName): WorkboxPlugin {
    const isOfThisPerson = (state: { session?: number } | undefined) =>
      cacheName !== MINE_CACHE || state?.session === this.#session;
    return {
      handlerWillStart: async ({ state }) => {
        if (state) state.session = this.#session;
      },
      fetchDidSucceed: async ({ request, response }) => {
        if (cacheName === MINE_CACHE && response.status === 401) await this.forget();
        // While the server restarts, a proxy answers for it: the kept answer is better.
        else if (response.status >= 500 && (await this.#kept(cacheName, request))) throw new Error('unavailable');
        else if (response.status === 404 || response.status === 409)
          await (await caches.open(cacheName)).delete(request);
        return response;
      },
      cacheWillUpdate: async ({ response, state }) => (response.ok && isOfThisPerson(state) ? stamped(response) : null),
      cacheDidUpdate: async ({ request, state }) => {
        if (!isOfThisPerson(state)) await (await caches.open(cacheName)).delete(request);
      },
      // In the language asked for, else in another: a plan that can be read is better than none.
      cachedResponseWillBeUsed: async ({ request, cachedResponse }) =>
        cachedResponse ?? (await this.#kept(cacheName, request)) ?? null,
    };
  }
}

/** A copy that says when it was made. */
function stamped(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT_HEADER, String(Date.now()));
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
