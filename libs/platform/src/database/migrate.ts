import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { PROJECT_ROOT } from '../root.ts';

/** One number that every migrating process asks for, so that only one of them migrates at a time. */
const MIGRATION_LOCK = 7_212_024;

/** Where the migrations are. */
export const MIGRATIONS_FOLDER = path.join(PROJECT_ROOT, 'prisma/migrations');

/** What `migrate` throws when the history in the database is not the one in the folder. */
export class MigrationError extends Error {}

/**
 * Apply the migrations that the database does not have yet, oldest first, each in one transaction with its line in
 * `_prisma_migrations`: the layout, the table and the checksums are Prisma's, so `prisma migrate deploy` finds the same
 * history. (Prisma's own runner fetches an engine from the internet, which a closed network does not give.)
 * @returns the names of the migrations applied now.
 * @throws MigrationError when an applied migration has changed since, or failed half-way in another runner.
 */
export async function migrate(databaseUrl: string, folder: string = MIGRATIONS_FOLDER): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'comptoir-migrate' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`
      create table if not exists _prisma_migrations (
        id varchar(36) primary key not null,
        checksum varchar(64) not null,
        finished_at timestamptz,
        migration_name varchar(255) not null,
        logs text,
        rolled_back_at timestamptz,
        started_at timestamptz not null default now(),
        applied_steps_count integer not null default 0
      )`);
    const applied = new Map<string, { checksum: string; finished_at: Date | null }>(
      (
        await client.query(
          'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
        )
      ).rows.map((row) => [row.migration_name, row]),
    );
    const names = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    const done: string[] = [];
    for (const name of names) {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const before = applied.get(name);
      if (before) {
        if (before.finished_at === null) throw new MigrationError(`The migration ${name} did not finish.`);
        if (before.checksum !== checksum)
          throw new MigrationError(
            `The migration ${name} was changed after it was applied: this database is of another build. See “Migrations” in docs/operations.md.`,
          );
        continue;
      }
      await client.query('begin');
      try {
        await client.query(sql);
        await client.query(
          `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
           values ($1, $2, now(), $3, 1)`,
          [randomUUID(), checksum, name],
        );
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new MigrationError(`The migration ${name} failed: ${(error as Error).message}`, { cause: error });
      }
      done.push(name);
    }
    return done;
  } finally {
    await client.end();
  }
}
