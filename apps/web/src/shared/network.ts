import { useSyncExternalStore } from 'react';

/** What the page knows about the network. */
interface Network {
  /** Whether the server itself answered the last call, or has opened the live connection since. */
  reachable: boolean;
  /** When the last counts arrived or, for a kept answer, when it was stored; in milliseconds since 1970. */
  countsAt: number | undefined;
}

/** Smaller differences between the two clocks are ignored, because the `Date` header has whole seconds and answers take time. In milliseconds. */
const CLOCK_GRAIN_MS = 2_000;

let lastWorkerAnswer = 0;
/** The server's clock minus the device's clock, in milliseconds. */
let serverAhead = 0;
let network: Network = { reachable: true, countsAt: undefined };
const listeners = new Set<() => void>();

function setNetwork(next: Network): void {
  const isChanged = next.reachable !== network.reachable;
  network = next;
  // A change of `countsAt` alone calls no listener, because components that show an age read it every second.
  if (isChanged) for (const listener of listeners) listener();
}

/**
 * Records that the server answered or opened the live connection; with `keptAt`, that the service worker answered with a kept answer.
 * @param keptAt when the kept answer was stored, in milliseconds since 1970
 * @param counts whether the answer contains seat counts
 */
export function recordAnswer({ keptAt, counts }: { keptAt?: number; counts: boolean }): void {
  const countsAt = counts ? Math.max(network.countsAt ?? 0, keptAt ?? Date.now()) : network.countsAt;
  if (keptAt !== undefined) lastWorkerAnswer = Date.now();
  setNetwork({ reachable: keptAt === undefined, countsAt });
}

/** Returns when the service worker last answered with a kept answer, in milliseconds since 1970; 0 for never. */
export function workerAnswerAt(): number {
  return lastWorkerAnswer;
}

/** Sets the server's clock. @param date the `Date` header of an answer that has just arrived */
export function setServerClock(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now();
  if (Math.abs(ahead - serverAhead) >= CLOCK_GRAIN_MS) serverAhead = Math.abs(ahead) < CLOCK_GRAIN_MS ? 0 : ahead;
}

/** Returns the time of the server's clock, in milliseconds since 1970. The device's clock may be wrong by days. */
export function serverNow(): number {
  return Date.now() + serverAhead;
}

/** Records that the server did not answer. */
export function recordNoAnswer(): void {
  setNetwork({ ...network, reachable: false });
}

export function countsAt(): number | undefined {
  return network.countsAt;
}

window.addEventListener('offline', recordNoAnswer);

/** Whether the server answers. */
export function useReachable(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => network.reachable,
  );
}
