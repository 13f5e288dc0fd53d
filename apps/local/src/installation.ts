import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type Configuration, migrate, PROJECT_ROOT, readConfiguration, withSecrets } from '#platform';
import { lockFolder } from './lock.ts';
import { freePort, StartError } from './ports.ts';
import { startPostgres } from './servers/postgres.ts';

/** Files in the data folder: the secret of the installation, and the address of its pages. */
export const SECRET_FILE = 'secret';
export const ADDRESS_FILE = 'address';

/** The data folder of `DATA_DIR`. A relative path starts at the project, not at the working directory. */
export function dataFolderOf(environment: NodeJS.ProcessEnv): string {
  return path.resolve(PROJECT_ROOT, environment.DATA_DIR || '.local');
}

/** Returns the secret that `npm start` created in a data folder; undefined if there is none. */
export async function storedSecret(dataFolder: string): Promise<string | undefined> {
  const stored = (await readFile(path.join(dataFolder, SECRET_FILE), 'utf8').catch(() => '')).trim();
  return stored.length >= 32 ? stored : undefined;
}

/**
 * Checks the configuration of the apps before `npm start` has created all of it, or for a command that needs only a part. Example values
 * replace unset variables.
 * @throws ConfigurationError
 */
export function checkedConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  return readConfiguration({
    ...environment,
    DATABASE_URL: environment.DATABASE_URL || 'postgres://made.here',
    REDIS_URL: environment.REDIS_URL || 'redis://made.here',
    SMTP_URL: environment.SMTP_URL || 'smtp://made.here',
    APP_SECRET: environment.APP_SECRET || 'a secret that is made in the data folder',
  });
}

/** The name of the embedded installation of a data folder. A copy of the folder has another name, at any path. */
export function nameOf(dataFolder: string): string {
  const { dev, ino } = statSync(dataFolder);
  return `${hostname()} ${dev} ${ino}`;
}

/** The parts of an installation that an operator's command uses. */
export interface Installation {
  databaseUrl: string;
  /** Undefined if neither `APP_SECRET` nor the data folder contains a secret. */
  secret: string | undefined;
  /** Without a slash at the end. */
  publicUrl: string;
  /** The place of the installation, the same as for its worker. */
  place: Pick<Configuration, 'PUBLIC_URL' | 'INSTALLATION' | 'MAIL_OFF'>;
  /** Stops the servers that were started for the command. */
  close(): Promise<void>;
}

/**
 * Opens the installation of `DATABASE_URL`, or the embedded one of the data folder. Starts Postgres for the command if `npm start` does not
 * run.
 * @throws StartError if there is no installation, or if it is in use and cannot be reached
 * @throws ConfigurationError
 */
export async function openInstallation(given: NodeJS.ProcessEnv): Promise<Installation> {
  const environment = withSecrets(given);
  const folder = dataFolderOf(environment);
  const { databaseUrl, close } = environment.DATABASE_URL
    ? { databaseUrl: environment.DATABASE_URL, close: async () => {} }
    : ((await runningPostgres(folder)) ?? (await ownPostgres(folder)));
  const address = (await readFile(path.join(folder, ADDRESS_FILE), 'utf8').catch(() => '')).trim();
  const place = checkedConfiguration({
    ...environment,
    PUBLIC_URL: environment.PUBLIC_URL || address,
    INSTALLATION: environment.INSTALLATION || (environment.DATABASE_URL ? '' : nameOf(folder)),
  });
  return {
    databaseUrl,
    secret: environment.APP_SECRET || (await storedSecret(folder)),
    publicUrl: place.PUBLIC_URL,
    place,
    close,
  };
}

type Reached = Pick<Installation, 'databaseUrl' | 'close'>;

/** The Postgres that `npm start` currently runs on a data folder. The fourth line of its pid file is its port. */
async function runningPostgres(folder: string): Promise<Reached | undefined> {
  const read = (file: string) => readFile(path.join(folder, 'postgres', file), 'utf8').catch(() => '');
  const port = Number((await read('files/postmaster.pid')).split('\n')[3]);
  const password = (await read('password')).trim();
  if (!port || !password) return undefined;
  const databaseUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return { databaseUrl, close: async () => {} };
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

async function ownPostgres(folder: string): Promise<Reached> {
  if (!existsSync(path.join(folder, 'postgres/files/PG_VERSION'))) {
    throw new StartError(`There is no installation in ${folder}: run npm start once, or set DATA_DIR or DATABASE_URL.`);
  }
  const lock = await lockFolder(folder);
  const server = await startPostgres({ folder: path.join(folder, 'postgres'), port: await freePort() });
  const close = async () => {
    await server.stop();
    // The next start stops the remaining processes of a killed start.
    if (!lock.wasCutOff) lock.release();
  };
  try {
    await migrate(server.url('postgres'));
  } catch (error) {
    await close();
    throw error;
  }
  return { databaseUrl: server.url('postgres'), close };
}
