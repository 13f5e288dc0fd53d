import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from '#contract';
import type { TokenBucket } from './token-bucket.ts';

/** What a role must cover: a whole event (organisers), or one Café (organisers, and the hosts of its room). */
export interface Scope {
  eventId: string;
  cafe?: { id: string; roomId: string };
}

/** What the gateway keeps for each live connection (`socket.data`). */
export interface ConnectionData {
  /** The session cookie, until the session ends. */
  cookie: string | undefined;
  attendeeId: string | undefined;
  /** The socket.io rooms that the connection joined by a role, each with what the role must cover. Undefined for most connections. */
  privileged: Map<string, Scope> | undefined;
  /** Since when the connection watches nothing while places are scarce, in milliseconds since 1970. */
  idleSince: number | undefined;
  messages: TokenBucket;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, ConnectionData>;
export type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, ConnectionData>;
/** The engine.io connection under a socket. */
export type Wire = LiveSocket['conn'];

/** Closes a connection at once, without the closing handshake: a client that floods or does not read would not take part in it. */
export function terminate(wire: Wire): void {
  const { socket } = wire.transport as unknown as { socket?: { terminate(): void } };
  if (socket) socket.terminate();
  else wire.close(true);
}

/** Whether the gateway pushes nothing to the connection: it is only in its own socket.io room. (A signed-in one is also in its attendee's.) */
export function watchesNothing({ rooms }: LiveSocket): boolean {
  return rooms.size <= 1;
}
