import { createHash } from 'node:crypto';
import type pg from 'pg';
import { PartError } from '../health.ts';
import { MIGRATIONS_FOLDER, readMigrations } from './migrations.ts';
import { readSqlFiles, type SqlFile } from './sql-files.ts';

/**
 * A digest of the migrations and the SQL files of a build. `migrate` records it in `_sql_builds`. A database without the digest of a build
 * was never migrated to that build. The digests of earlier builds stay, so that an earlier build stays ready while an upgrade runs.
 */
export function digestOfBuild(migrations: { name: string; checksum: string }[], files: SqlFile[]): string {
  const sum = createHash('sha256');
  for (const { name, checksum } of migrations) sum.update(name).update('\0').update(checksum).update('\0');
  for (const { name, sql } of files) sum.update(name).update('\0').update(sql).update('\0');
  return sum.digest('hex');
}

/** Records that the database was migrated to this build, inside the caller's transaction. */
export async function recordBuild(client: pg.ClientBase, digest: string): Promise<void> {
  await client.query(
    'create table if not exists _sql_builds (digest text primary key, applied_at timestamptz not null default now())',
  );
  await client.query(
    'insert into _sql_builds (digest) values ($1) on conflict (digest) do update set applied_at = now()',
    [digest],
  );
}

/**
 * Checks that the database has been migrated to this build.
 * @returns a check for readiness. It rejects with a `PartError`: `empty` if the product has no table in the database, `old` if the database
 * was migrated to earlier builds only.
 */
export function schemaCheck(pool: Pick<pg.Pool, 'query'>): () => Promise<void> {
  let digest: Promise<string> | undefined;
  const ofThisBuild = async () => digestOfBuild(await readMigrations(MIGRATIONS_FOLDER), await readSqlFiles());
  return async () => {
    digest ??= ofThisBuild();
    const { rows } = await pool.query<{ empty: boolean; recorded: boolean }>(
      `select to_regclass('_prisma_migrations') is null as empty, to_regclass('_sql_builds') is not null as recorded`,
    );
    if (rows[0]?.empty) throw new PartError('empty', `The database has no tables: ${MIGRATE_FIRST}`);
    const builds = rows[0]?.recorded
      ? await pool.query('select from _sql_builds where digest = $1', [await digest])
      : { rowCount: 0 };
    if (builds.rowCount === 0) throw new PartError('old', `The database is older than this build: ${MIGRATE_FIRST}`);
  };
}

const MIGRATE_FIRST = 'run node dist/apps/local/src/migrate.js with its DATABASE_URL.';
