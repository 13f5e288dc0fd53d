import { useEffect, useState, useSyncExternalStore } from 'react';
import { io } from 'socket.io-client';
import type { Cafe, CafeSeats, ClientConfig } from '#contract';
import { LIVE_SOCKET_OPTIONS, LiveClient } from '../../../../libs/contract/src/live-client.ts';
import { call } from './api.ts';

const NAMESPACE = '/live';
/** How often counts are asked for while the live connection is away, in milliseconds. */
export const POLL_MS = 4_000;

/** A socket that is told its address later: pages do not wait for it. */
const opening: Promise<LiveClient> = call<ClientConfig>('GET', '/client-config')
  .catch(() => ({ gatewayUrl: window.location.origin }))
  .then(({ gatewayUrl }) => new LiveClient(io(`${gatewayUrl}${NAMESPACE}`, LIVE_SOCKET_OPTIONS)));

/** The one live connection of this page; undefined until its address is known. */
export function useLive(): LiveClient | undefined {
  const [live, setLive] = useState<LiveClient>();
  useEffect(() => {
    let here = true;
    void opening.then((opened) => here && setLive(opened));
    return () => {
      here = false;
    };
  }, []);
  return live;
}

/** Connect anew, as whoever is signed in now. */
export function reconnectLive(): void {
  void opening.then((live) => live.reconnect());
}

/** Whether numbers are live. */
export function useConnected(): boolean {
  const live = useLive();
  return useSyncExternalStore(
    (listener) => live?.onConnection(listener) ?? (() => {}),
    () => live?.connected ?? false,
  );
}

/** Watch an event for as long as a page shows it; what a poll brought goes in as well. */
export function useWatchedEvent(eventId: string | undefined, cafes: Cafe[] | undefined): void {
  const live = useLive();
  useEffect(() => (live && eventId ? live.watchEvent(eventId) : undefined), [live, eventId]);
  useEffect(() => {
    if (live && cafes) live.take(cafes.map(({ seats }) => seats));
  }, [live, cafes]);
}

/** The newest counts of a Café. */
export function useCounts(cafe: Cafe): CafeSeats {
  const live = useLive();
  const known = useSyncExternalStore(
    (listener) => live?.onCounts(listener) ?? (() => {}),
    () => live?.counts(cafe.id),
  );
  return known && known.version > cafe.seats.version ? known : cafe.seats;
}
