import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import * as z from 'zod/mini';
import { Id } from '#contract';
import type { Identity } from '#identity';
import { PARTS, type Parts } from '../parts.ts';
import { Access } from './access.ts';
import { parse } from './contract-pipe.ts';

const IdempotencyKey = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[\x21-\x7e]+$/));

/** An answer before it is sent. */
export interface Given<Body> {
  status: number;
  answer: Body;
}

/**
 * Run once for each `Idempotency-Key` of a request, or at once where it has none. `scope` is the person and the call.
 * @throws ProblemError `invalid-request`, `idempotency-mismatch`.
 */
export function once<Body>(
  people: Identity,
  request: FastifyRequest,
  scope: string,
  body: unknown,
  run: () => Promise<Given<Body>>,
): Promise<Given<Body>> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return run();
  return people.once({ scope, key: parse(IdempotencyKey, key, 'Idempotency-Key'), body }, run) as Promise<Given<Body>>;
}

/** For a call of a signed-in person that creates something and may be sent twice. */
@Injectable()
export class Repeatable implements NestInterceptor {
  readonly #people: Identity;
  readonly #access: Access;

  constructor(@Inject(PARTS) { people }: Parts, @Inject(Access) access: Access) {
    this.#people = people;
    this.#access = access;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { attendeeId } = this.#access.requireSession(request);
    // The person stands second, as in every scope: who asks to be forgotten is found by it.
    const { id } = request.params as { id: string };
    const scope = `${request.method} ${attendeeId} ${request.routeOptions.url} ${parse(Id, id, 'id')}`;
    const given = once(this.#people, request, scope, request.body, async () => ({
      status: reply.statusCode,
      answer: await lastValueFrom(next.handle()),
    }));
    return from(given.then(({ answer }) => answer));
  }
}
