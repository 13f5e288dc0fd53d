import { useSyncExternalStore } from 'react';

/** What the pages know of the network. */
interface Network {
  /** Whether the server itself answered the last call, or opened the live connection since. */
  reachable: boolean;
  /** When counts were last heard, or the kept ones that stand for them were made; in milliseconds since 1970. */
  countsAt: number | undefined;
}

/** Smaller differences between two clocks are those of the way, and of a header in whole seconds; in milliseconds. */
const CLOCK_GRAIN_MS = 2_000;

let standIn = 0;
/** By how much the server's clock is ahead of the device's, in milliseconds. */
let serverAhead = 0;
let network: Network = { reachable: true, countsAt: undefined };
const listeners = new Set<() => void>();

function become(next: Network): void {
  const told = next.reachable !== network.reachable;
  network = next;
  // Every poll moves `countsAt`; those who show an age look at it by themselves.
  if (told) for (const listener of listeners) listener();
}

/**
 * The server answered, or opened the live connection; or, with `keptAt`, the service worker did in its place. `counts`: with seat
 * counts.
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

/** Learn the server's clock. @param date the header of an answer that it gave just now */
export function clockSaid(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now();
  if (Math.abs(ahead - serverAhead) >= CLOCK_GRAIN_MS) serverAhead = Math.abs(ahead) < CLOCK_GRAIN_MS ? 0 : ahead;
}

/** The time now by the server's clock, in milliseconds since 1970: a device's may be a day off, and every Café over for it. */
export function serverNow(): number {
  return Date.now() + serverAhead;
}

/** Nobody answered. */
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
