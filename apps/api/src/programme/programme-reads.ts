import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type CallName, ProblemError, routeOf } from '#contract';
import { AppLogger, Configuration } from '#platform';
import { parameterOf } from '../http/input.ts';
import { localeOf } from '../http/locale.ts';
import { answerError } from '../http/problem-filter.ts';
import { answerHeaders } from '../http/security-headers.ts';
import { ProgrammeAnswers } from './programme-answers.ts';
import type { CachedAnswer } from './public-answer.ts';

/** Longer parameters, in characters, are passed to Nest, which refuses them. */
const PATH = /^\/api\/v1\/(?:events(?:\/[^/?]{1,200})?|cafes\/[^/?]{1,200})(?:\?|$)/;

/** Returns whether a request reads the programme, which the server of `ProgrammeReads` routes. */
export function isProgrammeRead({ method, url = '' }: { method?: string; url?: string }): boolean {
  return (method === 'GET' || method === 'HEAD') && PATH.test(url);
}

/**
 * `GET /events`, `GET /events/{slug}` and `GET /cafes/{id}`: the calls that thousands of pages make when registration opens. The bytes of
 * the answers are cached. Through Nest's pipeline and hooks these calls reached a fifth to a third of the rate of a bare Fastify
 * (docs/adr/0019), so their routes have a separate server, as the route of claims does (docs/adr/0006).
 */
@Injectable()
export class ProgrammeReads {
  readonly #answers: ProgrammeAnswers;
  readonly #logger: AppLogger;
  readonly #headers: Record<string, string>;

  constructor(answers: ProgrammeAnswers, configuration: Configuration, logger: AppLogger) {
    this.#answers = answers;
    this.#logger = logger;
    this.#headers = answerHeaders(configuration).forData;
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

  #add(server: FastifyInstance, call: CallName, answerOf: (request: FastifyRequest) => Promise<CachedAnswer>): void {
    server.get(`/api/v1${routeOf(call).path.replace(/\{(\w+)\}/g, ':$1')}`, {
      errorHandler: (error, request, reply) => answerError(this.#logger, error, request, reply),
      handler: (request, reply) => {
        answerOf(request).then(
          (answer) => answer.send(request, reply, this.#headers),
          (error: unknown) => answerError(this.#logger, error, request, reply),
        );
      },
    });
  }
}
