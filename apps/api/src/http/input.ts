import type { FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { type CallName, declarationOf, ProblemError, parametersOf, pathParameter } from '#contract';

/** `If-Match` with the version of the record: one strong tag (RFC 9110, 13.1.1), or `*` for any version. */
const IfMatch = z.union([z.literal('*'), z.string().check(z.regex(/^"\d{1,15}"$/))], {
  error: 'must be the version between quotation marks, as "7", or *',
});

/** The maximum number of errors in one answer. */
const ERRORS_MAX = 50;

/**
 * Parses the input of a request for a call by the table of calls: the parameters of its path by name, `query`, `headers` and `body`, and
 * for a versioned record the version that the client expects.
 * @throws ProblemError `invalid-request` with the path of each error
 */
export function inputOf(name: CallName, request: FastifyRequest): Record<string, unknown> {
  const { query, headers, body, versioned } = declarationOf(name);
  const input: Record<string, unknown> = {};
  for (const parameter of parametersOf(name)) input[parameter] = parameterOf(request, parameter);
  if (query) input.query = parse(query, request.query);
  if (headers) input.headers = Object.fromEntries(headers.map((header) => [header, headerOf(request, header)]));
  if (body) input.body = parse(body, request.body);
  if (versioned) input.expectVersion = expectedVersion(request);
  return input;
}

/** Parses one parameter of the path. @throws ProblemError `invalid-request` */
export function parameterOf({ params }: FastifyRequest, name: string): string {
  return parse(pathParameter(name), (params as Record<string, unknown>)[name], name);
}

/** @throws ProblemError `invalid-request` for a weak tag, or a tag that is not a version, because it would never match */
function expectedVersion({ headers }: FastifyRequest): number | undefined {
  const { 'if-match': header } = headers;
  if (header === undefined) return undefined;
  const tag = parse(IfMatch, header, 'If-Match');
  return tag === '*' ? undefined : Number(tag.slice(1, -1));
}

/** Returns a header that occurs once in a request. */
export function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Parses a value by its schema.
 * @param name the path of an error of the value as a whole
 * @throws ProblemError `invalid-request` with the path of each error
 */
export function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, name = ''): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', {
    errors: parsed.error.issues
      .slice(0, ERRORS_MAX)
      .map((issue) => ({ path: issue.path.join('.') || name, message: issue.message, ...errorCodeOf(issue) })),
  });
}

/** The code of the error in a name or an address (`fault` in the contract), for which pages have their own sentences. */
function errorCodeOf(issue: z.core.$ZodIssue): { fault?: string } {
  const fault = issue.code === 'custom' ? issue.params?.fault : undefined;
  return typeof fault === 'string' ? { fault } : {};
}
