import { useEffect, useState, useSyncExternalStore } from 'react';
import { io } from 'socket.io-client';
import type { Cafe, CafeSeats, ClientConfig } from '#contract';
import { LIVE_SOCKET_OPTIONS, LiveClient } from '../../../../libs/client/src/index.ts';
import { call, isTransient } from './api.ts';
import { countsAt, recordAnswer, useReachable } from './network.ts';
import { leftInRoom } from './room.ts';

const NAMESPACE = '/live';
/**
 * How often counts are read while the live connection is closed, in milliseconds. Each page has a random interval of three to five seconds, because
 * all pages lose a gateway at the same moment and must not poll at the same moments.
 */
export const POLL_MS = Math.round(4_000 * (0.75 + Math.random() / 2));
/** How long a page waits for its first live connection before it shows that there is none, in milliseconds. */
const OPENING_MS = 5_000;

/** The live client of this page. Resolves when the address of the gateway is known. Pages do not wait for it. */
export const liveClient: Promise<LiveClient> = open();

async function open(): Promise<LiveClient> {
  let config: Partial<ClientConfig> | undefined;
  while (!config?.gatewayUrl) {
    if (config) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    config = await call('GET /client-config').catch(() => ({}));
  }
  const socket = io(`${config.gatewayUrl}${NAMESPACE}`, LIVE_SOCKET_OPTIONS);
  const live = new LiveClient(socket, {
    mayBeHalfOpen(run) {
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && run());
      addEventListener('online', run);
    },
  });
  // A connected page does not poll, so the connection shows that the network is back. The first messages on it are counts.
  live.onConnection(() => {
    if (live.connected) recordAnswer({ counts: true });
  });
  return live;
}

/** The live client; undefined until the address of the gateway is known. */
export function useLive(): LiveClient | undefined {
  const [live, setLive] = useState<LiveClient>();
  useEffect(() => {
    let isMounted = true;
    void liveClient.then((opened) => isMounted && setLive(opened));
    return () => {
      isMounted = false;
    };
  }, []);
  return live;
}

/** Opens a new live connection with the current session. */
export function reconnectLive(): void {
  void liveClient.then((live) => live.reconnect());
}

/** Whether the live connection is open. */
export function useConnected(): boolean {
  const live = useLive();
  return useSyncExternalStore(
    (listener) => live?.onConnection(listener) ?? (() => {}),
    () => live?.connected ?? false,
  );
}

/**
 * Returns the refetch interval of a query: none while the live connection is open; `POLL_MS` while it is closed, the server does not answer, or the
 * last error is transient.
 */
export function usePolling(): (query: { state: { error: unknown } }) => number | false {
  const connected = useConnected();
  const reachable = useReachable();
  return ({ state }) => (connected && reachable && !isTransient(state.error) ? false : POLL_MS);
}

/** Watches an event while a page shows it, and adds the counts of polled answers to the live client. */
export function useWatchedEvent(eventId: string | undefined, cafes: Cafe[] | undefined): void {
  const live = useLive();
  useEffect(() => (live && eventId ? live.watchEvent(eventId) : undefined), [live, eventId]);
  useEffect(() => {
    if (live && cafes) live.mergeCounts(cafes.map(({ seats }) => seats));
  }, [live, cafes]);
}

/** The newest counts of a Café. In a room slot, `free` is at most the number of seats that the room has left. */
export function useCounts(cafe: Cafe): CafeSeats {
  const live = useLive();
  const listen = (listener: () => void) => live?.onCounts(listener) ?? (() => {});
  const known = useSyncExternalStore(listen, () => live?.counts(cafe.id));
  const left = useSyncExternalStore(listen, () => leftFor(cafe, live));
  return within(left, newer(cafe.seats, known));
}

/**
 * Returns a function that looks up the newest counts of any Café, as `useCounts` does.
 * @param follow whether to render again when any counts change
 * @param givenBack the Café whose seat the person would give back for another one
 */
export function useAllCounts(follow: boolean, givenBack?: string): (cafe: Cafe) => CafeSeats {
  const live = useLive();
  const [, changed] = useState(0);
  useEffect(() => (follow ? live?.onCounts(() => changed((times) => times + 1)) : undefined), [live, follow]);
  return (cafe) => within(leftFor(cafe, live, givenBack), newer(cafe.seats, live?.counts(cafe.id)));
}

function newer(read: CafeSeats, known: CafeSeats | undefined): CafeSeats {
  return known && known.version > read.version ? known : read;
}

function leftFor(cafe: Cafe, live: LiveClient | undefined, givenBack?: string): number {
  return leftInRoom(cafe, (id) => live?.counts(id), givenBack);
}

function within(left: number, seats: CafeSeats): CafeSeats {
  return left < seats.free ? { ...seats, free: left } : seats;
}

/** How fresh the numbers are: `live` (pushed), `polled`, or `kept` from an earlier visit. */
export type Freshness = 'live' | 'polled' | 'kept';

/** The freshness of the numbers. In the first seconds of a page it is `live`, because the connection is not open yet. */
export function useFreshness(): Freshness {
  const connected = useConnected();
  const reachable = useReachable();
  const [opened, setOpened] = useState(performance.now() > OPENING_MS);
  useEffect(() => {
    if (connected) setOpened(true);
    const timer = setTimeout(() => setOpened(true), Math.max(0, OPENING_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [connected]);
  if (!reachable) return 'kept';
  return connected || !opened ? 'live' : 'polled';
}

/** The age of the numbers on a page in milliseconds, updated every second; undefined while they are live. */
export function useAge(): number | undefined {
  const live = useLive();
  const freshness = useFreshness();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (freshness === 'live') return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [freshness]);
  if (freshness === 'live') return undefined;
  const since = Math.max(live?.staleSince ?? 0, countsAt() ?? 0);
  return since === 0 ? undefined : Math.max(0, now - since);
}
