import { useSyncExternalStore } from 'react';

/** What the pages know of the network. */
interface Network {
  /** Whether the server itself answered the last call, or opened the live connection since. */
  reachable: boolean;
  /** When counts were last heard, or the kept ones that stand for them were made; in milliseconds since 1970. */
  countsAt: number | undefined;
}

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
  become({ reachable: keptAt === undefined, countsAt });
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
