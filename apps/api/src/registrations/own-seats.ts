import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Locale, ProblemError, type Registration } from '#contract';
import type { SeatFacts } from '#mail';
import { cafeForMail } from '#notifications';
import type { OwnedRegistration } from '#seats';
import { Access } from '../http/access.ts';
import { PARTS, type Parts } from '../parts.ts';

/**
 * What opens a registration for a request. `session`: its person is signed in. `key`: the link of a mail about it. `claim-token`: the
 * page that claimed it without a session; it shows no more than that page may know (`seats.seenByClaimToken`).
 */
type OpenedBy = 'session' | 'key' | 'claim-token';

/** A registration as it is told where nobody is signed in. */
export function withoutOwner({ attendeeId: _, ...registration }: Registration): Registration {
  return registration;
}

/** What a person asks of a registration of their own. What is not theirs is not there. */
@Injectable()
export class OwnSeats {
  readonly #parts: Parts;
  readonly #access: Access;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access) {
    this.#parts = parts;
    this.#access = access;
  }

  /** One registration, told without its owner where nobody is signed in. @throws ProblemError as `open` */
  async look(id: string, request: FastifyRequest): Promise<Registration> {
    const { registration, by } = await this.#open(id, request, ['session', 'key', 'claim-token']);
    if (by === 'session') return registration;
    const seen = by === 'key' ? registration : await this.#parts.seats.seenByClaimToken(id);
    if (!seen) throw new ProblemError('registration-not-found');
    return withoutOwner(seen);
  }

  /** For what only the signed-in person may ask. @throws ProblemError `not-signed-in`, `registration-not-found` */
  async registration(id: string, request: FastifyRequest): Promise<OwnedRegistration> {
    return (await this.#open(id, request, ['session'])).registration;
  }

  /** A seat that is theirs for good. @throws ProblemError as `open`; `not-confirmed`, `registration-over` */
  async confirmed(id: string, request: FastifyRequest): Promise<OwnedRegistration> {
    const { registration } = await this.#open(id, request, ['session', 'key']);
    const { status } = registration;
    if (isOver(registration)) throw new ProblemError('registration-over');
    if (status !== 'confirmed') throw new ProblemError('not-confirmed');
    return registration;
  }

  /**
   * Change one registration: signed in, or by the key of a mail's link. A mail filter has the key too and presses every button, so the key
   * alone changes nothing: the browser is one that asked, or the code of the mail comes along (header `registration-code`).
   * @param run what changes it, as its person
   * @throws ProblemError as `open`; `code-required`, `code-locked`
   */
  async change(
    id: string,
    request: FastifyRequest,
    run: (attendeeId: string) => Promise<Registration>,
  ): Promise<Registration> {
    const { registration, by } = await this.#open(id, request, ['session', 'key']);
    const { attendeeId } = registration;
    await this.#access.countSeatChange(attendeeId);
    if (by === 'session') return run(attendeeId);
    if (!this.#asked(id, request)) await this.#requireCode(id, request);
    try {
      return withoutOwner(await run(attendeeId));
    } catch (error) {
      // The key opens one registration, and nothing else that its person has.
      const isClash = error instanceof ProblemError && error.code === 'schedule-clash';
      throw isClash ? new ProblemError('schedule-clash', { clashesWith: [] }) : error;
    }
  }

  /**
   * The one place that decides whether a request may open a registration, in the order in which ways are tried.
   * @throws ProblemError `registration-not-found`; `not-signed-in` where a request brings nothing that could open one
   */
  async #open(
    id: string,
    request: FastifyRequest,
    ways: OpenedBy[],
  ): Promise<{ registration: OwnedRegistration; by: OpenedBy }> {
    const { people, seats } = this.#parts;
    const session = this.#access.session(request);
    const token = header(request, 'claim-token');
    const key = header(request, 'registration-key');
    const brought: Record<OpenedBy, unknown> = { session, 'claim-token': token, key };
    if (!ways.some((way) => brought[way])) throw new ProblemError('not-signed-in');
    const registration = await seats.registration(id);
    const opens: Record<OpenedBy, (found: OwnedRegistration) => boolean> = {
      session: ({ attendeeId }) => session?.attendeeId === attendeeId,
      'claim-token': () => token !== undefined && people.claimTokens.open(token) === id,
      // It ends with the registration, and with its Café.
      key: (found) =>
        key !== undefined && people.registrationLinks.opens(key) === id && !isOver(found) && !hasEnded(found),
    };
    const by = registration && ways.find((way) => opens[way](registration));
    if (!registration || !by) throw new ProblemError('registration-not-found');
    return { registration, by };
  }

  /** Whether the browser asked for this registration: its cookie names it, or it has its claim token. */
  #asked(id: string, request: FastifyRequest): boolean {
    const { people } = this.#parts;
    const token = header(request, 'claim-token');
    return people.asked.has(this.#access.asked(request), id) || (!!token && people.claimTokens.open(token) === id);
  }

  async #requireCode(id: string, request: FastifyRequest): Promise<void> {
    const code = header(request, 'registration-code');
    const isRight = code !== undefined && (await this.#parts.people.registrationLinks.tryCode(id, code));
    if (!isRight) throw new ProblemError('code-required');
  }

  /** What is told of a seat on a ticket or in a calendar. @throws ProblemError `cafe-not-found`. */
  async facts({ id, cafeId }: Registration, locale: Locale): Promise<SeatFacts> {
    const { programme, configuration } = this.#parts;
    const cafe = await cafeForMail(programme, cafeId, locale);
    if (!cafe) throw new ProblemError('cafe-not-found');
    return { ...cafe, registrationId: id, url: `${configuration.PUBLIC_URL}/registrations/${id}` };
  }
}

const isOver = ({ status }: Registration) => status === 'cancelled' || status === 'expired';
const hasEnded = ({ endsAt }: Registration) => Date.parse(endsAt) <= Date.now();

/** A header that a request has once. */
function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
