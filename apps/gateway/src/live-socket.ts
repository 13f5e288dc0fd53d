import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from '#contract';
import type { TokenBucket } from './token-bucket.ts';

/** What a role is needed for: an event, or a Café, which hosts of its room may see as well. */
export interface Scope {
  eventId: string;
  cafe?: { id: string; roomId: string };
}

/** What is kept of a connection. It belongs to whoever opened it. */
export interface Connection {
  /** The session's cookie, for as long as the session lasts. */
  cookie: string | undefined;
  attendeeId: string | undefined;
  /** Rooms of socket.io that a role gave, with what the role was for; undefined for most. */
  privileged: Map<string, Scope> | undefined;
  /** Since when it watches nothing, where places are short; in milliseconds since 1970. */
  idleSince: number | undefined;
  messages: TokenBucket;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Connection>;
export type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Connection>;

/** End a connection at once: one that does not read, or that floods, would not take part in a polite goodbye. */
export function end(wire: LiveSocket['conn']): void {
  const { socket } = wire.transport as unknown as { socket?: { terminate(): void } };
  if (socket) socket.terminate();
  else wire.close(true);
}

/** Whether nothing is pushed to it: it is in its own room of socket.io alone. (A person's is in the person's.) */
export function watchesNothing({ rooms }: LiveSocket): boolean {
  return rooms.size <= 1;
}
