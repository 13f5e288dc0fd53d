import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the files of the pages. Files with a hash in their name are cached permanently; all others are requested each time.
 * @param folders the folder of the build, and the folder of the previous build, because a page that was open during a deployment still
 * requests its files. A file in both is read from the first.
 */
export async function addAssets(server: FastifyInstance, folders: string[]): Promise<void> {
  await server.register(fastifyStatic, {
    root: folders.filter((folder) => existsSync(folder)),
    // Each file has a route. Any other path is a page or a problem.
    wildcard: false,
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('cache-control', file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
