import { beforeEach, describe, expect, it } from '@jest/globals';
import { KEPT_AT_HEADER, MINE_CACHE, PROGRAMME_CACHE } from './names.ts';

/** The part of the browser's `caches` that Workbox uses here. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();
  async open(name: string) {
    const entries = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, entries);
    return {
      match: async ({ url }: Request, { ignoreSearch = false } = {}) => {
        const same = ignoreSearch ? [...entries.keys()].find((key) => key.split('?')[0] === url.split('?')[0]) : url;
        return entries.get(same ?? '')?.clone();
      },
      put: async ({ url }: Request, response: Response) => void entries.set(url, response),
      delete: async ({ url }: Request) => entries.delete(url),
    };
  }
  async match(request: Request, { cacheName, ...options }: { cacheName: string; ignoreSearch?: boolean }) {
    return (await this.open(cacheName)).match(request, options);
  }
  async delete(name: string) {
    return this.all.delete(name);
  }
}

// The globals of a service worker that Workbox uses. In production Workbox logs nothing.
process.env.NODE_ENV = 'production';
Object.assign(globalThis, { self: globalThis, FetchEvent: class {} });
const { OfflineAnswers, kindOf } = await import('./offline-answers.ts');

const api = (path: string, method = 'GET') => new Request(`http://localhost${path}`, { method });

beforeEach(() => {
  Object.assign(globalThis, { caches: new FakeCaches() });
});

function open() {
  const network = { answer: (): Promise<Response> => Promise.resolve(Response.json({ name: 'Léa' })) };
  globalThis.fetch = () => network.answer();
  const offlineAnswers = new OfflineAnswers();
  return {
    network,
    /** Requests a path as a page does. Resolves after all work on the answer. */
    async ask(path: string, name: typeof MINE_CACHE | typeof PROGRAMME_CACHE = MINE_CACHE) {
      const lasting: Promise<unknown>[] = [];
      const event = { waitUntil: (work: Promise<unknown>) => void lasting.push(work) } as unknown as Event;
      const answer = await offlineAnswers.answer(name, { request: api(path), event: event as never });
      await Promise.allSettled(lasting);
      return answer;
    },
    offlineAnswers,
    away() {
      network.answer = () => Promise.reject(new TypeError('no network'));
    },
  };
}

describe('the cache of an answer', () => {
  it.each([
    ['GET', '/api/v1/me', MINE_CACHE],
    ['GET', '/api/v1/me/registrations', MINE_CACHE],
    ['GET', '/api/v1/registrations/1/ticket.svg', MINE_CACHE],
    ['GET', '/api/v1/events', PROGRAMME_CACHE],
    ['GET', '/api/v1/events/raict-2024', PROGRAMME_CACHE],
    ['GET', '/api/v1/cafes/1', PROGRAMME_CACHE],
    ['POST', '/api/v1/sign-out', 'session'],
    ['POST', '/api/v1/sign-in/verify', 'session'],
    ['DELETE', '/api/v1/me', 'session'],
  ])('%s %s: %s', (method, path, kind) => expect(kindOf(api(path, method))).toBe(kind));

  it.each([
    ['GET', '/api/v1/cafes/1/attendance'],
    ['GET', '/api/v1/me/data'],
    ['GET', '/api/v1/registrations/1/receipt'],
    ['GET', '/api/v1/events/x/dashboard'],
    ['POST', '/api/v1/cafes/1/registrations'],
    ['PATCH', '/api/v1/me'],
  ])('%s %s: none', (method, path) => expect(kindOf(api(path, method))).toBeUndefined());

  it.each(['registration-key', 'claim-token'])('none for a request with the header %s', (name) => {
    const request = new Request(api('/api/v1/registrations/1/ticket.svg'), { headers: { [name]: 'x' } });
    expect(kindOf(request)).toBeUndefined();
  });
});

