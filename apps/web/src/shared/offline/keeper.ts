import { KEPT_AT_HEADER } from './kept-at.ts';

/** The person's own answers: emptied when a session begins or ends, and whenever the server says that nobody is signed in. */
export const MINE = 'comptoir-mine';
/** What everybody may see: the programme. */
export const PROGRAMME = 'comptoir-programme';

/** How long the network may take while a kept answer is at hand, in milliseconds. */
const PATIENCE_MS = 4_000;

const mine = [/^\/api\/v1\/me$/, /^\/api\/v1\/me\/registrations$/, /^\/api\/v1\/registrations\/[^/]+\/ticket\.svg$/];
const programme = [/^\/api\/v1\/client-config$/, /^\/api\/v1\/events(\/[^/]+)?$/, /^\/api\/v1\/cafes\/[^/]+$/];
const sessions = ['POST /api/v1/sign-in/verify', 'POST /api/v1/sign-out', 'DELETE /api/v1/me'];

/** Headers that open one registration without a session: what they open is never kept. */
const KEY_HEADERS = ['registration-key', 'claim-token'];

/**
 * Which cache an answer may be kept in; `session` for a call after which another person may sit here. Everything that is not
 * named is never kept: what hosts and organisers see of other people, receipts, the file of one's data, what a key opens.
 */
export function kindOf({ method, url, headers }: Request): typeof MINE | typeof PROGRAMME | 'session' | undefined {
  const { pathname } = new URL(url);
  if (sessions.includes(`${method} ${pathname}`)) return 'session';
  if (method !== 'GET' || KEY_HEADERS.some((name) => headers.has(name))) return undefined;
  if (mine.some((pattern) => pattern.test(pathname))) return MINE;
  return programme.some((pattern) => pattern.test(pathname)) ? PROGRAMME : undefined;
}

/** Keeps what a person needs without network, and nothing else. */
export class Keeper {
  readonly #caches: CacheStorage;
  readonly #fetch: (request: Request) => Promise<Response>;
  /** Grows when the person may have changed: an answer to a call from before is not kept any more. */
  #session = 0;

  constructor(caches: CacheStorage, fetch: (request: Request) => Promise<Response>) {
    this.#caches = caches;
    this.#fetch = fetch;
  }

  /**
   * Somebody signs in or out, or is erased: what was kept of the person before is forgotten before the page hears of it. A sign-out
   * counts for this device also where it does not reach the server.
   */
  async changeSession(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.endsWith('/sign-out')) await this.forget();
    const response = await this.#fetch(request);
    if (response.ok) await this.forget();
    return response;
  }

  async forget(): Promise<void> {
    this.#session++;
    await this.#caches.delete(MINE);
  }

  /** The network's answer, kept; or the kept one when there is no network, or it takes too long. @throws what `fetch` throws */
  async answer(request: Request, name: typeof MINE | typeof PROGRAMME): Promise<Response> {
    const fresh = this.#fresh(request, name);
    const kept = await this.#kept(request, name);
    if (!kept) return fresh;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<Response>((resolve) => {
      patience = setTimeout(() => resolve(kept), PATIENCE_MS);
    });
    return Promise.race([fresh.catch(() => kept), late]).finally(() => clearTimeout(patience));
  }

  async #fresh(request: Request, name: typeof MINE | typeof PROGRAMME): Promise<Response> {
    const session = this.#session;
    const response = await this.#fetch(request);
    if (name === MINE && response.status === 401) await this.forget();
    const cache = await this.#caches.open(name);
    if (response.ok) {
      await cache.put(request, stamped(response.clone()));
      // It was another person who asked.
      if (name === MINE && session !== this.#session) await cache.delete(request);
    } else if (response.status === 404 || response.status === 409) await cache.delete(request);
    return response;
  }

  async #kept(request: Request, name: string): Promise<Response | undefined> {
    const cache = await this.#caches.open(name);
    // In the language asked for, else in another: a plan that can be read is better than none.
    return (
      (await cache.match(request, { ignoreVary: true })) ??
      (await cache.match(request, { ignoreSearch: true, ignoreVary: true }))
    );
  }
}

/** A copy that says when it was made. */
function stamped(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT_HEADER, String(Date.now()));
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
