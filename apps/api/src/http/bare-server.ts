import { createHash } from 'node:crypto';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { ProblemError } from '#contract';
import { type Configuration, originsOf } from '#platform';
import { answerParserErrors } from './http-servers.ts';
import { readJsonOnly } from './json-body.ts';
import { problemOf, sendProblem } from './problem-filter.ts';
import { addSecurityHeaders, answerHeaders, PUBLIC_ANSWER } from './security-headers.ts';

/** The maximum size of a body, in bytes. */
const BODY_BYTES_MAX = 64 * 1024;
/** The maximum length of a parameter of a path, in characters. */
const PARAMETER_LENGTH_MAX = 200;

/** Creates a Fastify with the settings of all calls: limits, problems, headers, and no writes from other sites. */
export function bareServer(
  configuration: Configuration,
  serverFactory?: (answer: RequestListener, options: ServerOptions) => Server,
): FastifyInstance {
  const headers = answerHeaders(configuration);
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    // Requests that the HTTP parser or the router refuses do not reach Nest.
    clientErrorHandler: answerParserErrors(headers.forData),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply.headers(headers.forData), problemOf(error)),
    ...(serverFactory && { serverFactory }),
  });
  readJsonOnly(server, BODY_BYTES_MAX);
  addSecurityHeaders(server, headers);
  refuseForeignWrites(server, configuration.PUBLIC_URL);
  return server;
}

/** Refuses writes from a page of another site, even with a person's cookie. */
function refuseForeignWrites(server: FastifyInstance, publicUrl: string): void {
  const ours = originsOf(publicUrl);
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (origin === undefined || reads || ours.includes(origin)) done();
    else sendProblem(request, reply, new ProblemError('not-allowed'));
  });
}

/**
 * Gives public answers an ETag, and answers 304 to a client that has the same one. It does not use `@fastify/etag`, which would tag private
 * answers, answer 304 to writes, and compare with one tag only (docs/adr/0018).
 */
export function tagPublicAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const tagged = reads && reply.statusCode === 200 && reply.getHeader('cache-control') === PUBLIC_ANSWER;
    if (!tagged || typeof payload !== 'string') return done(null, payload);
    const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
    reply.header('etag', `W/${tag}`);
    // Weak comparison (RFC 9110), because caches send the tags of all their copies, and some make the tags strong.
    const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
    const has = request.method === 'GET' && (known?.includes(tag) || known?.includes('*'));
    if (!has) return done(null, payload);
    reply.code(304).removeHeader('content-length');
    done(null, null);
  });
}
