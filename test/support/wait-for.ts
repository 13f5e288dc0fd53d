import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Much longer than anything takes on a slow and busy machine, in milliseconds. Tests of speed do not use it. */
const PATIENCE_MS = 45_000;

/**
 * Wait until `fact` returns a truthy value, and return it. An error of `fact` means: not yet.
 * @throws Error naming `what` and the last error when the time is over.
 */
export async function waitFor<T>(
  fact: () => T | Promise<T>,
  { what, withinMs = PATIENCE_MS }: { what: string; withinMs?: number },
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + withinMs;
  let fault: unknown;
  for (;;) {
    try {
      const found = await fact();
      if (found) return found as NonNullable<Exclude<T, false>>;
      fault = undefined;
    } catch (error) {
      fault = error;
    }
    if (performance.now() > deadline) {
      const because = fault ? `: ${fault instanceof Error ? fault.message : String(fault)}` : '';
      throw new Error(`Waited ${withinMs} ms in vain for ${what}${because}`, { cause: fault });
    }
    await sleep(POLL_MS);
  }
}
