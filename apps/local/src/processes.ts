import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server left over from a crashed run may take to stop, in milliseconds. */
const LEFT_OVER_STOP_MS = 10_000;

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

/** Start a process in a session of its own: Ctrl-C in the terminal reaches us alone, and we stop it in our order. */
export function launch(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { detached: true, stdio: 'ignore', ...options });
  child.on('error', () => {});
  return endWithUs(child);
}

/** However we end, but for a SIGKILL, this process does not stay behind. */
export function endWithUs<Child extends ChildProcess>(child: Child): Child {
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** Let a signal end this program as it ends by itself, so that what it started ends too. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

/** Ask a process to stop; end it when it has not within `withinMs`. */
export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await ended;
  clearTimeout(timer);
}

/** The command line of a process, or nothing when there is no such process. */
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

/**
 * Stop the server that a crashed run left behind, and forget its pid file. A pid that another program has by now is
 * left alone.
 */
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
