import { ApiProblem, type CallRequest, openClient } from '../../../../libs/client/src/index.ts';
import { clockSaid, heard, unheard } from './network.ts';
import { KEPT_AT_HEADER } from './offline/names.ts';
import { isSignOutPending, sendSignOut } from './sign-out.ts';
import { contentLocale, currentLocale } from './words/index.ts';

export { ApiProblem, type CallRequest };

/** Whether a call that failed so may succeed a moment later: nobody answered, or the server cannot do it now. */
export function mayPass(fault: unknown): boolean {
  if (!(fault instanceof ApiProblem)) return Boolean(fault);
  const { status = 0 } = fault.problem;
  return fault.code === 'unreachable' || status === 429 || status >= 500;
}

/** How long a call may take, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** The calls that bring seat counts. */
const COUNTS = /^\/(events|cafes)\/[^/?]+(\/(dashboard|attendance))?(\?|$)/;

/** The calls of the API, and the files that it gives to a page that must send headers to get them. */
export const { call, file } = openClient({ send, language: () => contentLocale(currentLocale()) });

/** One request, and what its answer says of the network. A sign-out that waits is sent before it. @throws ApiProblem */
async function send(path: string, request: RequestInit & { method: string }): Promise<Response> {
  const credentials =
    isSignOutPending() && !(await sendSignOut()) ? withoutSession(request.method, path) : 'same-origin';
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { ...request, credentials, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    unheard();
    throw new ApiProblem({}, 'unreachable');
  }
  const keptAt = response.headers.get(KEPT_AT_HEADER);
  heard({
    keptAt: keptAt === null ? undefined : Number(keptAt),
    counts: request.method === 'GET' && COUNTS.test(path),
  });
  if (keptAt === null) clockSaid(response.headers.get('date'));
  return response;
}

/**
 * While a sign-out cannot be sent, pages read what everybody may read, and nothing goes out with the session that is over.
 * @throws ApiProblem for everything else
 */
function withoutSession(method: string, path: string): RequestCredentials {
  if (path === '/me' || path.startsWith('/me/')) throw new ApiProblem({ code: 'not-signed-in', status: 401 });
  if (method === 'GET') return 'omit';
  unheard();
  throw new ApiProblem({}, 'unreachable');
}
