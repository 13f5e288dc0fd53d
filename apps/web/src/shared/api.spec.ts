import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';

// What is known of the network is heard from the window.
Object.assign(globalThis, { window: new EventTarget() });
const { ApiProblem, call, mayPass } = await import('./api.ts');

it.each([
  ['no answer', new ApiProblem({}, 'unreachable'), true],
  ['an answer that is none of ours', new ApiProblem({}), true],
  ['too many requests', new ApiProblem({ code: 'too-many-requests', status: 429 }), true],
  ['unavailable', new ApiProblem({ code: 'unavailable', status: 503 }), true],
  ['an error of ours', new ApiProblem({ code: 'internal-error', status: 500 }), true],
  ['an answer that cannot be read', new TypeError('undefined is not a programme'), true],
  ['no such Café', new ApiProblem({ code: 'cafe-not-found', status: 404 }), false],
  ['not signed in', new ApiProblem({ code: 'not-signed-in', status: 401 }), false],
  ['no fault', null, false],
])('%s may pass: %s', (_, fault, passes) => expect(mayPass(fault)).toBe(passes));

describe('a call that a proof of work is required for', () => {
  const { fetch } = globalThis;
  afterEach(() => {
    globalThis.fetch = fetch;
  });
  /** What an API sees that accepts a proof after so many. */
  function apiThatAccepts(after: number): (string | null)[] {
    const seen: (string | null)[] = [];
    globalThis.fetch = async (_, init) => {
      seen.push(new Headers(init?.headers).get('proof-of-work'));
      if (seen.length > after) return Response.json({ status: 'sent' });
      const proofOfWork = { challenge: `challenge-${seen.length}`, difficulty: 8 };
      return Response.json({ code: 'proof-of-work-required', status: 429, proofOfWork }, { status: 429 });
    };
    return seen;
  }

  it('is sent again with the proof, solved without a tap', async () => {
    const seen = apiThatAccepts(2);
    expect(await call('POST', '/sign-in', {})).toEqual({ status: 'sent' });
    expect(seen).toEqual([null, expect.stringMatching(/^challenge-1\./), expect.stringMatching(/^challenge-2\./)]);
    for (const proof of seen.slice(1)) expect(createHash('sha256').update(String(proof)).digest()[0]).toBe(0);
  });

  it('fails with the problem where no proof is ever accepted', async () => {
    const seen = apiThatAccepts(1_000);
    await expect(call('POST', '/sign-in', {})).rejects.toMatchObject({ code: 'proof-of-work-required' });
    expect(seen).toHaveLength(4);
  });
});
