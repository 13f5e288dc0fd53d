import { beforeEach, describe, expect, it } from '@jest/globals';

// network.ts listens to events of the window. The language of the pages is French.
Object.assign(globalThis, { window: new EventTarget() });
Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { languages: ['fr'] } });
const { call } = await import('./api.ts');
const { isSignOutPending, requestSignOut, sendSignOut } = await import('./sign-out.ts');

/** The requests that were sent, as `METHOD path credentials`. */
let sent: string[];
let answer: (path: string) => Promise<Response>;
let stored: Map<string, string>;

const ok = async () => Response.json({});
const away = () => Promise.reject(new TypeError('no network'));

beforeEach(async () => {
  sent = [];
  answer = ok;
  stored = new Map();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: storage });
  globalThis.fetch = (path, { method, credentials = 'same-origin' } = {}) => {
    sent.push(`${method} ${String(path).replace('/api/v1', '')} ${credentials}`);
    return answer(String(path));
  };
});

const signOut = 'POST /sign-out same-origin';

describe('a sign-out that did not reach the server', () => {
  // The sign-out may be one of an earlier page: only the stored flag is left of it.
  beforeEach(() => requestSignOut());

  it('is sent before any other call, and the others wait for its answer', async () => {
    let arrive: (response: Response) => void = () => {};
    answer = (path) => (path.endsWith('/sign-out') ? new Promise((resolve) => (arrive = resolve)) : ok());
    const calls = [call('GET /me'), call('GET /events'), call('POST /sign-in/verify', { body: { token: 'token' } })];
    await new Promise((resolve) => setImmediate(resolve));
    const first = [...sent];
    arrive(new Response(null, { status: 204 }));
    await Promise.all(calls);
    expect(first).toEqual([signOut]);
    expect(sent).toEqual([
      signOut,
      'GET /me same-origin',
      'GET /events same-origin',
      'POST /sign-in/verify same-origin',
    ]);
    expect(isSignOutPending()).toBe(false);
  });

  it('prevents every request with its session while the server cannot be reached', async () => {
    answer = (path) => (path.endsWith('/sign-out') ? away() : ok());
    await expect(call('GET /me')).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(call('GET /me/registrations')).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(call('POST /cafes/{id}/registrations', { id: '1', body: {} })).rejects.toMatchObject({
      code: 'unreachable',
    });
    await call('GET /events');
    expect(sent.filter((each) => each !== signOut)).toEqual(['GET /events omit']);
    expect(isSignOutPending()).toBe(true);
  });

  it.each([429, 503])('is sent again after the answer %s', async (status) => {
    answer = async () => new Response(null, { status });
    expect(await sendSignOut()).toBe(false);
    answer = ok;
    await call('GET /me');
    expect(sent).toEqual([signOut, signOut, 'GET /me same-origin']);
  });

  it('ends when the server answers that there is no session', async () => {
    answer = async () => new Response(null, { status: 401 });
    expect(await sendSignOut()).toBe(true);
    expect(isSignOutPending()).toBe(false);
  });
});

it('a sign-out is sent by its page if the browser refuses to store the flag', async () => {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError');
  };
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    value: { getItem: refuse, setItem: refuse, removeItem: refuse },
  });
  requestSignOut();
  await call('GET /me');
  await call('GET /me');
  expect(sent).toEqual([signOut, 'GET /me same-origin', 'GET /me same-origin']);
});

it('no sign-out is sent if none is pending', async () => {
  await call('GET /me');
  expect(sent).toEqual(['GET /me same-origin']);
});
