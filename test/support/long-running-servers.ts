import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { lockFolder } from '../../apps/local/src/lock.ts';
import { freePort } from '../../apps/local/src/ports.ts';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { type PostgresServer, startPostgres } from '../../apps/local/src/servers/postgres.ts';
import { SERVERS_FILE, SERVERS_FOLDER } from './servers.ts';

/**
 * The Postgres that stays up between runs of `npm test -- PATH`. It ends when no client was connected for `IDLE_END_MS`. A second process
 * of this kind finds the folder locked and exits.
 */
const IDLE_END_MS = 30 * 60_000;
const LOOK_EVERY_MS = 15_000;

/** The number of connections of runs and tests, without its own. */
const CONNECTED = `select count(*)::integer as count from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;

async function start(): Promise<PostgresServer> {
  const folder = path.join(SERVERS_FOLDER, 'postgres');
  const open = async () => startPostgres({ folder, port: await freePort(), durable: false });
  // Without `fsync`, a crash of the machine may damage the files, and their data is not needed.
  return open().catch(async () => {
    await rm(folder, { recursive: true, force: true });
    return open();
  });
}

/** Drops the databases of killed runs. */
async function dropLeftOver(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname like 'test\\_%'`,
  );
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
}

async function untilIdle(client: pg.Client): Promise<void> {
  for (let idleSince = Date.now(); Date.now() - idleSince < IDLE_END_MS; ) {
    await sleep(LOOK_EVERY_MS);
    const { rows } = await client.query<{ count: number }>(CONNECTED);
    if (rows[0]?.count) idleSince = Date.now();
    else await dropLeftOver(client);
  }
}

exitOnSignals();
await lockFolder(SERVERS_FOLDER);
await rm(SERVERS_FILE, { force: true });
const server = await start();
const postgresUrl = server.url('postgres');
const client = new pg.Client({ connectionString: postgresUrl });
await client.connect();
await dropLeftOver(client);
await writeFile(SERVERS_FILE, JSON.stringify({ postgresUrl }), { mode: 0o600 });
try {
  await untilIdle(client);
} finally {
  await rm(SERVERS_FILE, { force: true });
  await client.end();
  await server.stop();
}
