import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '#platform';
import type { AppName } from './apps.ts';
import { launch, stopProcess } from './processes.ts';

/**
 * `npm run dev`: the servers and apps of `npm start`, with the pages from Vite's development server. A change below `apps/web` appears in
 * the open page; a change of an app's sources restarts that app; a change of a lib's sources restarts all apps.
 */
const APPS: AppName[] = ['api', 'gateway', 'worker'];
const STOP_MS = 20_000;
const pagesPort = process.env.DEV_PORT || '5173';
const pagesUrl = `http://localhost:${pagesPort}`;
const apiUrl = `http://localhost:${process.env.PORT || 3000}`;
const say = (line: string) => console.log(line);

/** Runs a tool of the project, and passes its output to `onLine`. */
function runTool(args: string[], environment: Record<string, string>, onLine: (line: string) => void): ChildProcess {
  const child = launch(process.execPath, args, {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', onLine);
  return child;
}

/** Returns the apps whose compiled files changed since the last call. */
function watchBuild(): () => AppName[] {
  const changed = new Set<AppName>();
  watch('dist/libs', { recursive: true }, () => {
    for (const name of APPS) changed.add(name);
  });
  for (const name of APPS) watch(`dist/apps/${name}`, { recursive: true }, () => changed.add(name));
  return () => {
    const names = [...changed];
    changed.clear();
    return names;
  };
}

/** Starts the same processes as `npm start`. The links that it prints and mails lead to Vite's server. */
function startProduct(): ChildProcess {
  return spawn(process.execPath, ['dist/apps/local/src/start.js'], {
    cwd: PROJECT_ROOT,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PUBLIC_URL: pagesUrl },
  });
}

const changedApps = watchBuild();
const product = startProduct();
const compiler = runTool(
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck', '--watch', '--preserveWatchOutput'],
  {},
  (line) => {
    if (!line.includes('Watching for file changes')) {
      if (line.includes('error TS')) say(line);
      return;
    }
    const restart = changedApps();
    if (restart.length === 0) return;
    say(`Changed: restarting ${restart.join(', ')} …`);
    product.send({ restart });
  },
);
const pages = runTool(
  ['node_modules/vite/bin/vite.js', 'apps/web', '--port', pagesPort, '--strictPort', '--clearScreen', 'false'],
  { API_URL: apiUrl },
  (line) => say(`pages: ${line}`),
);

let stopping = false;
async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all([
    stopProcess(compiler, 'SIGTERM', STOP_MS),
    stopProcess(pages, 'SIGTERM', STOP_MS),
    stopProcess(product, 'SIGTERM', STOP_MS),
  ]);
  process.exit(exitCode);
}
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, () => void stop(0));
for (const child of [product, compiler, pages]) void once(child, 'exit').then(() => stop(1));
