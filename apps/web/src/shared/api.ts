import type { Problem } from '#contract';
import { currentLocale } from './words/index.ts';

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

/** How long a call may take, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** Call the API. @throws ApiProblem */
export async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'accept-language': currentLocale(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new ApiProblem({}, 'unreachable');
  }
  if (response.status === 204) return undefined as Answer;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiProblem(answer as Partial<Problem>);
  return answer as Answer;
}
