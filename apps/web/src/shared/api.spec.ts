import { expect, it } from '@jest/globals';

// What is known of the network is heard from the window.
Object.assign(globalThis, { window: new EventTarget() });
const { ApiProblem, mayPass } = await import('./api.ts');

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
