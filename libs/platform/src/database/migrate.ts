import { randomUUID } from 'node:crypto';
import pRetry from 'p-retry';
import pg from 'pg';
import { PartError } from '../health.ts';
import { MIGRATIONS_FOLDER, type Migration, readMigrations } from './migrations.ts';
import { digestOfBuild, recordBuild } from './schema-state.ts';
import { requireServer } from './session.ts';
import { applySqlFiles, readSqlFiles, type SqlFile } from './sql-files.ts';

/** The advisory lock of migrations: one process migrates at a time. */
const MIGRATION_LOCK = 7_212_024;
/**
 * How long one statement waits for a lock of the running service, in milliseconds. Claims wait behind such a statement, so it gives up and
 * is retried.
 */
const LOCK_WAIT_MS = 2_000;
/** How often a transaction is attempted after a lock timeout or a deadlock. */
const LOCK_TRIES_MAX = 30;

/** Thrown by `migrate` if the server is too old, if the database belongs to another build, or if a migration or an SQL file fails. */
export class MigrationError extends Error {}

/** The names of the migrations and files that `migrate` applied. */
export interface Migrated {
  migrations: string[];
  /** Functions (with their triggers) and views. */
  functions: string[];
}

/**
 * Migrates a database to this build, from any earlier build of the same baseline, also while an earlier build runs on it.
 *
 * First it applies the missing migrations, oldest first, each in one transaction together with its row in `_prisma_migrations`. The layout,
 * the table and the checksums are those of Prisma, so `prisma migrate deploy` finds the same history. (Prisma's own runner downloads an
 * engine, which a closed network does not allow.) Then it applies the changed files of libs/*\/sql in one transaction (sql-files.ts).
 *
 * @param sources migrations and files to use instead of those of this build, for tests
 * @throws MigrationError if the server is older than PostgreSQL 18, if the address leads to a connection pooler, or if an applied migration
 * has changed, did not finish, or is unknown to this build
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
    await requireServer(client);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`set lock_timeout = ${LOCK_WAIT_MS}`);
    const migrations = await readMigrations(folder);
    const pending = await pendingMigrations(client, migrations);
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
    const functions = await inOneTransaction(client, 'A file of SQL', async () => {
      const applied = await applySqlFiles(client, files);
      await recordBuild(client, digestOfBuild(migrations, files));
      return applied;
    });
    return { migrations: pending.map(({ name }) => name), functions };
  } catch (error) {
    throw error instanceof PartError ? new MigrationError(error.message) : error;
  } finally {
    await client.end();
  }
}

/** The migrations that the database does not have, oldest first. @throws MigrationError */
async function pendingMigrations(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
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
  const unknown = [...applied.keys()].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) throw otherBuild(`The migration ${unknown} was applied and this build does not have it`);
  const pending: Migration[] = [];
  for (const migration of migrations) {
    const { name, checksum } = migration;
    const before = applied.get(name);
    if (!before) pending.push(migration);
    else if (before.finished_at === null) throw new MigrationError(`The migration ${name} did not finish.`);
    else if (before.checksum !== checksum) throw otherBuild(`The migration ${name} was changed after it was applied`);
  }
  return pending;
}

function otherBuild(reason: string): MigrationError {
  return new MigrationError(`${reason}: this database is of another build. See “Migrations” in docs/operations.md.`);
}

/** Runs `work` in a transaction. If the running service holds a lock that it needs, the transaction is rolled back and retried. */
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
