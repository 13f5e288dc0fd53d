import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nothingChanged, type ProblemCode, ProblemError, problemDocument, problems } from '#contract';
import { AppLogger, isDatabaseUnavailable } from '#platform';
import type { Audit } from './audit.ts';
import { localeOf } from './locale.ts';
import { methodsAt } from './methods.ts';

declare module 'fastify' {
  interface FastifyInstance {
    audit: Audit;
  }
}

/** How long a client should wait while the database is unavailable, in seconds. */
const UNAVAILABLE_RETRY_AFTER_SECONDS = 2;

const codesByStatus: Partial<Record<number, ProblemCode>> = {
  // The server of files sends this status for a path that leads out of its folder.
  403: 'not-found',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

/** Returns the problem of the contract for a thrown error; `internal-error` for an unknown error. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseUnavailable(error)) return new ProblemError('unavailable', {}, UNAVAILABLE_RETRY_AFTER_SECONDS);
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number })?.statusCode;
  // A 4xx of a library is caused by the client.
  if (status && status >= 400 && status < 500) return new ProblemError(codesByStatus[status] ?? 'invalid-request');
  // Text that Postgres cannot store (a NUL, half a surrogate pair) is an error of the client, although it passed the schema.
  if (/^22/.test((error as { code?: string })?.code ?? '')) return new ProblemError('invalid-request');
  return new ProblemError('internal-error');
}

/** Sends a problem document in the language of the request. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): FastifyReply {
  request.server.audit.refused(request, problem.code);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  return reply
    .code(problems[problem.code].status)
    .headers({ 'cache-control': 'no-store', vary: 'Accept-Language' })
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(problem.code, localeOf(request), problem.members)));
}

/** Answers a request that ended in an error with its problem. An internal error is also logged. */
export function answerError(
  logger: Pick<AppLogger, 'error'>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  let problem = problemOf(error);
  if (problem.code === 'not-found') {
    const methods = methodsAt(request.raw.url ?? '');
    if (methods.includes(request.method)) {
      // The path exists, but the router refused one of its parameters.
      problem = new ProblemError('invalid-request');
    } else if (methods.length > 0) {
      reply.header('allow', methods.join(', '));
      problem = new ProblemError('method-not-allowed');
    }
  }
  if (problem.code === 'internal-error') {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads) problem = new ProblemError('internal-error', { detail: nothingChanged[localeOf(request)] });
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    logger.error({ error: message, stack, route: request.routeOptions?.url }, 'a request failed');
  }
  if (!reply.sent) sendProblem(request, reply, problem);
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: AppLogger;

  constructor(logger: AppLogger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerError(this.#logger, error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
