import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the project, for its sources and its build alike: programs do not depend on the folder from which they are run. */
export const PROJECT_ROOT = folderAbove(import.meta.dirname, 'package.json');

function folderAbove(folder: string, file: string): string {
  if (existsSync(path.join(folder, file))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`There is no ${file} above ${import.meta.dirname}.`);
  return folderAbove(parent, file);
}
