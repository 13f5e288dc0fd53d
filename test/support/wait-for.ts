import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Much longer than any step takes on a slow and busy machine, in milliseconds. Tests of speed do not use it. */
const PATIENCE_MS = 45_000;

/**
 * Waits until `fact` returns a truthy value, and returns it. When `fact` throws, the wait continues.
 * @throws Error that names `what` and the last error, when the time is over
 */
export async function waitFor<T>(
  fact: () => T | Promise<T>,
  { what, withinMs = PATIENCE_MS }: { what: string; withinMs?: number },
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown;
  for (;;) {
    try {
      const found = await fact();
      if (found) return found as NonNullable<Exclude<T, false>>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      const because = lastError ? `: ${lastError instanceof Error ? lastError.message : String(lastError)}` : '';
      throw new Error(`Waited ${withinMs} ms in vain for ${what}${because}`, { cause: lastError });
    }
    await sleep(POLL_MS);
  }
}
