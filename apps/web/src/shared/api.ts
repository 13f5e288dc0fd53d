import type { Problem } from '#contract';
import { clockSaid, heard, unheard } from './network.ts';
import { KEPT_AT_HEADER } from './offline/names.ts';
import { isSignOutPending, sendSignOut } from './sign-out.ts';
import { contentLocale, currentLocale } from './words/index.ts';

/** A problem document that a call was answered with, or that no answer came (`unreachable`). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly problem: Partial<Problem>;
  /** When the server would take the call, from `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  constructor(problem: Partial<Problem>, code = problem.code ?? 'unreachable', retryAfter?: string | null) {
    super(problem.title ?? code);
    this.code = code;
    this.problem = problem;
    this.retryAfterSeconds = Number(retryAfter) || undefined;
  }
}

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

interface CallOptions {
  /** Let it go out even when the page is left meanwhile. */
  keepalive?: boolean;
  /** A name for this request: sent again with it, it acts once and is answered the same. */
  idempotencyKey?: string;
  /** What opens one registration without a session, as a claim token (docs/security.md). */
  headers?: Record<string, string>;
}

/** How often one call is sent with another proof of work: one that took too long or was used is asked for anew. */
const PROOFS_MAX = 3;

/** Call the API, and solve the proof of work that it may ask for. @throws ApiProblem */
export async function call<Answer>(
  method: string,
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<Answer> {
  let proof: string | undefined;
  for (let proofs = 0; ; proofs++) {
    try {
      return await callOnce<Answer>(method, path, body, options, proof);
    } catch (error) {
      const asked = error instanceof ApiProblem ? error.problem.proofOfWork : undefined;
      if (!asked || proofs === PROOFS_MAX) throw error;
      // Few ever need it, so its script is loaded by those.
      const { solveProofOfWork } = await import('../../../../libs/client/src/proof-of-work.ts');
      proof = await solveProofOfWork(asked);
    }
  }
}

async function callOnce<Answer>(
  method: string,
  path: string,
  body: unknown,
  { keepalive = false, idempotencyKey, headers }: CallOptions,
  proof: string | undefined,
): Promise<Answer> {
  const response = await send(path, {
    method,
    keepalive,
    headers: {
      accept: 'application/json',
      'accept-language': contentLocale(currentLocale()),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(proof !== undefined && { 'proof-of-work': proof }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 204) return undefined as Answer;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiProblem(answer as Partial<Problem>, undefined, response.headers.get('retry-after'));
  return answer as Answer;
}

/** A file that the API gives, as the picture of a ticket, for a page that must send headers to get it. @throws ApiProblem */
export async function callFile(path: string, headers: Record<string, string>): Promise<Blob> {
  const response = await send(path, { method: 'GET', headers });
  if (!response.ok) throw new ApiProblem((await response.json().catch(() => ({}))) as Partial<Problem>);
  return response.blob();
}

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
