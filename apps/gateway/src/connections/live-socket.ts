import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from '#contract';
import type { TokenBucket } from './token-bucket.ts';

/** The scope that a role must cover: a whole event (organisers), or one Café (organisers, and the hosts of its room). */
export interface Scope {
  eventId: string;
  cafe?: { id: string; roomId: string };
}

/** The data of each live connection (`socket.data`). */
export interface ConnectionData {
  /** The session cookie, until the session ends. */
  cookie: string | undefined;
  attendeeId: string | undefined;
  /**
   * The socket.io rooms that the connection joined because of a role, each with the scope that the role must cover. Undefined for most
   * connections.
   */
  privileged: Map<string, Scope> | undefined;
  /** The time since which the connection watches nothing while places are scarce, in milliseconds since 1970. */
  idleSince: number | undefined;
  messages: TokenBucket;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, ConnectionData>;
export type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, ConnectionData>;
/** The engine.io connection under a socket. */
export type Wire = LiveSocket['conn'];

/** Closes a connection immediately, without the closing handshake, in which a client that floods or does not read would not take part. */
export function terminate(wire: Wire): void {
  const { socket } = wire.transport as unknown as { socket?: { terminate(): void } };
  if (socket) socket.terminate();
  else wire.close(true);
}

/** Whether the gateway pushes nothing to the connection: it is only in its own socket.io room, and in its attendee's if it is signed in. */
export function watchesNothing({ rooms }: LiveSocket): boolean {
  return rooms.size <= 1;
}
