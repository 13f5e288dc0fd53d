import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pRetry from 'p-retry';
import pg from 'pg';
import { PROJECT_ROOT } from '../root.ts';
import { applySqlFiles, readSqlFiles, type SqlFile } from './sql-files.ts';

/** The advisory lock of migrations: one process migrates at a time. */
const MIGRATION_LOCK = 7_212_024;
/**
 * How long one statement waits for a lock of the running service, in milliseconds. Claims queue behind a statement that waits, so it stops
 * waiting and is retried.
 */
const LOCK_WAIT_MS = 2_000;
/** How often a transaction is attempted when it meets a lock or a deadlock. */
const LOCK_TRIES_MAX = 30;

/** The folder of the migrations. */
export const MIGRATIONS_FOLDER = path.join(PROJECT_ROOT, 'prisma/migrations');

/** The database is of another build, or a migration or a file of SQL failed. */
export class MigrationError extends Error {}

/** The names of what `migrate` applied. */
export interface Migrated {
  migrations: string[];
  /** Functions (with their triggers) and views. */
  functions: string[];
}

/**
 * Upgrades a database to this build, from any earlier build of the same baseline, also while an earlier build runs on it.
 *
 * First it applies the missing migrations, oldest first, each in one transaction with its row in `_prisma_migrations`. The layout, the
 * table and the checksums are those of Prisma, so `prisma migrate deploy` finds the same history. (Prisma's own runner downloads an engine,
 * which a closed network does not allow.) Then it applies the changed files of libs/*\/sql in one transaction (sql-files.ts).
 *
 * @param sources migrations and files to use instead of those of this build, for tests
 * @throws MigrationError when an applied migration has changed, did not finish, or is unknown to this build
 */
export async function migrate(
  databaseUrl: string,
  sources: { migrations?: string; files?: SqlFile[] } = {},
): Promise<Migrated> {
  const folder = sources.migrations ?? MIGRATIONS_FOLDER;
  const files = sources.files ?? (await readSqlFiles());
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'comptoir-migrate' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`set lock_timeout = ${LOCK_WAIT_MS}`);
    const pending = await pendingMigrations(client, folder);
    for (const { name, sql, checksum } of pending) {
      await inOneTransaction(client, `The migration ${name}`, async () => {
        await client.query(sql);
        await client.query(
          `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
           values ($1, $2, now(), $3, 1)`,
          [randomUUID(), checksum, name],
        );
      });
    }
    const functions = await inOneTransaction(client, 'A file of SQL', () => applySqlFiles(client, files));
    return { migrations: pending.map(({ name }) => name), functions };
  } finally {
    await client.end();
  }
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** The migrations of the folder that the database does not have, oldest first. @throws MigrationError */
async function pendingMigrations(client: pg.Client, folder: string): Promise<Migration[]> {
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
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row]));
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const unknown = [...applied.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw otherBuild(`The migration ${unknown} was applied and this build does not have it`);
  const pending: Migration[] = [];
  for (const name of names) {
    const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    const before = applied.get(name);
    if (!before) pending.push({ name, sql, checksum });
    else if (before.finished_at === null) throw new MigrationError(`The migration ${name} did not finish.`);
    else if (before.checksum !== checksum) throw otherBuild(`The migration ${name} was changed after it was applied`);
  }
  return pending;
}

function otherBuild(reason: string): MigrationError {
  return new MigrationError(`${reason}: this database is of another build. See “Migrations” in docs/operations.md.`);
}

/** Runs `work` in a transaction. When the running service holds a lock that it needs, the transaction is rolled back and retried. */
async function inOneTransaction<T>(client: pg.Client, what: string, work: () => Promise<T>): Promise<T> {
  return pRetry(
    async () => {
      await client.query('begin');
      try {
        const result = await work();
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    },
    {
      retries: LOCK_TRIES_MAX,
      minTimeout: 100,
      maxTimeout: 1_000,
      randomize: true,
      // lock_not_available, deadlock_detected
      shouldRetry: ({ error }) => /^(55P03|40P01)$/.test((error as { code?: string }).code ?? ''),
    },
  ).catch((error: Error) => {
    throw error instanceof MigrationError
      ? error
      : new MigrationError(`${what} failed: ${error.message}`, { cause: error });
  });
}
