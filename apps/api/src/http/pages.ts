import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PROJECT_ROOT } from '#platform';
import type { Programme } from '#programme';
import { addAssets } from './assets.ts';
import { localeOf } from './locale.ts';

/** Where the built pages are. */
const PAGES_FOLDER = path.join(PROJECT_ROOT, 'dist/web');
/** Where the pages of the build before are. */
const PREVIOUS_PAGES_FOLDER = path.join(PROJECT_ROOT, 'dist/web-previous');
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
  '/organiser/*',
];

/** The pages that begin with the programme or a Café. */
const PRELOADED = /^\/(\?|$|me$|cafes\/[\w-]+$)/;
/** How long the event of the first page is remembered, in milliseconds. */
const FIRST_EVENT_TTL_MS = 60_000;

/**
 * What the page will ask for, as a header: a phone far away fetches it beside the scripts, not after them. The addresses are
 * those that the pages use (apps/web/src/shared/data.ts); a reader who chose another language than the browser's fetches anew.
 */
function preloads(
  programme: Programme,
): (request: Pick<FastifyRequest, 'headers' | 'query' | 'url'>) => Promise<string> {
  let first: { slug: string | undefined; until: number } | undefined;
  async function firstSlug(): Promise<string | undefined> {
    if (!first || first.until < Date.now()) {
      // The pages come without a database, too.
      const events = await programme.events().catch(() => []);
      first = { slug: events[0]?.slug, until: Date.now() + FIRST_EVENT_TTL_MS };
    }
    return first.slug;
  }
  return async (request) => {
    const query = `?locale=${localeOf(request)}`;
    const slug = await firstSlug();
    const cafe = /^\/cafes\/([\w-]+)$/.exec(request.url)?.[1];
    const paths = [`/events${query}`, slug && `/events/${slug}${query}`, cafe && `/cafes/${cafe}${query}`];
    return paths
      .filter(Boolean)
      .map((path) => `</api/v1${path}>; rel=preload; as=fetch; crossorigin=anonymous`)
      .join(', ');
  };
}

/** Serve the web app, and the assets of the API's documentation. Files with a hash in their name are kept for ever. */
export async function addPages(server: FastifyInstance, programme: Programme): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.join(PROJECT_ROOT, 'node_modules/swagger-ui-dist'),
    prefix: '/api/v1/docs/assets/',
    decorateReply: false,
    index: false,
    allowedPath: (asked) => /^\/swagger-ui(-bundle)?\.(css|js)$/.test(asked),
    maxAge: '1d',
  });
  if (!existsSync(path.join(PAGES_FOLDER, 'index.html'))) return;
  await addAssets(server, [PAGES_FOLDER, PREVIOUS_PAGES_FOLDER]);
  const linksOf = preloads(programme);
  for (const page of PAGES) {
    server.get(page, async (request, reply) => {
      if (PRELOADED.test(request.url)) reply.header('link', await linksOf(request));
      return reply.sendFile('index.html');
    });
  }
}
