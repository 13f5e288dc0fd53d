import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '#platform';
import { isRunning, launch, stopProcess } from './processes.ts';

/** The apps of the product that run as processes of their own. */
export type AppName = 'api' | 'gateway' | 'worker';

/**
 * How much memory for objects V8 may take, in MB, where an app has a bound: left to itself it takes twice as much under load before it
 * collects. What a claim makes is gone with its answer, so the API has a large room for the young (docs/benchmarks.md); the worker
 * holds few messages at once, and a small room does. The containers name the same (docker-compose.yml).
 */
const heapFlags: Partial<Record<AppName, string[]>> = {
  api: ['--max-semi-space-size=32', '--max-old-space-size=160'],
  worker: ['--max-semi-space-size=2', '--max-old-space-size=160'],
};

/** How Node is told to run an app of the build. */
export function appCommand(name: AppName): string[] {
  return [...(heapFlags[name] ?? []), `dist/apps/${name}/src/main.js`];
}

/** How long an app that is asked to stop may take, in milliseconds: a little more than it allows itself. */
export const APP_STOP_MS = 12_000;
const LIVE_WITHIN_MS = 30_000;
const RESTART_AFTER_MS = 1_000;

/** A running app, kept running until it is stopped. */
export interface RunningApp {
  name: AppName;
  url: string;
  /** The process of now; after a crash it is another one. */
  readonly child: ChildProcess;
  /**
   * Resolves with the parts that are away; nothing is away when it is ready.
   * @param awayAfterMs how long parts may be away, once the app answers, before they are called so.
   * @throws Error when the app does not answer at all.
   */
  ready(awayAfterMs?: number): Promise<string[]>;
  /** Stop the process, and start another one from what the build is now. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Start an app from the build; one that ends by itself is started again.
 * @param options.say is given each line that the app logs, and one when it is started again.
 */
export function startApp(options: {
  name: AppName;
  port: number;
  environment: NodeJS.ProcessEnv;
  say: (line: string) => void;
}): RunningApp {
  const { name, port, environment, say } = options;
  const url = `http://localhost:${port}`;
  let stopping = false;
  let restarting = false;

  function start(): ChildProcess {
    const started = launch(process.execPath, appCommand(name), {
      cwd: PROJECT_ROOT,
      // Metrics on any free port, unless the environment that is handed in names one.
      env: { ...process.env, METRICS_PORT: '0', ...environment },
      // The channel is for nothing but its end: an app stops when whoever started it is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [started.stdout, started.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => say(`${name}: ${plain(line)}`));
    }
    started.once('exit', (code, signal) => {
      if (stopping || restarting) return;
      say(`${name}: ended by itself (${signal ?? `exit code ${code}`}); starting it again`);
      setTimeout(() => {
        if (!stopping && !isRunning(child)) child = start();
      }, RESTART_AFTER_MS);
    });
    return started;
  }
  let child = start();

  async function end(): Promise<void> {
    if (!isRunning(child)) return;
    const ended = once(child, 'exit');
    await stopProcess(child, 'SIGTERM', APP_STOP_MS);
    await ended;
  }

  return {
    name,
    url,
    get child() {
      return child;
    },
    async ready(awayAfterMs = LIVE_WITHIN_MS) {
      const started = Date.now();
      let answered = 0;
      while (!stopping) {
        const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
        const body = (await answer?.json().catch(() => undefined)) as { parts?: Record<string, string> } | undefined;
        if (answer?.ok) return [];
        if (body?.parts) {
          answered ||= Date.now();
          const away = Object.entries(body.parts).flatMap(([part, state]) => (state === 'ok' ? [] : [part]));
          if (Date.now() - answered > awayAfterMs) return away;
        } else if (Date.now() - Math.max(started, answered) > LIVE_WITHIN_MS) {
          throw new Error(`${name} did not answer within ${LIVE_WITHIN_MS / 1_000} s`);
        }
        await sleep(50);
      }
      return [];
    },
    async restart() {
      if (stopping || restarting) return;
      restarting = true;
      await end();
      restarting = false;
      if (!stopping) child = start();
    },
    async stop() {
      stopping = true;
      await end();
    },
  };
}

/** A line of JSON log as a reader wants it; any other line as it is. */
function plain(line: string): string {
  try {
    const { msg, error, fault = error } = JSON.parse(line) as { msg: string; error?: string; fault?: string };
    return fault ? `${msg} (${fault})` : msg;
  } catch {
    return line;
  }
}
