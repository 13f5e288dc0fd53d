import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the built pages are, from the root of the project. */
const PAGES_FOLDER = 'dist/web';
/** The pages; each is the one document that the web app starts from. */
const PAGES = [
  '/',
  '/events/*',
  '/cafes/*',
  '/me',
  '/me/*',
  '/registrations/*',
  '/sign-in',
  '/host',
  '/host/*',
  '/organiser',
];

/** Serve the web app, and the assets of the API's documentation. Files with a hash in their name are kept for ever. */
export async function addPages(server: FastifyInstance): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.resolve('node_modules/swagger-ui-dist'),
    prefix: '/api/v1/docs/assets/',
    decorateReply: false,
    index: false,
    allowedPath: (asked) => /^\/swagger-ui(-bundle)?\.(css|js)$/.test(asked),
    maxAge: '1d',
  });
  const root = path.resolve(PAGES_FOLDER);
  if (!existsSync(path.join(root, 'index.html'))) return;
  await server.register(fastifyStatic, {
    root,
    // A route for each file: what is no file is nobody's path, and goes the way of every other.
    wildcard: false,
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('cache-control', file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const page of PAGES) {
    server.get(page, (_request, reply) => reply.sendFile('index.html'));
  }
}
