import type { FastifyRequest } from 'fastify';
import type * as z from 'zod/mini';
import { type CallName, declarationOf, ProblemError, parametersOf, pathParameter } from '#contract';

/** The most errors that one answer lists. */
const ERRORS_MAX = 50;

/**
 * The validated input of a call, by the table of calls: the parameters of its path by name, `query`, `headers` and `body`.
 * @throws ProblemError `invalid-request` with the place of each error
 */
export function inputOf(name: CallName, request: FastifyRequest): Record<string, unknown> {
  const { query, headers, body } = declarationOf(name);
  const input: Record<string, unknown> = {};
  for (const parameter of parametersOf(name)) input[parameter] = parameterOf(request, parameter);
  if (query) input.query = parse(query, request.query);
  if (headers) input.headers = Object.fromEntries(headers.map((header) => [header, headerOf(request, header)]));
  if (body) input.body = parse(body, request.body);
  return input;
}

/** One parameter of the path. @throws ProblemError `invalid-request` */
export function parameterOf({ params }: FastifyRequest, name: string): string {
  return parse(pathParameter(name), (params as Record<string, unknown>)[name], name);
}

/** A header that a request has once. */
export function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Parse a value by its schema.
 * @param name the place that an error of the value as a whole has
 * @throws ProblemError `invalid-request` with the place of each error
 */
export function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, name = ''): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', {
    errors: parsed.error.issues
      .slice(0, ERRORS_MAX)
      .map(({ path, message }) => ({ path: path.join('.') || name, message })),
  });
}
