import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GuestClaim, Id, ProblemError, type Registration, SignedInClaim } from '#contract';
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
import { withoutOwner } from './own-seats.ts';

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

  /** A claim without a session makes a guest registration, the same for every address: nothing that its person has is looked at. */
  async function claimAsGuest(
    cafe: CafeFacts,
    guest: GuestClaim,
    request: FastifyRequest,
    by: { laterMails: boolean },
  ): Promise<Given<Registration>> {
    const { attendeeId } = await people.guest({ locale: localeOf(request), ...guest }, by);
    const { name, organisation } = guest;
    const typed = { name, ...(organisation && { organisation }) };
    const claimed = await seats.claim({ cafeId: cafe.id, attendeeId, guest: true, typed });
    const { status, answer } = await told(claimed, request);
    return { status, answer: withoutOwner(answer) };
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

  async function claim(request: FastifyRequest, reply: FastifyReply): Promise<Given<Registration>> {
    const cafeId = parse(Id, (request.params as { id: string }).id, 'id');
    const session = access.session(request);
    if (session) {
      const body = parse(SignedInClaim, request.body ?? {});
      const { attendeeId } = session;
      return once(people, request, `claim ${attendeeId} ${cafeId}`, body, async () =>
        told(await seats.claim({ cafeId, attendeeId, guest: false }), request),
      );
    }
    // The claim of somebody whose session has ended.
    if (access.hadSession(request) && SignedInClaim.safeParse(request.body ?? {}).success) {
      throw new ProblemError('not-signed-in');
    }
    const guest = parse(GuestClaim, request.body);
    const cafe = await view.facts(cafeId);
    const mail = await fairShare.admit(request, 'claim', guest.email);
    let isFirst = false;
    const { status, answer } = await once(people, request, `claim ${guest.email} ${cafeId}`, guest, () => {
      isFirst = true;
      return claimAsGuest(cafe, guest, request, { laterMails: mail === 'later' });
    });
    if (!(await isTheirs({ status, id: answer.id, isFirst }, request))) return { status, answer };
    const asked = people.asked.add(access.asked(request), answer.id);
    reply.header('set-cookie', access.askedHeader(asked));
    return { status, answer: { ...answer, claimToken: people.claimTokens.seal(answer.id) } };
  }

  /**
   * Whether the browser is the one that made the registration: this request made it, or the cookie or a claim token names it. To any other
   * that repeats the claim the registration is shown without a claim token: it did not ask, so a link of its mail needs the code there.
   * A repeated `Idempotency-Key` of the request that made it is answered as before. The key is only a name, and the address and the Café that
   * it goes with can be typed by anybody: so the token is stored nowhere, and after the registration was confirmed or ended, a guessed key
   * opens nothing.
   */
  async function isTheirs(
    { status, id, isFirst }: { status: number; id: string; isFirst: boolean },
    request: FastifyRequest,
  ): Promise<boolean> {
    if (people.asked.has(access.asked(request), id) || people.claimTokens.open(claimTokenOf(request)) === id)
      return true;
    return status === 201 && (isFirst || (await seats.registration(id))?.guest === true);
  }

  server.route({
    method: 'POST',
    url: '/api/v1/cafes/:id/registrations',
    errorHandler: (error, request, reply) => answerFault(parts.logger, error, request, reply),
    handler(request, reply) {
      claim(request, reply).then(
        ({ status, answer }) => reply.code(status).send(answer),
        (error: unknown) => answerFault(parts.logger, error, request, reply),
      );
    },
  });
}

function claimTokenOf({ headers }: FastifyRequest): string {
  const token = headers['claim-token'];
  return typeof token === 'string' ? token : '';
}
