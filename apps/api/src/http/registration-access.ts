import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError, type Registration, type RegistrationKey } from '#contract';
import { AskedCookie, ClaimTokens, RegistrationLinks } from '#identity';
import { type OwnedRegistration, RegistrationReads } from '#seats';
import { Cookies } from './cookies.ts';
import type { RegistrationGrant } from './grants.ts';
import { headerOf } from './input.ts';

/** Decides whether a request may open a registration. A registration that it may not open gets the same problem as a missing one. */
@Injectable()
export class RegistrationAccess {
  readonly #claimTokens: ClaimTokens;
  readonly #registrationLinks: RegistrationLinks;
  readonly #askedCookie: AskedCookie;
  readonly #reads: RegistrationReads;
  readonly #cookies: Cookies;

  constructor(
    claimTokens: ClaimTokens,
    registrationLinks: RegistrationLinks,
    askedCookie: AskedCookie,
    reads: RegistrationReads,
    cookies: Cookies,
  ) {
    this.#claimTokens = claimTokens;
    this.#registrationLinks = registrationLinks;
    this.#askedCookie = askedCookie;
    this.#reads = reads;
    this.#cookies = cookies;
  }

  /**
   * Returns the registration, and the first of `keys` that opens it.
   * @throws ProblemError `registration-not-found`; `not-signed-in` if the request contains none of `keys`
   */
  async open(id: string, request: FastifyRequest, keys: readonly RegistrationKey[]): Promise<RegistrationGrant> {
    const session = this.#cookies.session(request);
    const token = headerOf(request, 'claim-token');
    const link = headerOf(request, 'registration-key');
    const presented: Record<RegistrationKey, unknown> = { session, 'claim-token': token, link };
    if (!keys.some((key) => presented[key])) throw new ProblemError('not-signed-in');
    const registration = await this.#reads.registration(id);
    const opens: Record<RegistrationKey, (found: OwnedRegistration) => boolean> = {
      session: ({ attendeeId }) => session?.attendeeId === attendeeId,
      'claim-token': () => token !== undefined && this.#claimTokens.open(token) === id,
      // A link works until its registration or its Café ends.
      link: (found) =>
        link !== undefined &&
        this.#registrationLinks.opens(link) === id &&
        !isEnded(found) &&
        Date.parse(found.endsAt) > Date.now(),
    };
    const openedBy = registration && keys.find((key) => opens[key](registration));
    if (!registration || !openedBy) throw new ProblemError('registration-not-found');
    return { registration, openedBy };
  }

  /**
   * Returns whether this browser asked for the registration: its `comptoir_asked` cookie contains the id, or the request has the claim
   * token.
   */
  isFromClaimingBrowser(id: string, request: FastifyRequest): boolean {
    const token = headerOf(request, 'claim-token');
    return this.#askedCookie.has(this.#cookies.asked(request), id) || (!!token && this.#claimTokens.open(token) === id);
  }
}

/** Returns whether a registration is cancelled or expired. */
export function isEnded({ status }: Registration): boolean {
  return status === 'cancelled' || status === 'expired';
}
