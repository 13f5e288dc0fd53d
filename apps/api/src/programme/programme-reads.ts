import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Id, ProblemError, Slug } from '#contract';
import { parse } from '../http/contract-pipe.ts';
import { localeOf } from '../http/locale.ts';
import { answerFault } from '../http/problem-filter.ts';
import type { ProgrammeAnswers } from './programme-answers.ts';
import type { PublicAnswer } from './public-answer.ts';

const PATH = /^\/api\/v1\/(?:events(?:\/[^/?]+)?|cafes\/[^/?]+)(?:\?|$)/;

/** Whether a request reads the programme, which the routes of `addProgrammeReads` answer. */
export function isProgrammeRead({ method, url = '' }: { method?: string; url?: string }): boolean {
  return (method === 'GET' || method === 'HEAD') && PATH.test(url);
}

/**
 * `GET /events`, `GET /events/{slug}` and `GET /cafes/{id}`: what thousands of pages load when registration opens. The bytes are there, so an answer
 * costs what stands around it. Through Nest's pipeline and hooks that left a fifth to a third of what a bare Fastify sends (docs/adr/0021), so these
 * routes stand beside the one of claims (docs/adr/0006).
 */
export function addProgrammeReads(
  server: FastifyInstance,
  { answers, logger }: { answers: ProgrammeAnswers; logger: Pick<Logger, 'error'> },
): void {
  const routes: [string, (request: FastifyRequest) => Promise<PublicAnswer>][] = [
    ['/events', (request) => answers.events(localeOf(request))],
    [
      '/events/:slug',
      async (request) => {
        const answer = await answers.event(parse(Slug, parameter(request, 'slug'), 'slug'), localeOf(request));
        if (!answer) throw new ProblemError('event-not-found');
        return answer;
      },
    ],
    [
      '/cafes/:id',
      async (request) => {
        const answer = await answers.cafe(parse(Id, parameter(request, 'id'), 'id'), localeOf(request));
        if (!answer) throw new ProblemError('cafe-not-found');
        return answer;
      },
    ],
  ];
  for (const [path, answerOf] of routes) {
    server.get(`/api/v1${path}`, {
      errorHandler: (error, request, reply) => answerFault(logger, error, request, reply),
      handler: async (request: FastifyRequest, reply: FastifyReply) => (await answerOf(request)).send(request, reply),
    });
  }
}

function parameter(request: FastifyRequest, name: string): unknown {
  return (request.params as Record<string, unknown>)[name];
}
