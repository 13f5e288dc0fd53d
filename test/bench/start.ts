import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../apps/local/src/ports.ts';
import { isRunning, launch, stopProcess } from '../../apps/local/src/processes.ts';
import type { BenchOptions, BenchResult } from './main.ts';
import { machine, median, round } from './measure.ts';

/** The longest time of a start that finds its data, in seconds. */
const SECOND_START_AT_MOST_S = 10;
const STOP_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** `npm run bench -- start`: how long `npm start` takes to its first page, without data and with the data of an earlier start. */
export async function benchStart({ quick, say }: BenchOptions): Promise<BenchResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-bench-start-'));
  try {
    const names = ['PORT', 'GATEWAY_PORT', 'WORKER_PORT', 'MAILBOX_PORT', 'SMTP_PORT'];
    const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
    const environment = { ...ports, DATA_DIR: folder, NODE_COMPILE_CACHE: path.join(folder, 'compiled') };
    const firstS = await startOnce(environment);
    say(`from nothing: ${round(firstS)} s`);
    const laterStarts: number[] = [];
    for (let time = 0; time < (quick ? 2 : 5); time++) laterStarts.push(await startOnce(environment));
    const secondS = median(laterStarts);
    return {
      bench: 'start',
      machine: machine(),
      ratios: { second_over_first: round(secondS / firstS) },
      figures: { firstS: round(firstS), secondS: round(secondS), secondEachS: laterStarts.map(round) },
      text: [
        `from nothing to the first page         ${round(firstS)} s`,
        `with the data of an earlier start      ${round(secondS)} s   <= ${SECOND_START_AT_MOST_S}`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts everything, opens the first page, and stops. Returns the seconds until the page was open. */
async function startOnce(environment: Record<string, string>): Promise<number> {
  const started = performance.now();
  const child = launch(process.execPath, ['apps/local/bootstrap.mjs', 'start'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const page = `http://localhost:${environment.PORT}/`;
  try {
    while (!(await isThere(page))) {
      if (!isRunning(child)) throw new Error('It did not start.');
      await sleep(LOOK_EVERY_MS);
    }
    return (performance.now() - started) / 1_000;
  } finally {
    await stopProcess(child, 'SIGTERM', STOP_MS);
  }
}

async function isThere(page: string): Promise<boolean> {
  return fetch(page).then(
    ({ ok }) => ok,
    () => false,
  );
}
