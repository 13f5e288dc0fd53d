import { fastifyCookie } from '@fastify/cookie';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Id, ProblemError, type Role } from '#contract';
import { ASKED_COOKIE, ASKED_TTL_DAYS, SESSION_COOKIE, type Session } from '#identity';
import type { CafeFacts } from '#programme';
import type { Parts } from '../parts.ts';
import type { Audit } from './audit.ts';
import { parse } from './contract-pipe.ts';
import type { Limit, Limits } from './limits.ts';

/** How long a person's roles are remembered, in milliseconds: a revoked role ends within 5 s, answers included. */
const ROLES_TTL_MS = 3_000;
const ROLES_MAX = 10_000;
const DAY_SECONDS = 24 * 3_600;

/** How our cookies are set, but for their end. */
export interface CookieOptions {
  path: string;
  httpOnly: boolean;
  sameSite: 'lax';
  secure: boolean;
}

/** Who asks, and what they may do. Each use of a role goes into the log. */
@Injectable()
export class Access {
  readonly #parts: Pick<Parts, 'people' | 'programme' | 'seats'>;
  readonly #audit: Audit;
  readonly #roles = new Map<string, { roles: Role[]; until: number }>();
  /**
   * What they do with seats that they have, by person: each may owe a mail, and no hand is so quick. Claims are not counted: who gives
   * nothing back has soon claimed every Café there is.
   */
  readonly #changes: Limit;

  /** Of every cookie of ours. */
  readonly cookie: CookieOptions;

  constructor(parts: Pick<Parts, 'people' | 'programme' | 'seats' | 'configuration'>, limits: Limits, audit: Audit) {
    this.#parts = parts;
    this.#audit = audit;
    this.#changes = limits.limit({ name: 'changes', points: 150, seconds: 60 });
    const secure = parts.configuration.PUBLIC_URL.startsWith('https:');
    this.cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  }

  /** The value of the cookie `comptoir_asked`: what the browser asked for. */
  asked(request: FastifyRequest): string | undefined {
    return fastifyCookie.parse(request.headers.cookie ?? '')[ASKED_COOKIE];
  }

  /** The header `Set-Cookie` for a value of the cookie `comptoir_asked`. */
  askedHeader(value: string): string {
    return fastifyCookie.serialize(ASKED_COOKIE, value, { ...this.cookie, maxAge: ASKED_TTL_DAYS * DAY_SECONDS });
  }

