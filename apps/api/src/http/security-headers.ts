import type { FastifyInstance } from 'fastify';
import type { Configuration } from '#platform';

/** Answers of the API are data: nothing in them may run, be framed, or be taken for another kind of file. */
const FOR_DATA = {
  'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
};

/**
 * Headers that keep pages and answers to themselves. They are the same for all of a kind, so they are put together once;
 * those of pages are long, and a claim carries only what data needs.
 */
export function addSecurityHeaders(server: FastifyInstance, { GATEWAY_URL }: Configuration): void {
  const forPages = {
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
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // The door's page uses the camera; nothing else of the kind is used anywhere.
    'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  server.addHook('onRequest', (request, reply, done) => {
    const data = request.url.startsWith('/api/v1/') && !request.url.startsWith('/api/v1/docs');
    reply.headers(data ? FOR_DATA : forPages);
    done();
  });
}
