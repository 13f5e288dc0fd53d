import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { privateFiles, storedPassword } from '../files.ts';
import { StartError } from '../ports.ts';
import { endLeftOver, isRunning, launch, stopProcess } from '../processes.ts';
import { commandOnPath, installWithApt } from '../system.ts';

const START_MS = 30_000;
const STOP_MS = 5_000;
/** The pause before a server that ended is started again, in milliseconds. */
const RESTART_AFTER_MS = 500;

/** A local Redis server of this installation, on 127.0.0.1. */
export interface RedisServer {
  /** The address, with the password. */
  url: string;
  child: ChildProcess;
  stop(): Promise<void>;
}

/**
 * Returns the path of the Redis or Valkey server. Installs the system's package if it is missing and may be installed.
 * @throws StartError with the names of the packages to install
 */
export function requireRedis(say: (line: string) => void = () => {}): string {
  const find = () => commandOnPath('redis-server') ?? commandOnPath('valkey-server');
  const found = find() ?? (installWithApt('redis-server', say) ? find() : undefined);
  if (!found) throw new StartError('Redis is missing: install redis-server or valkey-server, or set REDIS_URL.');
  return found;
}

function answers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
      // While Redis still reads its append-only file, it answers -LOADING.
      if (answer.split('\r\n').length > 2) end(answer.includes('+PONG'));
    });
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('close', () => end(false));
  });
}

/**
 * Starts Redis on its own files. Stops a server of a crashed run on these files. Jobs must survive a restart (append-only file) and must
 * not be evicted. The password is stored in `<folder>.password`, outside the folder, because Redis may lose all its files at any time, and
 * connected apps keep the password with which they started.
 */
export async function startRedis(options: {
  folder: string;
  port: number;
  say?: (line: string) => void;
  /** Settings of redis.conf that are added, or that replace the default settings. */
  settings?: Record<string, string>;
}): Promise<RedisServer> {
  const program = requireRedis(options.say);
  const folder = path.resolve(options.folder);
  await privateFiles(folder);
  const password = await storedPassword(`${folder}.password`);
  const pidFile = path.join(folder, 'redis.pid');
  await endLeftOver(pidFile, path.basename(program), 'SIGTERM');

  const settings: Record<string, string> = {
    port: String(options.port),
    bind: '127.0.0.1',
    dir: `"${folder}"`,
    pidfile: `"${pidFile}"`,
    requirepass: password,
    daemonize: 'no',
    appendonly: 'yes',
    save: '""',
    'maxmemory-policy': 'noeviction',
    ...options.settings,
  };
  const logFile = path.join(folder, 'log');
  const log = openSync(logFile, 'w', 0o600);
  // The settings are in a file, because all users of the machine can read the command line of a process.
  const settingsFile = path.join(folder, 'redis.conf');
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(settingsFile, lines.join(''), { mode: 0o600 });
  const child = launch(program, [settingsFile], { cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);

  const stop = () => stopProcess(child, 'SIGTERM', STOP_MS);
  const deadline = Date.now() + START_MS;
  while (!(await answers(options.port, password))) {
    if (!isRunning(child) || Date.now() > deadline) {
      await stop();
      const lastLine = (await readFile(logFile, 'utf8')).trim().split('\n').at(-1) || 'no log line';
      throw new StartError(`Redis did not start: ${lastLine} (${logFile})`);
    }
    await sleep(20);
  }
  return { url: `redis://:${password}@127.0.0.1:${options.port}`, child, stop };
}

/**
 * Starts Redis as `startRedis` does, and restarts it with the same port and files when it ends without a stop. The apps reconnect
 * automatically.
 * @param options.say receives a line for each restart
 */
export async function keepRedis(options: Parameters<typeof startRedis>[0]): Promise<Pick<RedisServer, 'url' | 'stop'>> {
  const { say = () => {} } = options;
  let stopping = false;
  let starting: Promise<void> = Promise.resolve();
  let server = await startRedis(options);

  function watch(): void {
    server.child.once('exit', (code, signal) => {
      if (stopping) return;
      say(`Redis ended by itself (${signal ?? `exit code ${code}`}); starting it again`);
      starting = startAgain();
    });
  }

  async function startAgain(): Promise<void> {
    while (!stopping) {
      await sleep(RESTART_AFTER_MS);
      try {
        if (!stopping) server = await startRedis(options);
        return watch();
      } catch (error) {
        say((error as Error).message);
      }
    }
  }

  watch();
  return {
    url: server.url,
    async stop() {
      stopping = true;
      await starting;
      await server.stop();
    },
  };
}
