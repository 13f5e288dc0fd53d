import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from './root.ts';

/** The number of characters of the hash of the sources that identify a build. apps/local/bootstrap.mjs gives the same id to the pages. */
const ID_LENGTH = 12;

/** The id of the running build: the first characters of the hash of its sources, or `development` without a build. */
export const BUILD_ID = readBuildId(path.join(PROJECT_ROOT, 'dist/built.json'));

/** @param file the file that the build wrote: the hash of the sources of each part */
export function readBuildId(file: string): string {
  try {
    const { servers } = JSON.parse(readFileSync(file, 'utf8')) as { servers?: string };
    return servers?.slice(0, ID_LENGTH) ?? 'development';
  } catch {
    return 'development';
  }
}
