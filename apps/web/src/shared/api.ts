import type { Problem } from '#contract';
import { KEPT_AT_HEADER } from '../offline/kept-at.ts';
import { clockSaid, heard, unheard } from './network.ts';
import { contentLocale, currentLocale } from './words/index.ts';

/** A problem document that a call was answered with, or that no answer came (`unreachable`). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly problem: Partial<Problem>;
  constructor(problem: Partial<Problem>, code = problem.code ?? 'unreachable') {
    super(problem.title ?? code);
    this.code = code;
    this.problem = problem;
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
const COUNTS = /^\/(events|cafes)\/[^/?]+(\?|$)/;

interface CallOptions {
  /** Let it go out even when the page is left meanwhile. */
  keepalive?: boolean;
  /** A name for this request: sent again with it, it acts once and is answered the same. */
  idempotencyKey?: string;
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
      return await send<Answer>(method, path, body, options, proof);
    } catch (error) {
      const asked = error instanceof ApiProblem ? error.problem.proofOfWork : undefined;
      if (!asked || proofs === PROOFS_MAX) throw error;
      // Few ever need it, so its script is loaded by those.
      const { solveProofOfWork } = await import('../../../../libs/contract/src/proof-of-work.ts');
      proof = await solveProofOfWork(asked);
    }
  }
}

async function send<Answer>(
  method: string,
  path: string,
  body: unknown,
  { keepalive = false, idempotencyKey }: CallOptions,
  proof: string | undefined,
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      keepalive,
      headers: {
        accept: 'application/json',
        'accept-language': contentLocale(currentLocale()),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...(proof !== undefined && { 'proof-of-work': proof }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    unheard();
    throw new ApiProblem({}, 'unreachable');
  }
  const keptAt = response.headers.get(KEPT_AT_HEADER);
  heard({ keptAt: keptAt === null ? undefined : Number(keptAt), counts: method === 'GET' && COUNTS.test(path) });
  if (keptAt === null) clockSaid(response.headers.get('date'));
  if (response.status === 204) return undefined as Answer;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiProblem(answer as Partial<Problem>);
  return answer as Answer;
}
