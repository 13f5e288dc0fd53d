import { ApiProblem, type CallRequest, openClient } from '../../../../libs/client/src/index.ts';
import { recordAnswer, recordNoAnswer, setServerClock } from './network.ts';
import { KEPT_AT_HEADER } from './offline/names.ts';
import { isSignOutPending, sendSignOut } from './sign-out.ts';
import { contentLocale, currentLocale } from './words/index.ts';

export { ApiProblem, type CallRequest };

/** Whether a call with this error may succeed later: no answer came, or the server was overloaded or had an error. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return Boolean(error);
  const { status = 0 } = error.problem;
  return error.code === 'unreachable' || status === 429 || status >= 500;
}

/** How long a call may take, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** How long a call may take that sends, reads or applies a file. */
const FILE_TIMEOUT_MS = 60_000;
const FILES = /^\/(events\/[^/]+\/)?imports/;

/** The calls whose answers contain seat counts. */
const COUNTS = /^\/(events|cafes)\/[^/?]+(\/(dashboard|attendance))?(\?|$)/;

/** `call` makes a call of the API. `file` reads a file for which the page must send headers. */
export const { call, file } = openClient({ send, language: () => contentLocale(currentLocale()) });

/** Sends one request, and records the state of the network. Sends a pending sign-out first. @throws ApiProblem */
async function send(path: string, request: RequestInit & { method: string }): Promise<Response> {
  const credentials =
    isSignOutPending() && !(await sendSignOut()) ? withoutSession(request.method, path) : 'same-origin';
  const signal = AbortSignal.timeout(FILES.test(path) ? FILE_TIMEOUT_MS : TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { ...request, credentials, signal });
  } catch {
    recordNoAnswer();
    throw new ApiProblem({}, 'unreachable');
  }
  const keptAt = response.headers.get(KEPT_AT_HEADER);
  recordAnswer({
    keptAt: keptAt === null ? undefined : Number(keptAt),
    counts: request.method === 'GET' && COUNTS.test(path),
  });
  if (keptAt === null) setServerClock(response.headers.get('date'));
  return response;
}

/**
 * Returns the credentials of a request while a sign-out is pending and cannot be sent. Public data is read without the session.
 * @throws ApiProblem for all other requests, so that none is sent with the session that the person ended
 */
function withoutSession(method: string, path: string): RequestCredentials {
  if (path === '/me' || path.startsWith('/me/')) throw new ApiProblem({ code: 'not-signed-in', status: 401 });
  if (method === 'GET') return 'omit';
  recordNoAnswer();
  throw new ApiProblem({}, 'unreachable');
}
