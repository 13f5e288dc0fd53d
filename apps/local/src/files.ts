import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Creates a folder that only this user may enter (mode 0700). An existing folder gets the same mode, unless all users share it (`/tmp`).
 */
export async function privateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const shared = (await stat(folder)).mode & 0o1000;
  if (!shared) await chmod(folder, 0o700);
}

/** As `privateFolder`, for the folder and its contents. */
export async function privateFiles(folder: string): Promise<void> {
  await privateFolder(folder);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const mode = entry.isDirectory() ? 0o700 : entry.isFile() ? 0o600 : undefined;
    if (mode) await chmod(path.join(entry.parentPath, entry.name), mode);
  }
}

/** Reads the password from a file that only this user may read. Creates a password if the file is missing or empty. */
export async function storedPassword(file: string): Promise<string> {
  const stored = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (stored) return stored;
  const password = randomBytes(18).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
