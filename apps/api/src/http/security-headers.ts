import type { FastifyInstance } from 'fastify';
import { type Configuration, securityHeaders } from '#platform';

/** The headers of answers by their kind. Each set is created once. */
export interface AnswerHeaders {
  /** Answers of the API are data: they may not run, be framed, be interpreted as another type of file, or be cached. */
  forData: Record<string, string>;
  forPages: Record<string, string>;
}

export function answerHeaders(configuration: Configuration): AnswerHeaders {
  const { GATEWAY_URL } = configuration;
  const forAll = securityHeaders(configuration);
  return {
    // Not cached unless the call allows it: public answers do (`PUBLIC_ANSWER`), all others may be personal.
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
      // The page of the door uses the camera. No page uses any other device.
      'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    },
  };
}

/** The `cache-control` of answers that are the same for all clients: cached, and revalidated each time. */
export const PUBLIC_ANSWER = 'no-cache';

/** Headers that isolate pages and answers from other sites. */
export function addSecurityHeaders(server: FastifyInstance, { forData, forPages }: AnswerHeaders): void {
  server.addHook('onRequest', (request, reply, done) => {
    const data = request.url.startsWith('/api/v1/') && !request.url.startsWith('/api/v1/docs');
    reply.headers(data ? forData : forPages);
    done();
  });
}
