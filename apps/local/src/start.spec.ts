import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  freePort,
  startTestMailbox,
  startTestRedis,
  waitFor,
} from '../../../test/support/index.ts';

const READY_WITHIN_MS = 60_000;

const endings: (() => Promise<unknown> | unknown)[] = [];
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

/** A running `npm start`. */
interface Started {
  child: ChildProcess;
  lines: string[];
  ready(): Promise<void>;
  /** Sends SIGTERM. Returns the exit code. */
  stop(): Promise<number | null>;
}

/** @param command the whole command, or the part after the set-up */
function start(
  environment: Record<string, string>,
  [command, ...args]: [string, ...string[]] = [process.execPath, 'dist/apps/local/src/start.js'],
): Started {
  const child = spawn(command, args, {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_OPTIONS: '',
      // The mode that `npm start` gives it.
      NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/comptoir'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    }
    return child.exitCode;
  };
  endings.push(stop);
  const ready = async () => {
    await waitFor(() => lines.includes('Comptoir is ready.') || child.exitCode !== null, {
      withinMs: READY_WITHIN_MS,
      what: 'the start',
    });
    if (child.exitCode !== null) throw new Error(lines.join('\n'));
  };
  return { child, lines, ready, stop };
}

async function freePorts(...variables: string[]): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const variable of variables) ports[variable] = String(await freePort());
  return ports;
}

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'comptoir-test-start-'));
  endings.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** Lists the files of a folder that another user of this machine may enter or read, except compiled code, which is not secret. */
async function openToOthers(root: string): Promise<string[]> {
  const names = (await readdir(root, { recursive: true })).filter((name) => !name.startsWith('compiled'));
  const found = await Promise.all(
    ['', ...names].map(async (name) => {
      // Postgres creates and removes files at any time.
      const entry = await stat(path.join(root, name)).catch(() => undefined);
      return entry && entry.mode & 0o077 ? [`${name} ${(entry.mode & 0o777).toString(8)}`] : [];
    }),
  );
  return found.flat();
}

/** Checks that Redis of a data folder refuses clients without its password, and that no command line shows the password. */
async function refusesWithoutPassword(data: string): Promise<void> {
  const password = (await readFile(path.join(data, 'redis.password'), 'utf8')).trim();
  expect(password.length).toBeGreaterThanOrEqual(20);
  const port = /^port (\d+)$/m.exec(await readFile(path.join(data, 'redis/redis.conf'), 'utf8'))?.[1];
  const socket = net.connect({ host: '127.0.0.1', port: Number(port) });
  socket.write('PUBLISH comptoir:seats {}\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('NOAUTH');
  socket.destroy();
  expect(execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })).not.toContain(password);
}

/** Returns the descendant processes of `pid`: number → command line. */
function below(pid: number): Map<number, string> {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const all = rows.map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)?.slice(1) ?? []);
  const found = new Map<number, string>();
  const follow = (parent: number) => {
    for (const [child, itsParent, command = ''] of all) {
      if (Number(itsParent) !== parent || command.startsWith('ps ')) continue;
      found.set(Number(child), command);
      follow(Number(child));
    }
  };
  follow(pid);
  return found;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A proxy to another port that can be closed, so that the server behind it is unavailable. */
function door(to: { host: string; port: number }, port: number) {
  const server = net.createServer((socket) => {
    const other = net.connect(to);
    for (const [one, another] of [
      [socket, other],
      [other, socket],
    ] as const) {
      one.on('error', () => another.destroy());
      one.on('close', () => another.destroy());
      one.pipe(another);
    }
  });
  return {
    port,
    open: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      endings.push(() => server.close());
    },
  };
}