  /** The session of a request, if it has one. */
  session(request: FastifyRequest): Session | undefined {
    return sessionOf(this.#parts.people, request);
  }

  /** Whether a request comes with a session, also one that is over. */
  hadSession(request: FastifyRequest): boolean {
    return SESSION_COOKIE in fastifyCookie.parse(request.headers.cookie ?? '');
  }

  /** @throws ProblemError `not-signed-in` */
  requireSession(request: FastifyRequest): Session {
    const session = this.session(request);
    if (!session) throw new ProblemError('not-signed-in');
    return session;
  }

  /** The person whose seats or place in line a request changes. @throws ProblemError `not-signed-in`, `too-many-requests` */
  async requireSeatHolder(request: FastifyRequest): Promise<Session> {
    const session = this.requireSession(request);
    await this.countSeatChange(session.attendeeId);
    return session;
  }

  /** Count a change of a person's seats. @throws ProblemError `too-many-requests` */
  async countSeatChange(attendeeId: string): Promise<void> {
    await this.#changes.count(attendeeId);
  }

  /**
   * The host or organiser who stands at the door of a Café. A draft is not there for anybody else.
   * @throws ProblemError `not-signed-in`, `cafe-not-found`, `not-allowed`
   */
  requireDoor(cafeId: string, request: FastifyRequest): Promise<{ by: string; cafe: CafeFacts }> {
    return this.#requireAtCafe(cafeId, request, roleAtDoor);
  }

  /** An organiser of the event of a Café. @throws as `requireDoor` */
  requireOrganiser(cafeId: string, request: FastifyRequest): Promise<{ by: string; cafe: CafeFacts }> {
    return this.#requireAtCafe(cafeId, request, organiserOf);
  }

  /** An organiser of an event. @throws ProblemError `not-signed-in`, `not-allowed` */
  async requireOrganiserOf(event: { id: string }, request: FastifyRequest): Promise<void> {
    const { attendeeId } = this.requireSession(request);
    await this.#use(attendeeId, request, (role) => role.role === 'organiser' && role.eventId === event.id);
  }

  /** An organiser of any event. @throws ProblemError `not-signed-in`, `not-allowed` */
  async requireAnyOrganiser(request: FastifyRequest): Promise<void> {
    const { attendeeId } = this.requireSession(request);
    await this.#use(attendeeId, request, ({ role }) => role === 'organiser');
  }

  /** Whether a person acts at the door of a Café: as a host of its room, or as an organiser of its event. */
  async actsFor(attendeeId: string, cafe: CafeFacts): Promise<boolean> {
    return (await this.#rolesOf(attendeeId)).some((role) => roleAtDoor(role, cafe));
  }

  async #requireAtCafe(
    cafeId: string,
    request: FastifyRequest,
    allows: (role: Role, cafe: CafeFacts) => boolean,
  ): Promise<{ by: string; cafe: CafeFacts }> {
    const { attendeeId } = this.requireSession(request);
    const cafe = await this.#parts.programme.cafe(cafeId);
    if (!cafe) throw new ProblemError('cafe-not-found');
    try {
      await this.#use(attendeeId, request, (role) => allows(role, cafe));
    } catch (fault) {
      if (await isDraft(this.#parts, cafeId)) throw new ProblemError('cafe-not-found');
      throw fault;
    }
    return { by: attendeeId, cafe };
  }

  /** @throws ProblemError `not-allowed` */
  async #use(attendeeId: string, request: FastifyRequest, allows: (role: Role) => boolean): Promise<void> {
    const role = (await this.#rolesOf(attendeeId)).find(allows);
    if (!role) throw new ProblemError('not-allowed');
    this.#audit.used(request, attendeeId, role);
  }

  async #rolesOf(attendeeId: string): Promise<Role[]> {
    const known = this.#roles.get(attendeeId);
    if (known && known.until > Date.now()) return known.roles;
    const roles = await this.#parts.people.rolesOf(attendeeId);
    if (this.#roles.size >= ROLES_MAX) this.#roles.clear();
    this.#roles.set(attendeeId, { roles, until: Date.now() + ROLES_TTL_MS });
    return roles;
  }
}

/** For a call at the door of the Café in its path, before anything else looks at it: also before an answer that is given again. */
@Injectable()
export class DoorGuard implements CanActivate {
  readonly #access: Access;

  constructor(@Inject(Access) access: Access) {
    this.#access = access;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await this.#access.requireDoor(parse(Id, (request.params as { id: string }).id, 'id'), request);
    return true;
  }
}

/** The session of a request, if it has one. Asks nobody. */
export function sessionOf(people: Pick<Parts['people'], 'readSession'>, request: FastifyRequest): Session | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : people.readSession(fastifyCookie.parse(cookie)[SESSION_COOKIE]);
}

/** Whether a Café is a draft, which only its hosts and organisers may know of. */
export async function isDraft({ seats }: Pick<Parts, 'seats'>, cafeId: string): Promise<boolean> {
  return (await seats.cafeSeats([cafeId]))[0]?.state === 'draft';
}

function organiserOf(role: Role, { eventId }: CafeFacts): boolean {
  return role.role === 'organiser' && role.eventId === eventId;
}

function roleAtDoor(role: Role, cafe: CafeFacts): boolean {
  return (
    organiserOf(role, cafe) || (role.role === 'host' && role.eventId === cafe.eventId && role.roomId === cafe.roomId)
  );
}
