import type { FastifyInstance } from 'fastify';
import { type Configuration, securityHeaders } from '#platform';

/** The headers of answers, by what they are; each set is put together once. */
export interface AnswerHeaders {
  /** Answers of the API are data: nothing in them may run, be framed, be taken for another kind of file, or be kept. */
  forData: Record<string, string>;
  forPages: Record<string, string>;
}

export function answerHeaders(configuration: Configuration): AnswerHeaders {
  const { GATEWAY_URL } = configuration;
  const forAll = securityHeaders(configuration);
  return {
    // Not kept unless the call says otherwise: what is public says so (`PUBLIC_ANSWER`), everything else may be personal.
    forData: { ...forAll, 'cache-control': 'no-store' },
    forPages: {
      ...forAll,
      'content-security-policy': [
        `default-src 'self'`,
        // The ticket reader of the door is WebAssembly.
        `script-src 'self' 'wasm-unsafe-eval'`,
        `style-src 'self' 'unsafe-inline'`,
        `img-src 'self' data: blob:`,
        `connect-src 'self' ${GATEWAY_URL} ${GATEWAY_URL.replace(/^http/, 'ws')}`,
        `object-src 'none'`,
        `base-uri 'none'`,
        `form-action 'self'`,
        `frame-ancestors 'none'`,
      ].join('; '),
      // The door's page uses the camera; nothing else of the kind is used anywhere.
      'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    },
  };
}

/** The `cache-control` of answers that are the same for everybody: kept, and asked for again each time. */
export const PUBLIC_ANSWER = 'no-cache';

/** Headers that keep pages and answers to themselves. */
export function addSecurityHeaders(server: FastifyInstance, { forData, forPages }: AnswerHeaders): void {
  server.addHook('onRequest', (request, reply, done) => {
    const data = request.url.startsWith('/api/v1/') && !request.url.startsWith('/api/v1/docs');
    reply.headers(data ? forData : forPages);
    done();
  });
}
