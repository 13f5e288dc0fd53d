import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type CallName, GuestClaim, ProblemError, type Registration, routeOf, SignedInClaim } from '#contract';
import { AskedCookie, Attendees, ClaimTokens, IdempotencyKeys } from '#identity';
import { AppLogger } from '#platform';
import type { CafeFacts } from '#programme';
import { type ClaimAnswer, RegistrationReads, SeatClaims } from '#seats';
import { Cookies } from '../http/cookies.ts';
import { Deliverable } from '../http/deliverable.ts';
import { FairShare } from '../http/fair-share.ts';
import { parameterOf, parse } from '../http/input.ts';
import { localeOf } from '../http/locale.ts';
import { answerError } from '../http/problem-filter.ts';
import { RegistrationAccess } from '../http/registration-access.ts';
import { type PendingAnswer, runOnce } from '../http/repeatable.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { withoutOwner } from './own-seats.ts';

const CLAIM = 'POST /cafes/{id}/registrations' satisfies CallName;
const CLAIM_PATH = /^\/api\/v1\/cafes\/[^/?]+\/registrations(?:\?|$)/;

/** Returns whether a request is a claim, which the server of `Claims` routes. */
export function isClaim({ method, url = '' }: { method?: string; url?: string }): boolean {
  return method === 'POST' && CLAIM_PATH.test(url);
}

/**
 * Handles `POST /cafes/{id}/registrations`, the call that all attendees make in the same second. It has a separate Fastify in front of that
 * of Nest, whose hooks and pipeline cost a claim as much as its part of a batch in the database (docs/adr/0006). Both have the same body
 * limits, check of the origin, security headers and problems.
 */
@Injectable()
export class Claims {
  readonly #askedCookie: AskedCookie;
  readonly #claimTokens: ClaimTokens;
  readonly #attendees: Attendees;
  readonly #idempotencyKeys: IdempotencyKeys;
  readonly #claims: SeatClaims;
  readonly #reads: RegistrationReads;
  readonly #view: CafeView;
  readonly #cookies: Cookies;
  readonly #fairShare: FairShare;
  readonly #deliverable: Deliverable;
  readonly #registrations: RegistrationAccess;
  readonly #logger: AppLogger;

  constructor(
    askedCookie: AskedCookie,
    claimTokens: ClaimTokens,
    attendees: Attendees,
    idempotencyKeys: IdempotencyKeys,
    claims: SeatClaims,
    reads: RegistrationReads,
    view: CafeView,
    cookies: Cookies,
    fairShare: FairShare,
    deliverable: Deliverable,
    registrations: RegistrationAccess,
    logger: AppLogger,
  ) {
    this.#askedCookie = askedCookie;
    this.#claimTokens = claimTokens;
    this.#attendees = attendees;
    this.#idempotencyKeys = idempotencyKeys;
    this.#claims = claims;
    this.#reads = reads;
    this.#view = view;
    this.#cookies = cookies;
    this.#fairShare = fairShare;
    this.#deliverable = deliverable;
    this.#registrations = registrations;
    this.#logger = logger;
  }

  /** Adds the route to a server. */
  addTo(server: FastifyInstance): void {
    const { method, path } = routeOf(CLAIM);
    server.route({
      method,
      url: `/api/v1${path.replace('{id}', ':id')}`,
      errorHandler: (error, request, reply) => answerError(this.#logger, error, request, reply),
      handler: (request, reply) => {
        this.#claim(request, reply).then(
          ({ status, answer }) => reply.code(status).send(answer),
          (error: unknown) => answerError(this.#logger, error, request, reply),
        );
      },
    });
  }

  async #claim(request: FastifyRequest, reply: FastifyReply): Promise<PendingAnswer<Registration>> {
    const cafeId = parameterOf(request, 'id');
    const session = this.#cookies.session(request);
    if (session) {
      const body = parse(SignedInClaim, request.body ?? {});
      const { attendeeId } = session;
      return runOnce(this.#idempotencyKeys, { request, scope: `claim ${attendeeId} ${cafeId}`, body }, async () =>
        this.#answerOf(await this.#claims.claim({ cafeId, attendeeId, guest: false }), request),
      );
    }
    // The browser had a session, which has ended.
    if (this.#cookies.hadSession(request) && SignedInClaim.safeParse(request.body ?? {}).success) {
      throw new ProblemError('not-signed-in');
    }
    return this.#claimWithoutSession(cafeId, request, reply);
  }

