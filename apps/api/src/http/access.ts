import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError, type Role } from '#contract';
import { Roles } from '#identity';
import { type CafeFacts, Programme } from '#programme';
import { CountReads } from '#seats';
import { Audit } from './audit.ts';
import { Cookies } from './cookies.ts';

/** How long the roles of an attendee are cached, in milliseconds. A revoked role must end within 5 s. Those 5 s contain the time in the cache and the time of a request. */
const ROLES_TTL_MS = 3_000;
/** The maximum number of attendees whose roles are cached. When it is reached, the cache is emptied. */
const ROLES_MAX = 10_000;

/** Checks who may act for a Café or an event. Each use of a role is logged. */
@Injectable()
export class Access {
  readonly #roles: Roles;
  readonly #programme: Programme;
  readonly #counts: CountReads;
  readonly #cookies: Cookies;
  readonly #audit: Audit;
  /** The key is an attendee. `until` is a time of the clock of this process, in milliseconds. */
  readonly #cachedRoles = new Map<string, { roles: Role[]; until: number }>();

  constructor(roles: Roles, programme: Programme, counts: CountReads, cookies: Cookies, audit: Audit) {
    this.#roles = roles;
    this.#programme = programme;
    this.#counts = counts;
    this.#cookies = cookies;
    this.#audit = audit;
  }

  /**
   * Requires a host of the Café's room or an organiser of its event. All others get `cafe-not-found` for a draft.
   * @throws ProblemError `cafe-not-found`, `not-allowed`
   */
  requireHost(attendeeId: string, cafeId: string, request: FastifyRequest): Promise<CafeFacts> {
    return this.#requireAtCafe({ attendeeId, cafeId, request, allows: actsAsHost });
  }

  /** Requires an organiser of the Café's event. @throws as `requireHost` */
  requireOrganiser(attendeeId: string, cafeId: string, request: FastifyRequest): Promise<CafeFacts> {
    return this.#requireAtCafe({ attendeeId, cafeId, request, allows: isOrganiserOf });
  }

  /** @throws ProblemError `not-allowed` */
  async requireOrganiserOfEvent(attendeeId: string, eventId: string, request: FastifyRequest): Promise<void> {
    await this.#use(attendeeId, request, (role) => isOrganiserOf(role, { eventId }));
  }

  /** Requires an owner of the installation. @throws ProblemError `not-signed-in`, `not-allowed` */
  async requireOwner(request: FastifyRequest): Promise<void> {
    const { attendeeId } = this.#cookies.requireSession(request);
    if (!(await this.#roles.isOwner(attendeeId))) throw new ProblemError('not-allowed');
    this.#audit.used(request, attendeeId, { role: 'owner' });
  }

  /** Returns whether a person is a host of a Café's room or an organiser of its event. */
  async isHost(attendeeId: string, cafe: CafeFacts): Promise<boolean> {
    return (await this.#rolesOf(attendeeId)).some((role) => actsAsHost(role, cafe));
  }

  async #requireAtCafe({
    attendeeId,
    cafeId,
    request,
    allows,
  }: {
    attendeeId: string;
    cafeId: string;
    request: FastifyRequest;
    allows: (role: Role, cafe: CafeFacts) => boolean;
  }): Promise<CafeFacts> {
    const cafe = await this.#programme.cafe(cafeId);
    if (!cafe) throw new ProblemError('cafe-not-found');
    try {
      await this.#use(attendeeId, request, (role) => allows(role, cafe));
    } catch (error) {
      if (await isDraft(this.#counts, cafeId)) throw new ProblemError('cafe-not-found');
      throw error;
    }
    return cafe;
  }

  /** @throws ProblemError `not-allowed` */
  async #use(attendeeId: string, request: FastifyRequest, allows: (role: Role) => boolean): Promise<void> {
    // A role that was granted a moment ago may be missing in the cache.
    const role = (await this.#rolesOf(attendeeId)).find(allows) ?? (await this.#rolesNow(attendeeId)).find(allows);
    if (!role) throw new ProblemError('not-allowed');
    this.#audit.used(request, attendeeId, role);
  }

  async #rolesOf(attendeeId: string): Promise<Role[]> {
    const known = this.#cachedRoles.get(attendeeId);
    return known && known.until > Date.now() ? known.roles : this.#rolesNow(attendeeId);
  }

  async #rolesNow(attendeeId: string): Promise<Role[]> {
    const roles = await this.#roles.of(attendeeId);
    if (this.#cachedRoles.size >= ROLES_MAX) this.#cachedRoles.clear();
    this.#cachedRoles.set(attendeeId, { roles, until: Date.now() + ROLES_TTL_MS });
    return roles;
  }
}

/** Returns whether a Café is a draft, which only its hosts and organisers may see. */
export async function isDraft(seats: CountReads, cafeId: string): Promise<boolean> {
  return (await seats.cafeSeats([cafeId]))[0]?.state === 'draft';
}

function isOrganiserOf(role: Role, { eventId }: Pick<CafeFacts, 'eventId'>): boolean {
  return role.role === 'organiser' && role.eventId === eventId;
}

function actsAsHost(role: Role, cafe: CafeFacts): boolean {
  return (
    isOrganiserOf(role, cafe) || (role.role === 'host' && role.eventId === cafe.eventId && role.roomId === cafe.roomId)
  );
}
