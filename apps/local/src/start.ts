import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMailSwitch } from '#notifications';
import {
  ConfigurationError,
  type Database,
  isDatabaseUnavailable,
  MigrationError,
  metricsPorts,
  migrate,
  openDatabase,
  withSecrets,
} from '#platform';
import { Programme } from '#programme';
import { APP_STOP_MS, type AppName, startApp } from './apps.ts';
import { demonstrationLinks, loadDemonstration } from './demonstration.ts';
import { ADDRESS_FILE, checkedConfiguration, dataFolderOf, nameOf, SECRET_FILE, storedSecret } from './installation.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { freePort, requireFreePorts, StartError } from './ports.ts';
import { startMailbox } from './servers/mailbox.ts';
import { startPostgres } from './servers/postgres.ts';
import { keepRedis } from './servers/redis.ts';

const READY = 'Comptoir is ready.';
const TRY_AGAIN_MS = 1_000;
/** How long the start waits for an external server before it continues without it, in milliseconds. */
const AWAY_AFTER_MS = 3_000;
/** The period in which equal log lines of several apps about an outage are printed once, in milliseconds. */
const SAME_NEWS_MS = 60_000;

const say = (line: string) => console.log(line);
/** The stop functions of all started parts. They run in reverse order. */
const stops: (() => Promise<unknown>)[] = [];
let lock: FolderLock | undefined;
let portsFree = false;
let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const each of stops.reverse()) {
      await each().catch((error: Error) => console.error(`Something did not stop cleanly: ${error.message}`));
    }
    // If processes of a killed start still use the ports, the next start must wait for them too.
    if (!lock?.wasCutOff || portsFree) lock?.release();
  })().catch((error: Error) => console.error(`The data folder was not released: ${error.message}`));
  return stopping;
}

/** Prints a line of an app, unless another app or connection has just reported the same outage. */
function sayOnce(line: string): void {
  const text = line.slice(line.indexOf(': ') + 2);
  const before = reportedAt.get(text) ?? Number.NEGATIVE_INFINITY;
  if (text.includes('is away') && Date.now() - before < SAME_NEWS_MS) return;
  if (text.includes('is away')) reportedAt.set(text, Date.now());
  say(line);
}
const reportedAt = new Map<string, number>();

/** Reads a port from an environment variable. @throws StartError with the variable */
function port(variable: string, fallback: number): number {
  const text = process.env[variable] || String(fallback);
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new StartError(`${variable} is not a port: ${text}`);
  }
  return number;
}

/** Returns the three ports from `METRICS_PORT` on, with their names in messages. */
function portsFrom(first: number): Record<string, number> {
  return { METRICS_PORT: first, 'METRICS_PORT (+1)': first + 1, 'METRICS_PORT (+2)': first + 2 };
}

/**
 * The ports of `/metrics`: three from `METRICS_PORT` on. If it is unset, the defaults of the apps, or free ports if another stack uses the
 * defaults, so that two stacks run without settings.
 */
async function metricsPortsOf(first: number | undefined): Promise<Record<AppName, number>> {
  if (first) return { api: first, gateway: first + 1, worker: first + 2 };
  if (first === undefined) {
    try {
      await requireFreePorts(metricsPorts);
      return metricsPorts;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
    }
  }
  return { api: await freePort(), gateway: await freePort(), worker: await freePort() };
}

/** The secret of the installation: `APP_SECRET`, or a secret that is created once and stored in the data folder. */
async function secretOf(dataFolder: string): Promise<string> {
  if (process.env.APP_SECRET) return process.env.APP_SECRET;
  const stored = await storedSecret(dataFolder);
  if (stored) return stored;
  const made = randomBytes(32).toString('base64url');
  await writeFile(path.join(dataFolder, SECRET_FILE), `${made}\n`, { mode: 0o600 });
  return made;
}

/** Migrates and loads the demonstration. While the database is unavailable, prints that once and waits for it. */
async function prepare(database: Database, url: string): Promise<string> {
  for (let reported = false; ; reported = true) {
    try {
      await migrate(url);
      return await loadDemonstration(database);
    } catch (error) {
      if (error instanceof MigrationError) throw error;
      const code = (error as { code?: string }).code ?? '';
      if (!isDatabaseUnavailable(error) && !/^E(CONN|HOST|AI_|NOTFOUND|PIPE)/.test(code)) throw error;
      if (!reported)
        say(`The database of DATABASE_URL does not answer (${code || (error as Error).message}); waiting for it …`);
      await sleep(TRY_AGAIN_MS);
    }
  }
}

