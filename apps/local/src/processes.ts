import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the server of a crashed run may take to stop, in milliseconds. */
const LEFT_OVER_STOP_MS = 10_000;

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

/**
 * Starts a process in a separate session. Ctrl-C in the terminal then reaches only this program, which stops its processes in order.
 */
export function launch(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { detached: true, stdio: 'ignore', ...options });
  child.on('error', () => {});
  return endWithUs(child);
}

/** Stops the process when this program ends in any way except SIGKILL. */
export function endWithUs<Child extends ChildProcess>(child: Child): Child {
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** Ends this program with `process.exit` on a signal, so that its processes stop too (`endWithUs`). */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

/** Sends a process the signal to stop, and SIGKILL if it still runs after `withinMs` milliseconds. */
export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await ended;
  clearTimeout(timer);
}

/** Returns the command line of a process; undefined if the process does not exist. */
function commandOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    try {
      return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    } catch {
      return undefined;
    }
  }
}

/** Stops the server of a crashed run, and deletes its pid file. A process of another program with the same pid is not stopped. */
export async function endLeftOver(pidFile: string, program: string, signal: NodeJS.Signals): Promise<void> {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return;
  }
  const isOurs = () => Number.isInteger(pid) && pid > 0 && (commandOf(pid)?.includes(program) ?? false);
  if (isOurs()) {
    process.kill(pid, signal);
    const deadline = Date.now() + LEFT_OVER_STOP_MS;
    while (isOurs() && Date.now() < deadline) await sleep(50);
    if (isOurs()) process.kill(pid, 'SIGKILL');
  }
  rmSync(pidFile, { force: true });
}