describe('without network', () => {
  it('returns the kept answer with the time at which it was stored', async () => {
    const { ask, away } = open();
    expect((await ask('/api/v1/me')).headers.has(KEPT_AT_HEADER)).toBe(false);
    away();
    const before = Date.now();
    const kept = await ask('/api/v1/me');
    expect(await kept.json()).toEqual({ name: 'Léa' });
    expect(Number(kept.headers.get(KEPT_AT_HEADER))).toBeLessThanOrEqual(before);
    expect(Number(kept.headers.get(KEPT_AT_HEADER))).toBeGreaterThan(before - 60_000);
  });

  it('returns the kept answer in another language if there is none in the requested language', async () => {
    const { ask, away } = open();
    await ask('/api/v1/events/x?locale=fr', PROGRAMME_CACHE);
    away();
    expect(await (await ask('/api/v1/events/x?locale=en', PROGRAMME_CACHE)).json()).toEqual({ name: 'Léa' });
  });

  it('fails if no answer is kept', async () => {
    const { ask, away } = open();
    away();
    await expect(ask('/api/v1/me')).rejects.toThrow();
  });
});

describe('no answer of an earlier person is kept', () => {
  it.each(['/api/v1/sign-out', '/api/v1/sign-in/verify'])('after %s', async (path) => {
    const { ask, offlineAnswers, away } = open();
    await ask('/api/v1/me');
    await offlineAnswers.changeSession(api(path, 'POST'));
    away();
    await expect(ask('/api/v1/me')).rejects.toThrow();
  });

  it('after a sign-out that did not reach the server', async () => {
    const { ask, offlineAnswers, away } = open();
    await ask('/api/v1/me');
    away();
    await expect(offlineAnswers.changeSession(api('/api/v1/sign-out', 'POST'))).rejects.toThrow('no network');
    await expect(ask('/api/v1/me')).rejects.toThrow();
  });

  it('after the server answered that there is no session', async () => {
    const { ask, network, away } = open();
    await ask('/api/v1/me/registrations');
    network.answer = () => Promise.resolve(Response.json({}, { status: 401 }));
    await ask('/api/v1/me');
    away();
    await expect(ask('/api/v1/me/registrations')).rejects.toThrow();
  });

  it('if the answer arrives after the sign-out', async () => {
    const { ask, offlineAnswers, network, away } = open();
    let arrive: (response: Response) => void = () => {};
    network.answer = () => new Promise((resolve) => (arrive = resolve));
    const slow = ask('/api/v1/me');
    await new Promise((resolve) => setImmediate(resolve));
    await offlineAnswers.deletePersonal();
    arrive(Response.json({ name: 'Léa' }));
    await slow;
    away();
    await expect(ask('/api/v1/me')).rejects.toThrow();
  });
});

it('deletes the kept ticket of an ended registration', async () => {
  const { ask, network, away } = open();
  const ticket = '/api/v1/registrations/1/ticket.svg';
  await ask(ticket);
  network.answer = () => Promise.resolve(Response.json({}, { status: 409 }));
  await ask(ticket);
  away();
  await expect(ask(ticket)).rejects.toThrow();
});

it('stores no answer with an error status', async () => {
  const { ask, network, away } = open();
  network.answer = () => Promise.resolve(Response.json({}, { status: 503 }));
  await ask('/api/v1/events', PROGRAMME_CACHE);
  away();
  await expect(ask('/api/v1/events', PROGRAMME_CACHE)).rejects.toThrow();
});

describe('while the server is unavailable', () => {
  it('the kept answer is returned; if there is none, the problem', async () => {
    const { ask, network } = open();
    await ask('/api/v1/me');
    network.answer = () => Promise.resolve(new Response('Bad Gateway', { status: 502 }));
    expect(await (await ask('/api/v1/me')).json()).toEqual({ name: 'Léa' });
    expect((await ask('/api/v1/me/registrations')).status).toBe(502);
  });
});
