import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GuestClaim, Id, type Locale, ProblemError, type Registration, SignedInClaim } from '#contract';
import type { CafeFacts } from '#programme';
import type { ClaimAnswer } from '#seats';
import type { Access } from '../http/access.ts';
import { parse } from '../http/contract-pipe.ts';
import type { FairShare } from '../http/fair-share.ts';
import { localeOf } from '../http/locale.ts';
import { answerFault } from '../http/problem-filter.ts';
import { type Given, once } from '../http/repeatable.ts';
import type { Parts } from '../parts.ts';
import type { CafeView } from '../programme/cafe-view.ts';

const CLAIM_PATH = /^\/api\/v1\/cafes\/[^/?]+\/registrations(?:\?|$)/;

/** Whether a request is a claim, to be routed by the server of `addClaims`. */
export function isClaim({ method, url = '' }: { method?: string; url?: string }): boolean {
  return method === 'POST' && CLAIM_PATH.test(url);
}

/**
 * `POST /cafes/{id}/registrations`: the call that everybody makes in the same second. It stands on a Fastify of its own in front
 * of Nest's, because the hooks and the pipeline of that cost a claim as much as its share of the database (docs/adr/0006).
 * What holds for both (body limits, the check of the origin, security headers, problems) is put on both.
 */
export function addClaims(
  server: FastifyInstance,
  options: { parts: Parts; access: Access; view: CafeView; fairShare: FairShare },
): void {
  const { parts, access, view, fairShare } = options;
  const { people, seats } = parts;

  /**
   * Somebody who only typed an address. The seat is held until they show that they read its mailbox, also when somebody
   * else proved it before: then, what that person has already is not told, and they are asked to sign in.
   */
  async function claimAsGuest(cafe: CafeFacts, guest: GuestClaim, locale: Locale): Promise<ClaimAnswer> {
    const { attendeeId, proved, challengeId } = await people.guest({ locale, ...guest });
    if (proved && (await inTheWay(attendeeId, cafe))) {
      await people.askSignIn({ email: guest.email, locale: guest.locale });
      throw new ProblemError('not-signed-in');
    }
    return seats.claim({ cafeId: cafe.id, attendeeId, proved: false, challengeId });
  }

  /** Whether the person is at this Café already, or has a seat at its time. */
  async function inTheWay(attendeeId: string, wanted: CafeFacts): Promise<boolean> {
    return (await seats.registrationsOf(attendeeId)).some(
      ({ cafeId: other, status, startsAt, endsAt }) =>
        ['held', 'offered', 'confirmed', 'waitlisted'].includes(status) &&
        (other === wanted.id || (status !== 'waitlisted' && startsAt < wanted.endsAt && wanted.startsAt < endsAt)),
    );
  }

  /** What somebody without a session put in their name is theirs once they ask for it themselves. */
  async function stoodFor(existing: Registration): Promise<ClaimAnswer> {
    const proves = existing.status === 'held' || existing.status === 'waitlisted';
    const changed = proves ? await seats.prove(existing.attendeeId) : [];
    return { outcome: 'existing', registration: changed.find(({ id }) => id === existing.id) ?? existing };
  }

  /** A claim's outcome as HTTP. @throws ProblemError for every outcome that is no registration. */
  async function told(answer: ClaimAnswer, request: FastifyRequest): Promise<Given<Registration>> {
    if (answer.outcome === 'busy') throw new ProblemError('busy', {}, answer.retryAfterSeconds);
    if (answer.outcome === 'schedule-clash') {
      return view.withTitles(localeOf(request), () =>
        Promise.reject(new ProblemError('schedule-clash', { clashesWith: answer.clashesWith })),
      );
    }
    if (answer.outcome !== 'created' && answer.outcome !== 'existing') throw new ProblemError(answer.outcome);
    return { status: answer.outcome === 'created' ? 201 : 200, answer: answer.registration };
  }

  async function claim(request: FastifyRequest): Promise<Given<Registration>> {
    const cafeId = parse(Id, (request.params as { id: string }).id, 'id');
    const session = access.session(request);
    if (session) {
      const body = parse(SignedInClaim, request.body ?? {});
      const { attendeeId } = session;
      return once(people, request, `claim ${attendeeId} ${cafeId}`, body, async () => {
        const answer = await seats.claim({ cafeId, attendeeId, proved: true });
        return told(answer.outcome === 'existing' ? await stoodFor(answer.registration) : answer, request);
      });
    }
    // The claim of somebody whose session has ended.
    if (access.hadSession(request) && SignedInClaim.safeParse(request.body ?? {}).success) {
      throw new ProblemError('not-signed-in');
    }
    const guest = parse(GuestClaim, request.body);
    const cafe = await view.facts(cafeId);
    await fairShare.admit(request, 'claim', guest.email);
    return once(people, request, `claim ${guest.email} ${cafeId}`, guest, async () =>
      told(await claimAsGuest(cafe, guest, localeOf(request)), request),
    );
  }

  server.route({
    method: 'POST',
    url: '/api/v1/cafes/:id/registrations',
    errorHandler: (error, request, reply) => answerFault(parts.logger, error, request, reply),
    handler(request, reply) {
      claim(request).then(
        ({ status, answer }) => reply.code(status).send(answer),
        (error: unknown) => answerFault(parts.logger, error, request, reply),
      );
    },
  });
}
