import { fastifyCookie } from '@fastify/cookie';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError, type Role } from '#contract';
import { ASKED_COOKIE, ASKED_TTL_DAYS, type People, SESSION_COOKIE, type Session } from '#people';
import { PARTS, type Parts } from '../parts.ts';
import { Limit } from './limits.ts';

/** How long a person's roles are remembered, in milliseconds: a lost role ends what it allowed by then. */
const ROLES_TTL_MS = 5_000;
const ROLES_MAX = 10_000;
const DAY_SECONDS = 24 * 3_600;

/** How our cookies are set, but for their end. */
export interface CookieOptions {
  path: string;
  httpOnly: boolean;
  sameSite: 'lax';
  secure: boolean;
}

/** Who asks, and what they may do. */
@Injectable()
export class Access {
  readonly #people: People;
  readonly #roles = new Map<string, { roles: Role[]; until: number }>();
  /**
   * What they do with seats that they have, by person: each may owe a mail, and no hand is so quick. Claims are not counted: who gives
   * nothing back has soon claimed every Café there is.
   */
  readonly #changes = new Limit({ max: 150, windowSeconds: 60 });

  /** Of every cookie of ours. */
  readonly cookie: CookieOptions;

  constructor(@Inject(PARTS) { people, configuration }: Parts) {
    this.#people = people;
    const secure = configuration.PUBLIC_URL.startsWith('https:');
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
    const { cookie } = request.headers;
    return cookie === undefined ? undefined : this.#people.readSession(fastifyCookie.parse(cookie)[SESSION_COOKIE]);
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
  requireSeatHolder(request: FastifyRequest): Session {
    const session = this.requireSession(request);
    this.countSeatChange(session.attendeeId);
    return session;
  }

  /** Count a change of a person's seats. @throws ProblemError `too-many-requests` */
  countSeatChange(attendeeId: string): void {
    this.#changes.count(attendeeId);
  }

  /** Whether a person acts for the room of a Café: as its host, or as an organiser of its event. */
  async actsFor(attendeeId: string, cafe: { eventId: string; roomId: string }): Promise<boolean> {
    return (await this.#rolesOf(attendeeId)).some(
      (role) => role.eventId === cafe.eventId && (role.role === 'organiser' || role.roomId === cafe.roomId),
    );
  }

  async organises(attendeeId: string, eventId: string): Promise<boolean> {
    return (await this.#rolesOf(attendeeId)).some((role) => role.role === 'organiser' && role.eventId === eventId);
  }

  /** Whether a person is an organiser of any event. */
  async organisesAny(attendeeId: string): Promise<boolean> {
    return (await this.#rolesOf(attendeeId)).some((role) => role.role === 'organiser');
  }

  async #rolesOf(attendeeId: string): Promise<Role[]> {
    const known = this.#roles.get(attendeeId);
    if (known && known.until > Date.now()) return known.roles;
    const roles = await this.#people.rolesOf(attendeeId);
    if (this.#roles.size >= ROLES_MAX) this.#roles.clear();
    this.#roles.set(attendeeId, { roles, until: Date.now() + ROLES_TTL_MS });
    return roles;
  }
}
