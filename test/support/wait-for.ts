import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Much longer than anything takes on a slow and busy machine: how fast the product is is no matter of these tests. */
const PATIENCE_MS = 45_000;

/**
 * Wait until `fact` gives something true, and return it. A fault of `fact` counts as not yet.
 * @throws Error naming `what` and the last fault when the time is over.
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
