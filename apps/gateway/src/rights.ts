import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, type Role } from '#contract';
import { type Identity, SESSION_COOKIE } from '#identity';
import type { BoundedLog } from '#platform';
import type { Programme } from '#programme';
import type { LiveSocket, Scope } from './live-socket.ts';
import { PARTS, type Parts } from './parts.ts';

/** Who a connection belongs to, and what it may follow, for as long as it may. */
@Injectable()
export class Rights {
  readonly #people: Identity;
  readonly #programme: Programme;
  readonly #log: BoundedLog;

  constructor(@Inject(PARTS) { people, programme, log }: Parts) {
    this.#people = people;
    this.#programme = programme;
    this.#log = log;
  }

  /** The cookie of a handshake and whose it is; nothing for somebody who is not signed in. */
  ownerOf(cookieHeader: string | undefined): { cookie: string | undefined; attendeeId: string | undefined } {
    const cookie = sessionCookie(cookieHeader);
    const attendeeId = this.#people.readSession(cookie)?.attendeeId;
    return { cookie: attendeeId && cookie, attendeeId };
  }

  /** Reads the cookie again: a session that was ended since counts no more. @throws ProblemError `not-signed-in` */
  requireSession({ data }: LiveSocket): string {
    const session = this.#people.readSession(data.cookie);
    if (!session) throw new ProblemError('not-signed-in');
    return session.attendeeId;
  }

  /**
   * Requires a role for what a room of socket.io shows, and logs its use, or that there is none.
   * @throws ProblemError `not-signed-in`, `not-allowed`
   */
  async require(socket: LiveSocket, room: string, scope: Scope): Promise<void> {
    const attendeeId = this.requireSession(socket);
    const roles = await this.#people.rolesOf(attendeeId);
    if (!allows(roles, scope)) {
      this.#log.write('warn', { attendeeId, room }, 'a live message was refused: its sender has no role for it');
      throw new ProblemError('not-allowed');
    }
    if (!socket.rooms.has(room)) this.#log.write('info', { attendeeId, room }, 'a role is used over a live connection');
  }

  /** Take from a connection whose session ended everything that it allowed. */
  endSession(socket: LiveSocket): void {
    const { data } = socket;
    if (!data.attendeeId || this.#people.readSession(data.cookie)) return;
    void socket.leave(personRoom(data.attendeeId));
    for (const room of data.privileged?.keys() ?? []) void socket.leave(room);
    Object.assign(data, { privileged: undefined, attendeeId: undefined, cookie: undefined });
  }

  /**
   * Take from these connections what roles that were lost allowed, and from hosts the lists of Cafés that left their room: they are not
   * told, and are refused when they ask again. A database that is away takes nothing.
   */
  async endLostRoles(sockets: LiveSocket[]): Promise<void> {
    if (sockets.length === 0) return;
    const scopes = sockets.flatMap(({ data }) => [...(data.privileged?.values() ?? [])]);
    const watched = new Map(scopes.flatMap(({ cafe }) => (cafe ? [[cafe.id, cafe]] : [])));
    const found = await this.#programme.cafes([...watched.keys()]).catch(() => []);
    const roomOf = new Map(found.map(({ id, roomId }) => [id, roomId]));
    for (const { cafe } of scopes) if (cafe) cafe.roomId = roomOf.get(cafe.id) ?? cafe.roomId;
    const byPerson = Map.groupBy(sockets, ({ data }) => data.attendeeId ?? '');
    for (const [attendeeId, theirs] of byPerson) {
      const roles = await this.#people.rolesOf(attendeeId).catch(() => undefined);
      if (!roles) continue;
      for (const socket of theirs) {
        for (const [room, scope] of socket.data.privileged ?? []) {
          if (allows(roles, scope)) continue;
          this.#log.write('info', { attendeeId, room }, 'a role ended, and what it showed over a live connection');
          socket.data.privileged?.delete(room);
          void socket.leave(room);
        }
      }
    }
  }
}

/** The room of socket.io with every connection of a person. */
export function personRoom(attendeeId: string): string {
  return `person:${attendeeId}`;
}

function allows(roles: Role[], scope: Scope): boolean {
  return roles.some(
    (role) => role.eventId === scope.eventId && (role.role === 'organiser' || role.roomId === scope.cafe?.roomId),
  );
}

function sessionCookie(header: string | undefined): string | undefined {
  if (!header || header.length > 8_192) return undefined;
  const found = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;]*)`).exec(header)?.[1];
  try {
    return found && decodeURIComponent(found);
  } catch {
    return undefined;
  }
}
