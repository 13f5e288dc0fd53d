import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ApiProblem, openClient } from './client.ts';

interface Sent {
  path: string;
  method: string;
  headers: Headers;
  body: unknown;
}

/** A client of an API that gives these answers in order, and repeats the last one; and the requests that the API got. */
function clientOf(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const client = openClient({
    async send(path, { method, headers, body }) {
      sent.push({
        path,
        method,
        headers: new Headers(headers),
        body: body === undefined ? undefined : JSON.parse(String(body)),
      });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      return answer?.() ?? Response.json({});
    },
    language: () => 'fr',
  });
  return { client, sent };
}

const problem =
  (status: number, code: string, members = {}, headers = {}) =>
  () =>
    Response.json({ status, code, title: 'A title', ...members }, { status, headers });

describe('a call', () => {
  it('is sent with the parameters in its path, and with its body, query and headers', async () => {
    const { client, sent } = clientOf(() => Response.json({ id: 'new' }));
    const body = { cafeId: 'other' };
    const headers = { 'claim-token': 'token' };
    await client.call('POST /registrations/{id}/swap', { id: 'a/b', body, idempotencyKey: 'key' });
    await client.call('GET /registrations/{id}', { id: 'one', headers: { ...headers, 'registration-key': undefined } });
    await client.call('GET /events/{slug}', { slug: 'raict', locale: 'en' });
    await client.call('GET /me');
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /registrations/a%2Fb/swap',
      'GET /registrations/one',
      'GET /events/raict?locale=en',
      'GET /me',
    ]);
    expect([sent[0]?.body, sent[1]?.body]).toEqual([body, undefined]);
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
      accept: 'application/json',
      'accept-language': 'fr',
      'content-type': 'application/json',
      'idempotency-key': 'key',
    });
    expect(Object.fromEntries(sent[1]?.headers ?? [])).toEqual({
      accept: 'application/json',
      'accept-language': 'fr',
      ...headers,
    });
  });

  it('is typed by the table of calls', () => {
    const { client } = clientOf();
    const typed = async () => {
      const { roles, name } = await client.call('GET /me');
      const nothing: undefined = await client.call('DELETE /me');
      const [first] = await client.call('GET /me/registrations');
      // @ts-expect-error: the call does not exist.
      await client.call('GET /nothing');
      // @ts-expect-error: the id of the Café is missing.
      await client.call('GET /cafes/{id}');
      // @ts-expect-error: the body is missing.
      await client.call('POST /registrations/{id}/swap', { id: 'one' });
      // @ts-expect-error: the state does not exist.
      await client.call('PATCH /cafes/{id}', { id: 'one', body: { state: 'ajar' } });
      // @ts-expect-error: the answer is not a file.
      await client.file('GET /me');
      return [roles.length, name.length, nothing, first?.status satisfies string | undefined];
    };
    expect(typed).toBeInstanceOf(Function);
  });

  it('returns JSON, text or nothing, and a file as bytes', async () => {
    expect(await clientOf(() => Response.json([{ id: 'one' }])).client.call('GET /events')).toEqual([{ id: 'one' }]);
    expect(await clientOf(() => new Response(null, { status: 204 })).client.call('DELETE /me')).toBeUndefined();
    const picture = clientOf(() => new Response('<svg/>', { headers: { 'content-type': 'image/svg+xml' } })).client;
    expect(await (await picture.file('GET /registrations/{id}/ticket.svg', { id: 'one' })).text()).toBe('<svg/>');
    expect(await picture.call('GET /registrations/{id}/ticket.svg', { id: 'one' })).toBe('<svg/>');
  });
});

describe('a problem', () => {
  it('is thrown by `call` with its code and the wait before the next attempt, and returned by `ask`', async () => {
    const { client } = clientOf(problem(503, 'busy', {}, { 'retry-after': '2' }));
    const thrown = await client.call('GET /me').catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ApiProblem);
    expect(thrown).toMatchObject({ code: 'busy', retryAfterSeconds: 2, message: 'A title' });
    expect(await client.ask('GET /me')).toMatchObject({ status: 503, answer: undefined, problem: { code: 'busy' } });
    await expect(client.file('GET /registrations/{id}/ticket.svg', { id: 'one' })).rejects.toMatchObject({
      code: 'busy',
    });
    const notOurs = clientOf(() => new Response('<html>', { status: 502 })).client;
    await expect(notOurs.call('GET /me')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('that requires a proof of work makes the client solve it and send the call again', async () => {
    const required = (challenge: string) =>
      problem(429, 'proof-of-work-required', { proofOfWork: { challenge, difficulty: 8 } });
    const body = { email: 'a@example.org' };
    const { client, sent } = clientOf(required('one'), required('two'), () => Response.json({ status: 'sent' }));
    expect(await client.call('POST /sign-in', { body })).toEqual({ status: 'sent' });
    const proofs = sent.map(({ headers }) => headers.get('proof-of-work'));
    expect(proofs).toEqual([null, expect.stringMatching(/^one\./), expect.stringMatching(/^two\./)]);
    for (const proof of proofs.slice(1)) expect(createHash('sha256').update(String(proof)).digest()[0]).toBe(0);

    const never = clientOf(required('again'));
    await expect(never.client.call('POST /sign-in', { body })).rejects.toMatchObject({
      code: 'proof-of-work-required',
    });
    expect(never.sent).toHaveLength(4);
  });
});
