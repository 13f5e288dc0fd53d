import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the files of the pages. Files with a hash in their name are kept for ever; all others are asked for each time.
 * @param folders the folder of the build, and that of the build before: a page that was open during a deployment still asks for its files. A
 * file that both have comes from the first.
 */
export async function addAssets(server: FastifyInstance, folders: string[]): Promise<void> {
  await server.register(fastifyStatic, {
    root: folders.filter((folder) => existsSync(folder)),
    // A route for each file: any other path is a page or a problem.
    wildcard: false,
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('cache-control', file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
