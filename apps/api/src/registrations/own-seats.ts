import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Locale, ProblemError, type Registration } from '#contract';
import type { SeatFacts } from '#mail';
import { tellCafe } from '#programme';
import { Access } from '../http/access.ts';
import { PARTS, type Parts } from '../parts.ts';

/** What a person asks of a seat of their own. What is somebody else's is not there. */
@Injectable()
export class OwnSeats {
  readonly #parts: Parts;
  readonly #access: Access;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access) {
    this.#parts = parts;
    this.#access = access;
  }

  /** @throws ProblemError `not-signed-in`, `registration-not-found`. */
  async registration(id: string, request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const registration = await this.#parts.seats.registration(id);
    if (registration?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
    return registration;
  }

  /** A seat that is theirs for good. @throws ProblemError as `registration`; `not-confirmed`, `registration-over`. */
  async confirmed(id: string, request: FastifyRequest): Promise<Registration> {
    const registration = await this.registration(id, request);
    const { status } = registration;
    if (status === 'cancelled' || status === 'expired') throw new ProblemError('registration-over');
    if (status !== 'confirmed') throw new ProblemError('not-confirmed');
    return registration;
  }

  /** What is told of a seat on a ticket or in a calendar. @throws ProblemError `cafe-not-found`. */
  async facts({ id, cafeId }: Registration, locale: Locale): Promise<SeatFacts> {
    const { programme, configuration } = this.#parts;
    const cafe = await tellCafe(programme, cafeId, locale);
    if (!cafe) throw new ProblemError('cafe-not-found');
    return { ...cafe, registrationId: id, url: `${configuration.PUBLIC_URL}/registrations/${id}` };
  }
}
