import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Access as DeclaredAccess, declarationOf, Id, type ProblemCode, ProblemError } from '#contract';
import type { Session } from '#identity';
import { type EventFacts, Programme } from '#programme';
import { RegistrationReads } from '#seats';
import { Access } from './access.ts';
import { callOf } from './call.ts';
import { Cookies } from './cookies.ts';
import { type Grant, storeGrant } from './grants.ts';
import { parameterOf, parse } from './input.ts';
import { RegistrationAccess } from './registration-access.ts';

type Of<Who extends DeclaredAccess['who']> = Extract<DeclaredAccess, { who: Who }>;

/** Checks the access that each call declares, before any other code reads the request. A method without a declared call is denied. */
@Injectable()
export class CallGuard implements CanActivate {
  readonly #access: Access;
  readonly #registrations: RegistrationAccess;
  readonly #cookies: Cookies;
  readonly #programme: Programme;
  readonly #reads: RegistrationReads;

  constructor(
    access: Access,
    registrations: RegistrationAccess,
    cookies: Cookies,
    programme: Programme,
    reads: RegistrationReads,
  ) {
    this.#access = access;
    this.#registrations = registrations;
    this.#cookies = cookies;
    this.#programme = programme;
    this.#reads = reads;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const call = callOf(context.getHandler());
    if (!call) throw new ProblemError('not-allowed');
    storeGrant(request, await this.#grant(declarationOf(call).access, request));
    return true;
  }

  /** @throws ProblemError `not-signed-in`, `not-allowed`, or the problem for an unknown object of the call */
  async #grant(access: DeclaredAccess, request: FastifyRequest): Promise<Grant> {
    switch (access.who) {
      case 'everybody':
        return {};
      case 'signed-in':
        return { session: this.#cookies.requireSession(request) };
      case 'registration':
        return this.#openRegistration(access, request);
      case 'host':
        return access.of === 'cafe-of-registration' ? this.#hostOfRegistration(request) : this.#host(access, request);
      case 'organiser':
        return this.#organiser(access, request);
    }
  }

  #openRegistration({ by }: Of<'registration'>, request: FastifyRequest): Promise<Grant> {
    return this.#registrations.open(parameterOf(request, 'id'), request, by);
  }

  async #host({ of }: Of<'host'>, request: FastifyRequest): Promise<Grant> {
    const session = this.#cookies.requireSession(request);
    const body = request.body as { cafeId?: unknown } | undefined | null;
    const cafeId = of === 'cafe' ? parameterOf(request, 'id') : parse(Id, body?.cafeId, 'cafeId');
    return { session, cafe: await this.#access.requireHost(session.attendeeId, cafeId, request) };
  }

  async #hostOfRegistration(request: FastifyRequest): Promise<Grant> {
    const session = this.#cookies.requireSession(request);
    const registration = await this.#reads.registration(parameterOf(request, 'registrationId'));
    if (!registration) throw new ProblemError('registration-not-found');
    try {
      const cafe = await this.#access.requireHost(session.attendeeId, registration.cafeId, request);
      return { session, cafe, registration };
    } catch (error) {
      // People who may not see the attendance of a Café get the same problem as for an unknown registration.
      const hides = error instanceof ProblemError && ['cafe-not-found', 'not-allowed'].includes(error.code);
      throw hides ? new ProblemError('registration-not-found') : error;
    }
  }

  #organiser({ of }: Of<'organiser'>, request: FastifyRequest): Promise<Grant> {
    switch (of) {
      case 'event':
        return this.#organiserOfEvent(request);
      case 'room':
        return this.#organiserOfRoom(request);
      case 'cafe':
        return this.#organiserOfCafe(request);
    }
  }

  async #organiserOfCafe(request: FastifyRequest): Promise<Grant> {
    const session = this.#cookies.requireSession(request);
    const cafe = await this.#access.requireOrganiser(session.attendeeId, parameterOf(request, 'id'), request);
    return { session, cafe };
  }

  async #organiserOfRoom(request: FastifyRequest): Promise<Grant> {
    const session = this.#cookies.requireSession(request);
    const room = await this.#programme.room(parameterOf(request, 'id'));
    if (!room) throw new ProblemError('room-not-found');
    const event = await this.#programme.event({ id: room.eventId });
    await this.#requireOrganiser(session, event, request, 'room-not-found');
    return { session, room };
  }

  async #organiserOfEvent(request: FastifyRequest): Promise<Grant> {
    const session = this.#cookies.requireSession(request);
    const bySlug = 'slug' in (request.params as object);
    const event = await (bySlug
      ? this.#programme.event({ slug: parameterOf(request, 'slug') })
      : this.#programme.event({ id: parameterOf(request, 'id') }));
    if (!event) throw new ProblemError('event-not-found');
    await this.#requireOrganiser(session, event, request, 'event-not-found');
    return { session, event };
  }

  /** A draft event is not found for anybody but its organisers. */
  async #requireOrganiser(
    { attendeeId }: Session,
    event: EventFacts | undefined,
    request: FastifyRequest,
    hidden: ProblemCode,
  ): Promise<void> {
    if (!event) throw new ProblemError(hidden);
    try {
      await this.#access.requireOrganiserOfEvent(attendeeId, event.id, request);
    } catch (error) {
      throw event.state === 'draft' ? new ProblemError(hidden) : error;
    }
  }
}