async function signIn(api: string, link: string | undefined) {
  const token = new URL(link ?? '').searchParams.get('token');
  const answer = await fetch(`${api}/sign-in/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const { attendee } = (await answer.json()) as { attendee: { roles: { role: string }[] } };
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', attendee };
}

const linkOf = (lines: string[], who: string) =>
  lines.find((line) => line.trim().startsWith(who))?.match(/http\S+/)?.[0];

describe('npm start', () => {
  /** A data folder that several tests use in turn, because making its database takes seconds. */
  let usedData: string | undefined;

  it('prints all addresses, finds its data again, and leaves no process running', async () => {
    const ports = await freePorts('PORT', 'GATEWAY_PORT', 'WORKER_PORT', 'MAILBOX_PORT', 'SMTP_PORT');
    const data = await folder();
    // The files of an earlier build: readable by all users, and Redis without a password.
    for (const name of ['redis', 'mailbox']) await mkdir(path.join(data, name), { mode: 0o755 });
    await writeFile(path.join(data, 'mailbox/old.eml'), 'Subject: old\r\n\r\nx', { mode: 0o644 });
    await chmod(data, 0o755);
    const environment = { ...ports, DATA_DIR: data, NODE_COMPILE_CACHE: path.join(data, 'compiled') };
    const api = `http://localhost:${ports.PORT}/api/v1`;

    const first = start(environment);
    await first.ready();
    await waitFor(() => first.lines.includes('Stop with Ctrl-C.'), { what: 'the last line' });
    for (const variable of Object.keys(ports)) expect(first.lines.join('\n')).toContain(ports[variable]);
    const organiser = await signIn(api, linkOf(first.lines, 'Organiser'));
    expect(organiser.attendee.roles).toContainEqual(expect.objectContaining({ role: 'organiser' }));
    const host = await signIn(api, linkOf(first.lines, 'Host'));
    expect(host.attendee.roles).toContainEqual(expect.objectContaining({ role: 'host' }));
    const events = await (await fetch(`${api}/events`)).json();
    expect(events).toHaveLength(1);
    expect(await openToOthers(data)).toEqual([]);
    expect((await stat(path.join(data, 'secret'))).mode & 0o777).toBe(0o600);
    await refusesWithoutPassword(data);

    const processes = below(first.child.pid as number);
    const api1 = [...processes].find(([, command]) => command.includes('dist/apps/api/'))?.[0] as number;
    process.kill(api1, 'SIGKILL');
    await waitFor(() => first.lines.some((line) => line.startsWith('api: ended by itself')), {
      what: 'the line about the app that died',
    });
    await waitFor(async () => (await fetch(`http://localhost:${ports.PORT}/health/ready`)).ok, {
      what: 'the app that was started again',
    });

    const all = [...new Map([...processes, ...below(first.child.pid as number)]).keys()];
    expect(all.length).toBeGreaterThanOrEqual(6);
    expect(await first.stop()).toBe(0);
    await waitFor(() => all.every((pid) => !isThere(pid)), { what: 'the end of every process' });

    const second = start(environment);
    await second.ready();
    expect(await (await fetch(`${api}/events`)).json()).toEqual(events);
    expect((await fetch(`${api}/me`, { headers: { cookie: organiser.cookie } })).status).toBe(200);
    expect(await second.stop()).toBe(0);
  });

  it('does not start on a data folder in use, and takes over the folder of a killed start', async () => {
    const names = ['PORT', 'GATEWAY_PORT', 'WORKER_PORT', 'MAILBOX_PORT', 'SMTP_PORT'];
    const [ports, otherPorts] = [await freePorts(...names), await freePorts(...names)];
    usedData ??= await folder();
    const data = usedData;
    const events = async () =>
      (await (await fetch(`http://localhost:${ports.PORT}/api/v1/events`)).json()) as unknown[];

    const first = start({ ...ports, DATA_DIR: data });
    await first.ready();
    const [event] = await events();
    // Postgres ends its child processes at any time.
    const processes = [...below(first.child.pid as number)].flatMap(([pid, command]) =>
      command.startsWith('postgres: ') ? [] : [pid],
    );
    expect(processes).toHaveLength(5);

    const second = start({ ...otherPorts, DATA_DIR: data });
    const [code] = await once(second.child, 'close');
    expect([code, second.lines]).toEqual([1, [expect.stringContaining(data)]]);
    expect(second.lines[0]).toContain('DATA_DIR');
    expect(processes.every(isThere)).toBe(true);
    expect(await events()).toEqual([event]);

    first.child.kill('SIGKILL');
    const third = start({ ...ports, DATA_DIR: data });
    await third.ready();
    // A process that released its port may still be stopping.
    await waitFor(() => !processes.some(isThere), { what: 'the end of what the first start left' });
    expect(await events()).toEqual([event]);
    expect(await third.stop()).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops all its processes when npm gets %s', async (signal) => {
    const ports = await freePorts('PORT', 'GATEWAY_PORT', 'WORKER_PORT', 'MAILBOX_PORT', 'SMTP_PORT');
    usedData ??= await folder();
    const started = start({ ...ports, DATA_DIR: usedData }, ['npm', 'start']);
    await started.ready();
    const processes = [...below(started.child.pid as number).keys()];
    expect(processes.length).toBeGreaterThanOrEqual(7);
    started.child.kill(signal);
    await waitFor(() => !processes.some(isThere), { what: 'the end of every process' });
  });

  it.each([
    ['HOLD_TTL_MINUTES', '0'],
    ['SMTP_URL', 'http://x'],
    ['LOG_LEVEL', 'foo'],
    ['DATABASE_URL', 'nonsense'],
    ['WORKER_PORT', 'no port'],
    ['APP_SECRET', 'short'],
    ['DATA_DIR', 'package.json/data'],
  ])('reports in one line that %s must not be %s, and starts nothing', async (variable, value) => {
    const data = path.join(await folder(), 'data');
    const started = start({ DATA_DIR: data, [variable]: value });
    const [code] = await once(started.child, 'close');
    expect([code, started.lines]).toEqual([1, [expect.stringContaining(variable)]]);
    await expect(stat(data)).rejects.toThrow('ENOENT');
  });

  it('reports a port in use in one line, and ends', async () => {
    const ports = await freePorts('PORT', 'GATEWAY_PORT', 'WORKER_PORT', 'MAILBOX_PORT', 'SMTP_PORT');
    const taken = net.createServer().listen(Number(ports.GATEWAY_PORT), '127.0.0.1');
    await once(taken, 'listening');
    endings.push(() => taken.close());
    const started = start({ ...ports, DATA_DIR: await folder() });
    const [code] = await once(started.child, 'close');
    expect(code).toBe(1);
    expect(started.lines).toEqual([expect.stringContaining(`Port ${ports.GATEWAY_PORT} is taken`)]);
    expect(started.lines[0]).toContain('GATEWAY_PORT');
  });

  it('reports once which part is unavailable, and serves when it is available again', async () => {
    const [database, redis, mailbox] = await Promise.all([createTestDatabase(), startTestRedis(), startTestMailbox()]);
    endings.push(database.drop, redis.stop, mailbox.stop);
    await Promise.all([redis.pause(), mailbox.pause()]);
    const ports = await freePorts('PORT', 'GATEWAY_PORT', 'WORKER_PORT');
    const databaseUrl = new URL(database.url);
    const shut = door({ host: databaseUrl.hostname, port: Number(databaseUrl.port) }, await freePort());
    databaseUrl.port = String(shut.port);

    const started = start({
      ...ports,
      DATA_DIR: await folder(),
      DATABASE_URL: databaseUrl.href,
      REDIS_URL: redis.url,
      SMTP_URL: mailbox.url,
    });
    const linesWith = (what: string) => started.lines.filter((line) => line.includes(what));
    await waitFor(() => started.lines.length > 0, { what: 'the line about the database' });
    await shut.open();
    await waitFor(() => linesWith('and waits for redis').length > 0, { what: 'the line about Redis' });
    await redis.resume();
    await started.ready();
    expect(linesWith('database of DATABASE_URL')).toHaveLength(1);
    expect(linesWith('Redis is away')).toHaveLength(1);
    expect(linesWith('mail server of SMTP_URL')).toHaveLength(1);

    const answer = await fetch(`http://localhost:${ports.PORT}/api/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'zoe@example.org', locale: 'fr' }),
    });
    expect(answer.status).toBe(202);
    await mailbox.resume();
    await mailbox.waitForMail(({ to }) => to.includes('zoe@example.org'));
    expect(await started.stop()).toBe(0);
  });
});
