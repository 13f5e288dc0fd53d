import { describe, expect, it } from '@jest/globals';
import { Keeper, kindOf, MINE, PROGRAMME } from './keeper.ts';
import { KEPT_AT_HEADER } from './kept-at.ts';

/** Caches as a browser has them, of which the keeper uses little. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();
  async open(name: string) {
    const entries = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, entries);
    return {
      match: async ({ url }: Request) => entries.get(url)?.clone(),
      put: async ({ url }: Request, response: Response) => void entries.set(url, response),
      delete: async ({ url }: Request) => entries.delete(url),
    };
  }
  async delete(name: string) {
    return this.all.delete(name);
  }
}

const api = (path: string, method = 'GET') => new Request(`http://localhost${path}`, { method });

function open() {
  const caches = new FakeCaches();
  const network = { answer: (): Promise<Response> => Promise.resolve(Response.json({ name: 'Léa' })) };
  const keeper = new Keeper(caches as unknown as CacheStorage, () => network.answer());
  const away = () => {
    network.answer = () => Promise.reject(new TypeError('no network'));
  };
  return { keeper, network, away };
}

describe('what is kept', () => {
  it.each([
    ['GET', '/api/v1/me', MINE],
    ['GET', '/api/v1/me/registrations', MINE],
    ['GET', '/api/v1/registrations/1/ticket.svg', MINE],
    ['GET', '/api/v1/events', PROGRAMME],
    ['GET', '/api/v1/events/raict-2024', PROGRAMME],
    ['GET', '/api/v1/cafes/1', PROGRAMME],
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
  ])('not %s %s', (method, path) => expect(kindOf(api(path, method))).toBeUndefined());

  it.each(['registration-key', 'claim-token'])('nothing that is opened with the header %s', (name) => {
    const request = new Request(api('/api/v1/registrations/1/ticket.svg'), { headers: { [name]: 'x' } });
    expect(kindOf(request)).toBeUndefined();
  });
});

describe('without network', () => {
  it('gives what it kept, and says from when it is', async () => {
    const { keeper, away } = open();
    await keeper.answer(api('/api/v1/me'), MINE);
    away();
    const before = Date.now();
    const kept = await keeper.answer(api('/api/v1/me'), MINE);
    expect(await kept.json()).toEqual({ name: 'Léa' });
    expect(Number(kept.headers.get(KEPT_AT_HEADER))).toBeLessThanOrEqual(before);
  });

  it('fails where there is nothing', async () => {
    const { keeper, away } = open();
    away();
    await expect(keeper.answer(api('/api/v1/me'), MINE)).rejects.toThrow('no network');
  });
});

describe('another person', () => {
  it.each(['/api/v1/sign-out', '/api/v1/sign-in/verify'])('finds nothing of the one before after %s', async (path) => {
    const { keeper, away } = open();
    await keeper.answer(api('/api/v1/me'), MINE);
    await keeper.changeSession(api(path, 'POST'));
    away();
    await expect(keeper.answer(api('/api/v1/me'), MINE)).rejects.toThrow();
  });

  it('finds nothing of the one before after a sign-out that did not reach the server', async () => {
    const { keeper, away } = open();
    await keeper.answer(api('/api/v1/me'), MINE);
    away();
    await expect(keeper.changeSession(api('/api/v1/sign-out', 'POST'))).rejects.toThrow('no network');
    await expect(keeper.answer(api('/api/v1/me'), MINE)).rejects.toThrow();
  });

  it('finds nothing once the server said that nobody is signed in', async () => {
    const { keeper, network, away } = open();
    await keeper.answer(api('/api/v1/me/registrations'), MINE);
    network.answer = () => Promise.resolve(Response.json({}, { status: 401 }));
    await keeper.answer(api('/api/v1/me'), MINE);
    away();
    await expect(keeper.answer(api('/api/v1/me/registrations'), MINE)).rejects.toThrow();
  });

  it('finds nothing of an answer that was still on its way when the first signed out', async () => {
    const { keeper, network, away } = open();
    let arrive: (response: Response) => void = () => {};
    network.answer = () => new Promise((resolve) => (arrive = resolve));
    const slow = keeper.answer(api('/api/v1/me'), MINE);
    await new Promise((resolve) => setImmediate(resolve));
    await keeper.forget();
    arrive(Response.json({ name: 'Léa' }));
    await slow;
    away();
    await expect(keeper.answer(api('/api/v1/me'), MINE)).rejects.toThrow();
  });
});

it('forgets a ticket that is none any more', async () => {
  const { keeper, network, away } = open();
  const ticket = () => api('/api/v1/registrations/1/ticket.svg');
  await keeper.answer(ticket(), MINE);
  network.answer = () => Promise.resolve(Response.json({}, { status: 409 }));
  await keeper.answer(ticket(), MINE);
  away();
  await expect(keeper.answer(ticket(), MINE)).rejects.toThrow();
});
