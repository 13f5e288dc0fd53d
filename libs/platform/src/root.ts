import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the project, the same for sources and build, so that programs run from any folder. */
export const PROJECT_ROOT = folderAbove(import.meta.dirname, 'package.json');

function folderAbove(folder: string, file: string): string {
  if (existsSync(path.join(folder, file))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`There is no ${file} above ${import.meta.dirname}.`);
  return folderAbove(parent, file);
}
