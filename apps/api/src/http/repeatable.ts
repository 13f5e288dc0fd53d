import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import * as z from 'zod/mini';
import { Identity } from '#identity';
import { Cookies } from './cookies.ts';
import { parameterOf, parse } from './input.ts';

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
  identity: Identity,
  { request, scope, body }: { request: FastifyRequest; scope: string; body: unknown },
  run: () => Promise<Given<Body>>,
): Promise<Given<Body>> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return run();
  return identity.once({ scope, key: parse(IdempotencyKey, key, 'Idempotency-Key'), body }, run) as Promise<
    Given<Body>
  >;
}

/** Keeps the answer of a call of a signed-in person for its `Idempotency-Key`, and gives it again. */
@Injectable()
export class Repeatable implements NestInterceptor {
  readonly #identity: Identity;
  readonly #cookies: Cookies;

  constructor(identity: Identity, cookies: Cookies) {
    this.#identity = identity;
    this.#cookies = cookies;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { attendeeId } = this.#cookies.requireSession(request);
    // The person stands second, as in every scope: an erasure finds the keys of a person by it.
    const scope = `${request.method} ${attendeeId} ${request.routeOptions.url} ${parameterOf(request, 'id')}`;
    const given = once(this.#identity, { request, scope, body: request.body }, async () => ({
      status: reply.statusCode,
      answer: await lastValueFrom(next.handle()),
    }));
    return from(given.then(({ answer }) => answer));
  }
}