  async #claimWithoutSession(
    cafeId: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<PendingAnswer<Registration>> {
    const guest = parse(GuestClaim, request.body);
    const cafe = await this.#view.facts(cafeId);
    const mail = await this.#fairShare.admit(request, 'claim', guest.email);
    await this.#deliverable.check({ email: guest.email });
    let isFirst = false;
    const scope = `claim ${guest.email} ${cafeId}`;
    const { status, answer } = await runOnce(this.#idempotencyKeys, { request, scope, body: guest }, () => {
      isFirst = true;
      return this.#claimAsGuest(cafe, guest, { request, laterMails: mail === 'later' });
    });
    if (!(await this.#isFromThisBrowser({ status, id: answer.id, isFirst }, request))) return { status, answer };
    this.#cookies.setAsked(reply, this.#askedCookie.add(this.#cookies.asked(request), answer.id));
    return { status, answer: { ...answer, claimToken: this.#claimTokens.seal(answer.id) } };
  }

  /** A claim without a session makes a guest registration. The answer is the same for all addresses, whatever registrations they have. */
  async #claimAsGuest(
    cafe: CafeFacts,
    guest: GuestClaim,
    { request, laterMails }: { request: FastifyRequest; laterMails: boolean },
  ): Promise<PendingAnswer<Registration>> {
    const attendeeId = await this.#attendees.upsertByEmail({ locale: localeOf(request), ...guest }, { laterMails });
    const { name, organisation } = guest;
    const typed = { name, ...(organisation && { organisation }) };
    const claimed = await this.#claims.claim({ cafeId: cafe.id, attendeeId, guest: true, typed });
    const { status, answer } = await this.#answerOf(claimed, request);
    return { status, answer: withoutOwner(answer) };
  }

  /**
   * Translates the outcome of a claim to HTTP.
   * @throws ProblemError for an outcome without a registration
   * @throws Error for an unknown outcome, which must not be answered as a success
   */
  async #answerOf(answer: ClaimAnswer, request: FastifyRequest): Promise<PendingAnswer<Registration>> {
    switch (answer.outcome) {
      case 'created':
        return { status: 201, answer: answer.registration };
      case 'existing':
        return { status: 200, answer: answer.registration };
      case 'schedule-clash':
        return this.#view.withTitles(localeOf(request), () =>
          Promise.reject(new ProblemError('schedule-clash', { clashesWith: answer.clashesWith })),
        );
      case 'busy':
        throw new ProblemError('busy', {}, answer.retryAfterSeconds);
      case 'cafe-not-found':
      case 'cafe-not-open':
      case 'cafe-full':
        throw new ProblemError(answer.outcome);
      default:
        throw new Error(`a claim has the unknown outcome ${(answer satisfies never as ClaimAnswer).outcome}`);
    }
  }

  /**
   * Returns whether this browser made the registration: by this request, or its cookie or a claim token names the registration. Another
   * browser that repeats the claim gets the registration without a claim token, so that the link of the mail requires the code there. A
   * repeated `Idempotency-Key` gets the same answer. A client may guess the key and type the address and the Café, so the claim token is
   * not stored, and a repeated key gets no claim token after the registration was confirmed or ended.
   */
  async #isFromThisBrowser(
    { status, id, isFirst }: { status: number; id: string; isFirst: boolean },
    request: FastifyRequest,
  ): Promise<boolean> {
    if (this.#registrations.isFromClaimingBrowser(id, request)) return true;
    return status === 201 && (isFirst || (await this.#reads.registration(id))?.guest === true);
  }
}
