import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '#platform';
import { isRunning, launch, stopProcess } from './processes.ts';

/** The apps of the product that run as separate processes. */
export type AppName = 'api' | 'gateway' | 'worker';

/**
 * V8's options for the heap of an app; sizes are in MB. Without a limit, V8 uses twice as much memory under load before it collects
 * garbage. The API has a large young generation, because the objects of a claim are garbage after its answer (docs/benchmarks.md). The
 * worker has a small one, because it processes few messages simultaneously. Pretenuring is off: in about half of the starts, V8 put
 * short-lived objects into the old generation, where each kept a whole request or message alive until a full collection. Garbage collection
 * then took 15 % of the processor time of the API instead of 4 %, and 20 % of the worker's (docs/benchmarks.md). The Compose files have
 * the same options.
 */
const heapFlags: Partial<Record<AppName, string[]>> = {
  api: ['--no-allocation-site-pretenuring', '--max-semi-space-size=32', '--max-old-space-size=160'],
  worker: ['--no-allocation-site-pretenuring', '--max-semi-space-size=4', '--max-old-space-size=128'],
};

/** The arguments with which Node runs an app of the build. */
export function appCommand(name: AppName): string[] {
  return [...(heapFlags[name] ?? []), `dist/apps/${name}/src/main.js`];
}

/** How long an app may take to stop, in milliseconds: slightly longer than the app's own limit. */
export const APP_STOP_MS = 12_000;
const LIVE_WITHIN_MS = 30_000;
const RESTART_AFTER_MS = 1_000;

/** A running app. It is restarted until it is stopped. */
export interface RunningApp {
  name: AppName;
  url: string;
  /** The current process. After a crash or a restart it is a new one. */
  readonly child: ChildProcess;
  /**
   * Waits until the app is ready. Returns the parts that are unavailable after `awayAfterMs`, or an empty list when the app is ready.
   * @param awayAfterMs milliseconds, from the first answer of the app
   * @throws Error if the app does not answer
   */
  ready(awayAfterMs?: number): Promise<string[]>;
  /** Stops the process and starts a new one from the current build. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts an app from the build. When its process ends without a stop, a new one is started.
 * @param options.say is called with each line of the app's log, and with a line for each restart
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
      // Metrics use any free port, unless the given environment sets one.
      env: { ...process.env, METRICS_PORT: '0', ...environment },
      // The IPC channel shows that the parent process is running. An app stops when the channel closes.
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

/** Returns the message of a JSON log line; any other line unchanged. */
function plain(line: string): string {
  try {
    const { msg, error } = JSON.parse(line) as { msg: string; error?: string };
    return error ? `${msg} (${error})` : msg;
  } catch {
    return line;
  }
}
