import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { PROJECT_ROOT } from '../root.ts';

/**
 * A file of libs/*\/sql: `create or replace` of one function (a trigger function with its triggers) or of one view. The file has the name
 * of the function or view, which must be unique.
 */
export interface SqlFile {
  name: string;
  sql: string;
}

/** Reads the files of this build. @throws Error if two files have the same name. */
export async function readSqlFiles(): Promise<SqlFile[]> {
  const files: SqlFile[] = [];
  for await (const file of glob('libs/*/sql/**/*.sql', { cwd: PROJECT_ROOT })) {
    const name = path.basename(file, '.sql');
    if (files.some((other) => other.name === name)) throw new Error(`Two SQL files have the name ${name}.`);
    files.push({ name, sql: await readFile(path.join(PROJECT_ROOT, file), 'utf8') });
  }
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Updates the functions, triggers and views of a database to these files, inside the caller's transaction. A file is applied if its
 * checksum differs from the recorded one. Functions of deleted files, and functions that a file no longer creates, are dropped.
 *
 * @returns the names of the applied files
 */
export async function applySqlFiles(client: pg.ClientBase, files: SqlFile[]): Promise<string[]> {
  await client.query(
    'create table if not exists _sql_files (name text primary key, checksum text not null, applied_at timestamptz not null)',
  );
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from _sql_files');
  const recorded = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  for (const name of recorded.keys()) {
    if (files.some((file) => file.name === name)) continue;
    await drop(client, name, []);
    await client.query('delete from _sql_files where name = $1', [name]);
  }
  const changed = files.filter(({ name, sql }) => recorded.get(name) !== checksumOf(sql));
  // Functions call each other, so a file may refer to a function of a later file. `validate` checks all of them at the end.
  await client.query('set local check_function_bodies = off');
  for (const { name, sql } of changed) {
    await apply(client, name, sql);
    await client.query(
      `insert into _sql_files as mine (name, checksum, applied_at) values ($1, $2, now())
       on conflict (name) do update set checksum = excluded.checksum, applied_at = excluded.applied_at`,
      [name, checksumOf(sql)],
    );
  }
  await client.query('set local check_function_bodies = on');
  await validate(client, changed);
  return changed.map(({ name }) => name);
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** A version of a function or view in the catalog. `create or replace` changes the `ctid` of its row. */
interface CatalogRow {
  oid: number;
  ctid: string;
}

async function catalogRows(client: pg.ClientBase, name: string): Promise<CatalogRow[]> {
  const { rows } = await client.query<CatalogRow>(
    `select oid, ctid::text from pg_proc where proname = $1 and pronamespace = 'public'::regnamespace
     union all
     select r.oid, r.ctid::text from pg_class c join pg_rewrite r on r.ev_class = c.oid
     where c.relname = $1 and c.relkind = 'v' and c.relnamespace = 'public'::regnamespace`,
    [name],
  );
  return rows;
}

/**
 * Runs a file. If Postgres cannot replace the function (its result or the names of its parameters changed), the old one is dropped first.
 */
async function apply(client: pg.ClientBase, name: string, sql: string): Promise<void> {
  const before = await catalogRows(client, name);
  await dropTriggers(client, name);
  await client.query('savepoint sql_file');
  try {
    await client.query(sql);
  } catch (error) {
    // invalid_function_definition, invalid_table_definition
    if (before.length === 0 || !/^(42P13|42P16)$/.test((error as { code?: string }).code ?? ''))
      throw inFile(name, error);
    await client.query('rollback to savepoint sql_file');
    await drop(client, name, []);
    await client.query(sql).catch((again) => {
      throw inFile(name, again);
    });
  }
  await client.query('release savepoint sql_file');
  const after = await catalogRows(client, name);
  const created = after.filter(({ oid, ctid }) => !before.some((old) => old.oid === oid && old.ctid === ctid));
  if (created.length === 0) throw new Error(`the file ${name}.sql creates no function or view of that name`);
  await drop(
    client,
    name,
    created.map(({ oid }) => oid),
  );
}

function inFile(name: string, error: unknown): Error {
  const { message, code } = error as { message: string; code?: string };
  return Object.assign(new Error(`${name}.sql: ${message}`, { cause: error }), { code });
}

/** Drops the triggers of a trigger function. Its file creates them again. */
async function dropTriggers(client: pg.ClientBase, name: string): Promise<void> {
  await dropAll(
    client,
    `select format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass) as statement
     from pg_trigger t join pg_proc p on p.oid = t.tgfoid
     where p.proname = $1 and p.pronamespace = 'public'::regnamespace and not t.tgisinternal`,
    [name],
  );
}

/** Drops the functions and the view of this name, except those in `keep`. */
async function drop(client: pg.ClientBase, name: string, keep: number[]): Promise<void> {
  if (keep.length === 0) await dropTriggers(client, name);
  await dropAll(
    client,
    `select format('drop function %s', oid::regprocedure) as statement
     from pg_proc where proname = $1 and pronamespace = 'public'::regnamespace and oid <> all ($2)
     union all
     select format('drop view %s', c.oid::regclass) from pg_class c join pg_rewrite r on r.ev_class = c.oid
     where c.relname = $1 and c.relkind = 'v' and c.relnamespace = 'public'::regnamespace and r.oid <> all ($2)`,
    [name, keep],
  );
}

async function dropAll(client: pg.ClientBase, list: string, values: unknown[]): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(list, values);
  for (const { statement } of rows) await client.query(statement);
}

/** Lets Postgres check the bodies of the created functions: all objects that they refer to must exist now. */
async function validate(client: pg.ClientBase, files: SqlFile[]): Promise<void> {
  const { rows } = await client.query<{ oid: number; name: string; validator: string }>(
    `select p.oid, p.proname as name, l.lanvalidator::regproc::text as validator
     from pg_proc p join pg_language l on l.oid = p.prolang
     where p.proname = any ($1) and p.pronamespace = 'public'::regnamespace order by p.proname`,
    [files.map(({ name }) => name)],
  );
  for (const { oid, name, validator } of rows) {
    await client.query(`select ${validator}($1)`, [oid]).catch((error) => {
      throw inFile(name, error);
    });
  }
}
