import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ProblemError, type Role } from '#contract';
import { Roles, SESSION_COOKIE, Sessions } from '#identity';
import { BoundedLog } from '#platform';
import { Programme } from '#programme';
import type { LiveSocket, Scope } from './live-socket.ts';
import { attendeeRoom } from './rooms.ts';

/** The maximum length of a `Cookie` header, in characters. A longer header is ignored. */
const COOKIE_HEADER_MAX = 8_192;

/** The owner of a connection: the session cookie and its attendee, or neither for a client that is not signed in. */
export interface Owner {
  cookie: string | undefined;
  attendeeId: string | undefined;
}

const NOBODY: Owner = { cookie: undefined, attendeeId: undefined };

/** Authenticates live connections, checks their roles, and removes what a session or a role allowed when it ends. */
@Injectable()
export class LiveAccess {
  readonly #sessions: Sessions;
  readonly #roles: Roles;
  readonly #programme: Programme;
  readonly #log: BoundedLog;
  readonly #owners = new WeakMap<IncomingMessage, Owner>();

  constructor(sessions: Sessions, roles: Roles, programme: Programme, log: BoundedLog) {
    this.#sessions = sessions;
    this.#roles = roles;
    this.#programme = programme;
    this.#log = log;
  }

  /**
   * Authenticates a handshake by its session cookie. It runs twice for each request: for the adapter, before a connection opens, and for
   * the gateway, when the connection has joined the namespace. A connection that joins a second time has no request any more, and counts as
   * not signed in.
   */
  ownerOf(handshake: IncomingMessage | undefined): Owner {
    if (!handshake) return NOBODY;
    let owner = this.#owners.get(handshake);
    if (!owner) {
      const cookie = sessionCookie(handshake.headers.cookie);
      const attendeeId = this.#sessions.read(cookie)?.attendeeId;
      owner = attendeeId ? { cookie, attendeeId } : NOBODY;
      this.#owners.set(handshake, owner);
    }
    return owner;
  }

  /**
   * Reads the session of a connection again, because it may have ended since.
   * @returns the id of the attendee
   * @throws ProblemError `not-signed-in`
   */
  requireSession({ data }: LiveSocket): string {
    const session = this.#sessions.read(data.cookie);
    if (!session) throw new ProblemError('not-signed-in');
    return session.attendeeId;
  }

  /**
   * Requires a role for the content of a socket.io room. Stores the scope of the role with the connection, so that the connection is
   * removed from the room when the role ends. Logs the first use of a role, and each refusal.
   * @throws ProblemError `not-signed-in`, `not-allowed`
   */
  async requireRole(socket: LiveSocket, room: string, scope: Scope): Promise<void> {
    const attendeeId = this.requireSession(socket);
    const roles = await this.#roles.of(attendeeId);
    if (!allows(roles, scope)) {
      this.#log.write('warn', { attendeeId, room }, 'a live message was refused, because its sender lacks the role');
      throw new ProblemError('not-allowed');
    }
    if (!socket.rooms.has(room)) this.#log.write('info', { attendeeId, room }, 'a role is used over a live connection');
    socket.data.privileged ??= new Map();
    socket.data.privileged.set(room, scope);
  }

  /** Removes a connection whose session has ended from everything that the session allowed. */
  endSession(socket: LiveSocket): void {
    const { data } = socket;
    if (!data.attendeeId || this.#sessions.read(data.cookie)) return;
    void socket.leave(attendeeRoom(data.attendeeId));
    for (const room of data.privileged?.keys() ?? []) void socket.leave(room);
    Object.assign(data, { ...NOBODY, privileged: undefined });
  }

  /**
   * Removes connections from the socket.io rooms that a lost role allowed, and hosts from the attendance lists of Cafés that moved to
   * another room. The clients get no message; they are refused when they ask again. While the database is unavailable, nothing is removed.
   */
  async endLostRoles(sockets: LiveSocket[]): Promise<void> {
    if (sockets.length === 0) return;
    await this.#refreshRooms(sockets.flatMap(({ data }) => [...(data.privileged?.values() ?? [])]));
    for (const [attendeeId, theirs] of Map.groupBy(sockets, ({ data }) => data.attendeeId ?? '')) {
      const roles = await this.#roles.of(attendeeId).catch(() => undefined);
      if (!roles) continue;
      for (const socket of theirs) {
        for (const [room, scope] of socket.data.privileged ?? []) {
          if (allows(roles, scope)) continue;
          this.#log.write('info', { attendeeId, room }, 'a role ended; its live connection was removed from a room');
          socket.data.privileged?.delete(room);
          void socket.leave(room);
        }
      }
    }
  }

  /** Reads the current rooms of the Cafés of these scopes. */
  async #refreshRooms(scopes: Scope[]): Promise<void> {
    const cafeIds = new Set(scopes.flatMap(({ cafe }) => cafe?.id ?? []));
    const cafes = await this.#programme.cafes([...cafeIds]).catch(() => []);
    const roomOf = new Map(cafes.map(({ id, roomId }) => [id, roomId]));
    for (const { cafe } of scopes) if (cafe) cafe.roomId = roomOf.get(cafe.id) ?? cafe.roomId;
  }
}

function allows(roles: Role[], scope: Scope): boolean {
  return roles.some(
    (role) => role.eventId === scope.eventId && (role.role === 'organiser' || role.roomId === scope.cafe?.roomId),
  );
}

function sessionCookie(header: string | undefined): string | undefined {
  if (!header || header.length > COOKIE_HEADER_MAX) return undefined;
  const found = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;]*)`).exec(header)?.[1];
  try {
    return found && decodeURIComponent(found);
  } catch {
    return undefined;
  }
}
