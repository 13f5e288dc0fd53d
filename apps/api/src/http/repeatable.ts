import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import * as z from 'zod/mini';
import { IdempotencyKeys } from '#identity';
import { Cookies } from './cookies.ts';
import { headerOf, parameterOf, parse } from './input.ts';

const IdempotencyKey = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[\x21-\x7e]+$/));

/** An answer that has not been sent yet. */
export interface PendingAnswer<Body> {
  status: number;
  answer: Body;
}

/**
 * Runs once for each `Idempotency-Key` of a request; without a key, runs each time. `scope` is the call and the person.
 * @throws ProblemError `invalid-request`, `idempotency-mismatch`.
 */
export function runOnce<Body>(
  keys: IdempotencyKeys,
  { request, scope, body }: { request: FastifyRequest; scope: string; body: unknown },
  run: () => Promise<PendingAnswer<Body>>,
): Promise<PendingAnswer<Body>> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return run();
  return keys.answerOnce({ scope, key: parse(IdempotencyKey, key, 'Idempotency-Key'), body }, run) as Promise<
    PendingAnswer<Body>
  >;
}

/**
 * Returns the id by which the database recognises a request that is sent again with its `Idempotency-Key`, also in another process before
 * the first answer is stored. It is a UUID of version 8: a digest of the person and the key. Undefined if the request has no key.
 */
export function requestIdOf(request: FastifyRequest, attendeeId: string): string | undefined {
  const key = headerOf(request, 'idempotency-key');
  if (key === undefined) return undefined;
  const digest = createHash('sha256')
    .update(JSON.stringify([attendeeId, request.routeOptions.url, key]))
    .digest('hex');
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/** Stores the answer of a signed-in person's call for its `Idempotency-Key`, and returns it again. */
@Injectable()
export class Repeatable implements NestInterceptor {
  readonly #idempotencyKeys: IdempotencyKeys;
  readonly #cookies: Cookies;

  constructor(idempotencyKeys: IdempotencyKeys, cookies: Cookies) {
    this.#idempotencyKeys = idempotencyKeys;
    this.#cookies = cookies;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { attendeeId } = this.#cookies.requireSession(request);
    // The person is second, as in each scope, because an erasure finds the keys of a person by it.
    const names = Object.keys(request.params as object);
    const parameters = names.map((name) => parameterOf(request, name)).join(' ');
    const scope = `${request.method} ${attendeeId} ${request.routeOptions.url} ${parameters}`;
    const pending = runOnce(this.#idempotencyKeys, { request, scope, body: request.body }, async () => ({
      status: reply.statusCode,
      answer: await lastValueFrom(next.handle()),
    }));
    return from(pending.then(({ answer }) => answer));
  }
}
