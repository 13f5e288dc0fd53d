import { useSyncExternalStore } from 'react';

/** The state of the network, as the pages know it. */
interface Network {
  /** Whether the server itself answered the last call, or opened the live connection since. */
  reachable: boolean;
  /** When counts last arrived, or the kept counts were made, in milliseconds since 1970. */
  countsAt: number | undefined;
}

/** Smaller differences between the two clocks are ignored: the `Date` header has whole seconds, and answers take time. In milliseconds. */
const CLOCK_GRAIN_MS = 2_000;

let standIn = 0;
/** By how much the server's clock is ahead of the device's, in milliseconds. */
let serverAhead = 0;
let network: Network = { reachable: true, countsAt: undefined };
const listeners = new Set<() => void>();

function become(next: Network): void {
  const told = next.reachable !== network.reachable;
  network = next;
  // `countsAt` changes with every poll and notifies nobody: what shows an age reads it every second.
  if (told) for (const listener of listeners) listener();
}

/**
 * Records that the server answered or opened the live connection; or, with `keptAt`, that the service worker answered instead.
 * @param counts the answer held seat counts
 */
export function heard({ keptAt, counts }: { keptAt?: number; counts: boolean }): void {
  const countsAt = counts ? Math.max(network.countsAt ?? 0, keptAt ?? Date.now()) : network.countsAt;
  if (keptAt !== undefined) standIn = Date.now();
  become({ reachable: keptAt === undefined, countsAt });
}

/** When the service worker last answered in the server's place, in milliseconds since 1970; 0 for never. */
export function standInAt(): number {
  return standIn;
}

/** Sets the server's clock. @param date the `Date` header of an answer that arrived now */
export function clockSaid(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now();
  if (Math.abs(ahead - serverAhead) >= CLOCK_GRAIN_MS) serverAhead = Math.abs(ahead) < CLOCK_GRAIN_MS ? 0 : ahead;
}

/** The time now by the server's clock, in milliseconds since 1970. A device's clock may be a day off. */
export function serverNow(): number {
  return Date.now() + serverAhead;
}

/** Records that the server did not answer. */
export function unheard(): void {
  become({ ...network, reachable: false });
}

export function countsAt(): number | undefined {
  return network.countsAt;
}

window.addEventListener('offline', unheard);

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
