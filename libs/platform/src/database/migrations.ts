import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../root.ts';

/** The folder of the migrations. */
export const MIGRATIONS_FOLDER = path.join(PROJECT_ROOT, 'prisma/migrations');

/** A migration in Prisma's layout: `<name>/migration.sql`, and the checksum that Prisma records for it. */
export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** Reads the migrations of a folder, oldest first. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
