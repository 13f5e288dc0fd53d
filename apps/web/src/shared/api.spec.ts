import { expect, it } from '@jest/globals';

// network.ts listens to events of the window.
Object.assign(globalThis, { window: new EventTarget() });
const { ApiProblem, isTransient } = await import('./api.ts');

it.each([
  ['no answer', new ApiProblem({}, 'unreachable'), true],
  ['an answer without a problem document', new ApiProblem({}), true],
  ['too many requests', new ApiProblem({ code: 'too-many-requests', status: 429 }), true],
  ['unavailable', new ApiProblem({ code: 'unavailable', status: 503 }), true],
  ['an internal error', new ApiProblem({ code: 'internal-error', status: 500 }), true],
  ['an answer that cannot be read', new TypeError('undefined is not a programme'), true],
  ['no such Café', new ApiProblem({ code: 'cafe-not-found', status: 404 }), false],
  ['not signed in', new ApiProblem({ code: 'not-signed-in', status: 401 }), false],
  ['no error', null, false],
])('%s', (_, error, expected) => expect(isTransient(error)).toBe(expected));