async function start(): Promise<void> {
  // The apps get the environment that this program has resolved: values instead of names of files.
  process.env = withSecrets(process.env);
  const configuration = checkedConfiguration(process.env);
  const { PORT, GATEWAY_PORT, WORKER_PORT, METRICS_PORT, PUBLIC_URL: publicUrl } = configuration;
  const ports = { PORT, GATEWAY_PORT, WORKER_PORT };
  const mailPorts = { MAILBOX_PORT: port('MAILBOX_PORT', 1080), SMTP_PORT: port('SMTP_PORT', 1025) };
  const ownMailbox = !process.env.SMTP_URL;
  const dataFolder = dataFolderOf(process.env);
  lock = await lockFolder(dataFolder);
  if (lock.wasCutOff) say('The start before this one was cut off; ending what it left …');
  await requireFreePorts(
    { ...ports, ...(ownMailbox && mailPorts), ...(METRICS_PORT && portsFrom(METRICS_PORT)) },
    lock.wasCutOff ? APP_STOP_MS : 0,
  );
  const appMetricsPorts = await metricsPortsOf(METRICS_PORT);
  portsFree = true;
  const secret = await secretOf(dataFolder);

  const [databaseUrl, redisUrl, mailbox] = await Promise.all([
    process.env.DATABASE_URL || ownPostgres(dataFolder),
    process.env.REDIS_URL || ownRedis(dataFolder),
    ownMailbox ? ownMail(dataFolder, mailPorts) : undefined,
  ]);
  // `npm run comptoir` reads it to create links.
  await writeFile(path.join(dataFolder, ADDRESS_FILE), `${publicUrl}\n`);
  const environment = {
    ...Object.fromEntries(Object.entries(ports).map(([name, number]) => [name, String(number)])),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SMTP_URL: process.env.SMTP_URL || mailbox?.smtpUrl,
    APP_SECRET: secret,
    PUBLIC_URL: publicUrl,
    INSTALLATION: process.env.INSTALLATION || (process.env.DATABASE_URL ? '' : nameOf(dataFolder)),
    LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
  };
  const database = openDatabase({ url: databaseUrl, connectionsMax: 2, applicationName: 'comptoir-start' });
  stops.push(() => database.close());
  const eventId = await prepare(database, databaseUrl);
  // Mails to the local mailbox reach no other person, so a copy of a data folder may send them.
  if (mailbox) await openMailSwitch({ database, place: { ...configuration, ...environment } }).confirm();

  const apps = (['api', 'gateway', 'worker'] as AppName[]).map((name) => {
    const appPort = { api: ports.PORT, gateway: ports.GATEWAY_PORT, worker: ports.WORKER_PORT }[name];
    const metricsPort = String(appMetricsPorts[name]);
    return startApp({ name, port: appPort, environment: { ...environment, METRICS_PORT: metricsPort }, say: sayOnce });
  });
  stops.push(() => Promise.all(apps.map((app) => app.stop())));
  // `npm run dev` lists the apps whose files it compiled.
  process.on('message', ({ restart = [] }: { restart?: AppName[] }) => {
    for (const app of apps) if (restart.includes(app.name)) void app.restart();
  });
  const away = new Set((await Promise.all(apps.map((app) => app.ready(AWAY_AFTER_MS)))).flat());
  if (process.env.SMTP_URL) await sayMailAway(process.env.SMTP_URL);
  const links = await demonstrationLinks({ database, secret, publicUrl, eventId });

  const event = await new Programme(database).event({ id: eventId });
  say('');
  say(away.size === 0 ? READY : `Comptoir runs, and waits for ${[...away].join(' and ')}.`);
  say('');
  say(`  Pages and API      ${publicUrl}`);
  say(`  API documentation  ${publicUrl}/api/v1/docs`);
  say(`  Gateway            http://localhost:${ports.GATEWAY_PORT}`);
  say(`  Worker             http://localhost:${ports.WORKER_PORT}`);
  for (const [name, port] of Object.entries(appMetricsPorts)) {
    say(`  Metrics ${`(${name})`.padEnd(10)} http://localhost:${port}/metrics`);
  }
  if (mailbox) say(`  Mailbox            ${mailbox.url}   (SMTP on port ${mailPorts.SMTP_PORT})`);
  say('');
  say(`  Organiser          ${links.organiser}`);
  say(`  Host               ${links.host}`);
  say('');
  if (event && Date.parse(event.endsAt) < Date.now()) {
    say(`The demonstration's two days are over: stop, remove ${dataFolder} and start again for new ones.`);
  }
  say('Stop with Ctrl-C.');
  if (away.size > 0) {
    // An app that ends in the meantime prints that itself.
    void Promise.all(apps.map((app) => app.ready(Number.POSITIVE_INFINITY))).then(
      () => stopping || say(READY),
      () => {},
    );
  }
}

/** Prints a line if the mail server does not answer. The start does not wait for it, because mails wait in the database. */
async function sayMailAway(smtpUrl: string): Promise<void> {
  const { hostname, port: given, protocol } = new URL(smtpUrl);
  const socket = net.connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(given) || (protocol === 'smtps:' ? 465 : 587),
    timeout: AWAY_AFTER_MS,
  });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  await once(socket, 'connect').catch((error: Error & { code?: string }) =>
    say(`The mail server of SMTP_URL does not answer (${error.code ?? error.message}); mails wait until it does.`),
  );
  socket.destroy();
}

async function ownPostgres(dataFolder: string): Promise<string> {
  const server = await startPostgres({ folder: path.join(dataFolder, 'postgres'), port: await freePort() });
  stops.unshift(() => server.stop());
  return server.url('postgres');
}

async function ownRedis(dataFolder: string): Promise<string> {
  const server = await keepRedis({ folder: path.join(dataFolder, 'redis'), port: await freePort(), say });
  stops.unshift(() => server.stop());
  return server.url;
}

async function ownMail(dataFolder: string, ports: { MAILBOX_PORT: number; SMTP_PORT: number }) {
  const mailbox = await startMailbox({
    folder: path.join(dataFolder, 'mailbox'),
    smtpPort: ports.SMTP_PORT,
    webPort: ports.MAILBOX_PORT,
  });
  stops.unshift(() => mailbox.stop());
  return mailbox;
}

// Files that this program and its processes write are readable by this user only.
process.umask(0o077);
// `disconnect`: the parent process ended.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) {
  process.on(event, () => {
    if (!stopping) say('Stopping …');
    void stop().then(() => process.exit(0));
  });
}
try {
  await start();
} catch (error) {
  // A stop makes the current steps of the start fail.
  if (!stopping) {
    const isForUser = [StartError, ConfigurationError, MigrationError].some((kind) => error instanceof kind);
    console.error(isForUser ? (error as Error).message : error);
    await stop();
    process.exit(1);
  }
}
