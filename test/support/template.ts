import { createHash } from 'node:crypto';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { migrate } from '../../libs/platform/src/database/migrate.ts';

/** The sources of a migrated database. A change in one of these folders makes a new template. */
const SOURCES = ['prisma/migrations', 'libs/platform/src/database', ...globSync('libs/*/sql')];
const PREFIX = 'template_';
/** The number of the advisory lock that a run holds while it makes the template, so that one run makes it at a time. */
const TEMPLATE_LOCK = 7_212_025;

/** Runs one statement that cannot be in a transaction, on a connection of its own. */
export async function administer(url: string, statement: string): Promise<void> {
  await withClient(url, (client) => client.query(statement));
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** The name of the template for the current sources. */
function templateName(): string {
  const sum = createHash('sha256');
  for (const file of SOURCES.flatMap(filesBelow).sort()) sum.update(file).update('\0').update(readFileSync(file));
  return PREFIX + sum.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() && !entry.parentPath.includes('generated') ? [`${entry.parentPath}/${entry.name}`] : [],
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the migrated database that tests clone, unless an earlier run made it from the same sources. Returns its name. */
export async function prepareTemplate(serverUrl: string): Promise<string> {
  const name = templateName();
  await withClient(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    // A complete template has a mark. One without it, whose migration was interrupted, is made again.
    const { rows } = await client.query<{ name: string; complete: boolean }>(
      'select datname as name, datistemplate as complete from pg_database where datname like $1',
      [`${PREFIX.replace('_', '\\_')}%`],
    );
    if (rows.some((row) => row.name === name && row.complete)) return;
    for (const row of rows) {
      if (row.complete) await client.query(`alter database ${row.name} is_template false`);
      await client.query(`drop database ${row.name} with (force)`);
    }
    await client.query(`create database ${name}`);
    await migrate(databaseUrl(serverUrl, name));
    await client.query(`alter database ${name} is_template true`);
  });
  return name;
}
