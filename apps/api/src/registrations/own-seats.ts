import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Locale, ProblemError, type Registration } from '#contract';
import { RegistrationLinks } from '#identity';
import type { SeatFacts } from '#mail';
import { cafeForMail } from '#notifications';
import { Configuration } from '#platform';
import { Programme } from '#programme';
import { type OwnedRegistration, RegistrationReads } from '#seats';
import { readCode } from '#text';
import type { RegistrationGrant } from '../http/grants.ts';
import { headerOf } from '../http/input.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { isEnded, RegistrationAccess } from '../http/registration-access.ts';

/** Returns a registration without the members that a request without a session may not read. */
export function withoutOwner({ attendeeId: _, ...registration }: Registration): Registration {
  return registration;
}

/** Reads and changes of a registration to which the guard granted access. */
@Injectable()
export class OwnSeats {
  readonly #registrationLinks: RegistrationLinks;
  readonly #reads: RegistrationReads;
  readonly #programme: Programme;
  readonly #configuration: Configuration;
  readonly #registrations: RegistrationAccess;
  /**
   * The limit for changes of seats, by attendee, because each may cause a mail. Claims are not counted: without giving seats back, a person can
   * make only a few.
   */
  readonly #changes: Limit;

  constructor(
    registrationLinks: RegistrationLinks,
    reads: RegistrationReads,
    programme: Programme,
    configuration: Configuration,
    registrations: RegistrationAccess,
    limits: Limits,
  ) {
    this.#registrationLinks = registrationLinks;
    this.#reads = reads;
    this.#programme = programme;
    this.#configuration = configuration;
    this.#registrations = registrations;
    this.#changes = limits.limit({ name: 'changes', points: 150, seconds: 60 });
  }

  /** Returns one registration; without a session, without the id of its attendee. @throws ProblemError `registration-not-found` */
  async look({ registration, openedBy }: RegistrationGrant): Promise<Registration> {
    if (openedBy === 'session') return registration;
    const seen = openedBy === 'link' ? registration : await this.#reads.seenByClaimToken(registration.id);
    if (!seen) throw new ProblemError('registration-not-found');
    return withoutOwner(seen);
  }

  /** Counts a change of an attendee's seats. @throws ProblemError `too-many-requests` */
  async countChange(attendeeId: string): Promise<void> {
    await this.#changes.count(attendeeId);
  }

  /**
   * Changes one registration, with a session or with the link of a mail. A mail filter also has the link, and may press any button. So the
   * link changes something only in a browser that claimed, or with the code of the mail (header `registration-code`).
   * @param run makes the change as the attendee
   * @throws ProblemError `too-many-requests`, `code-required`, `code-locked`
   */
  async change(
    { registration, openedBy, request }: RegistrationGrant & { request: FastifyRequest },
    run: (attendeeId: string) => Promise<Registration>,
  ): Promise<Registration> {
    const { id, attendeeId } = registration;
    await this.countChange(attendeeId);
    if (openedBy === 'session') return run(attendeeId);
    if (!this.#registrations.isFromClaimingBrowser(id, request)) await this.#requireCode(id, request);
    try {
      return withoutOwner(await run(attendeeId));
    } catch (error) {
      // The link opens one registration, and no other registration of its attendee.
      const isClash = error instanceof ProblemError && error.code === 'schedule-clash';
      throw isClash ? new ProblemError('schedule-clash', { clashesWith: [] }) : error;
    }
  }

  async #requireCode(id: string, request: FastifyRequest): Promise<void> {
    const code = headerOf(request, 'registration-code');
    const isRight = code !== undefined && (await this.#registrationLinks.tryCode(id, readCode(code)));
    if (!isRight) throw new ProblemError('code-required');
  }

  /** Returns the facts of a seat for tickets and calendars. @throws ProblemError `cafe-not-found`. */
  async facts({ id, cafeId }: Registration, locale: Locale): Promise<SeatFacts> {
    const cafe = await cafeForMail(this.#programme, cafeId, locale);
    if (!cafe) throw new ProblemError('cafe-not-found');
    return { ...cafe, registrationId: id, url: `${this.#configuration.PUBLIC_URL}/registrations/${id}` };
  }
}

/** Requires a confirmed registration. @throws ProblemError `not-confirmed`, `registration-over` */
export function requireConfirmed(registration: OwnedRegistration): OwnedRegistration {
  if (isEnded(registration)) throw new ProblemError('registration-over');
  if (registration.status !== 'confirmed') throw new ProblemError('not-confirmed');
  return registration;
}
