import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { freePort } from '../../../apps/local/src/ports.ts';
import { endWithUs } from '../../../apps/local/src/processes.ts';
import type { WatchersOrder, WatchersReport } from './watchers.ts';

/** A measured server. */
export interface Measured {
  port: number;
  child: ChildProcess;
  stop(): Promise<void>;
}

/** The screens, in a separate process. */
export interface Watchers {
  open(order: { port: number; sockets: number; roomId?: string }): Promise<void>;
  record(): Promise<void>;
  report(commits: [number, number][]): Promise<WatchersReport>;
  close(): Promise<void>;
  stop(): Promise<void>;
}

/** @param environment the environment of the process; without `GATEWAY_PORT` it gets a free port */
export async function startGateway(environment: Record<string, string>): Promise<Measured> {
  const port = Number(environment.GATEWAY_PORT ?? (await freePort()));
  const child = endWithUs(
    spawn(process.execPath, ['dist/apps/gateway/src/main.js'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        GATEWAY_PORT: String(port),
        METRICS_PORT: '0',
        ...environment,
      },
    }),
  );
  const deadline = Date.now() + 30_000;
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('The gateway did not start.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, child, stop: () => ended(child) };
}

export async function startBareServer(args: string[]): Promise<Measured> {
  const child = endWithUs(
    spawn(process.execPath, ['test/bench/live/bare-ws-server.ts', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const [line] = await once(child.stdout, 'data');
  return { port: Number(line), child, stop: () => ended(child) };
}

export function startWatchers(): Watchers {
  const child = endWithUs(
    spawn(process.execPath, ['test/bench/live/watchers.ts'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );
  const order = async (message: WatchersOrder): Promise<unknown> => {
    child.send(message);
    const [{ result, error }] = (await once(child, 'message')) as [{ result?: unknown; error?: string }];
    if (error) throw new Error(`The screens: ${error}`);
    return result;
  };
  return {
    open: async (options) => void (await order({ do: 'open', ...options })),
    record: async () => void (await order({ do: 'record' })),
    report: async (commits) => (await order({ do: 'report', commits })) as WatchersReport,
    close: async () => void (await order({ do: 'close' })),
    stop: () => ended(child),
  };
}

/** The memory of a process now, in KB. */
export function memoryKb({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** The processor time that a process used, in user and system mode, in milliseconds. Linux counts in hundredths of a second. */
export function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
