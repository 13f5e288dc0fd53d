import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type CallName, ProblemError, routeOf } from '#contract';
import { AppLogger } from '#platform';
import { parameterOf } from '../http/input.ts';
import { localeOf } from '../http/locale.ts';
import { answerFault } from '../http/problem-filter.ts';
import { ProgrammeAnswers } from './programme-answers.ts';
import type { PublicAnswer } from './public-answer.ts';

/** Longer parameters, in characters, are left to Nest, which refuses them. */
const PATH = /^\/api\/v1\/(?:events(?:\/[^/?]{1,200})?|cafes\/[^/?]{1,200})(?:\?|$)/;

/** Whether a request reads the programme, which the server of `ProgrammeReads` routes. */
export function isProgrammeRead({ method, url = '' }: { method?: string; url?: string }): boolean {
  return (method === 'GET' || method === 'HEAD') && PATH.test(url);
}

/**
 * `GET /events`, `GET /events/{slug}` and `GET /cafes/{id}`: what thousands of pages load when registration opens. The bytes are there, so an answer
 * costs what stands around it. Nest's pipeline and hooks left a quarter of what a bare Fastify sends (docs/adr/0021), so these routes stand beside the one
 * of claims (docs/adr/0006).
 */
@Injectable()
export class ProgrammeReads {
  readonly #answers: ProgrammeAnswers;
  readonly #logger: AppLogger;

  constructor(answers: ProgrammeAnswers, logger: AppLogger) {
    this.#answers = answers;
    this.#logger = logger;
  }

  /** Adds the routes to a server. */
  addTo(server: FastifyInstance): void {
    this.#add(server, 'GET /events', (request) => this.#answers.events(localeOf(request)));
    this.#add(server, 'GET /events/{slug}', async (request) => {
      const answer = await this.#answers.event(parameterOf(request, 'slug'), localeOf(request));
      if (!answer) throw new ProblemError('event-not-found');
      return answer;
    });
    this.#add(server, 'GET /cafes/{id}', async (request) => {
      const answer = await this.#answers.cafe(parameterOf(request, 'id'), localeOf(request));
      if (!answer) throw new ProblemError('cafe-not-found');
      return answer;
    });
  }

  #add(server: FastifyInstance, call: CallName, answerOf: (request: FastifyRequest) => Promise<PublicAnswer>): void {
    server.get(`/api/v1${routeOf(call).path.replace(/\{(\w+)\}/g, ':$1')}`, {
      errorHandler: (error, request, reply) => answerFault(this.#logger, error, request, reply),
      handler: async (request, reply) => (await answerOf(request)).send(request, reply),
    });
  }
}
