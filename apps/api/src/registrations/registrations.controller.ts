import { Controller, Delete, Get, HttpCode, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Id, type Locale, ProblemError, type Registration } from '#contract';
import { calendarEntry } from '#mail';
import { Access } from '../http/access.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** What a person has: their seats, tickets and calendar entries. How a seat is taken stands in claims.ts. */
@Controller()
export class RegistrationsController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
  }

  @Get('me/registrations')
  mine(@Req() request: FastifyRequest): Promise<Registration[]> {
    return this.#parts.seats.registrationsOf(this.#access.requireSession(request).attendeeId);
  }

  @Delete('registrations/:id')
  @HttpCode(200)
  async cancel(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const { registration, changed } = await this.#parts.seats.cancel(id, attendeeId);
    this.#parts.feed.publish(changed);
    return registration;
  }

  @Get('registrations/:id/ticket.svg')
  async ticket(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { tickets } = this.#parts;
    const { cafeId, endsAt } = await this.#confirmed(id, request);
    reply.type('image/svg+xml').header('cache-control', 'private, no-cache');
    const label = locale === 'fr' ? 'Votre billet' : 'Your ticket';
    return tickets.svg(tickets.ticketFor({ registrationId: id, cafeId, endsAt }), label);
  }

  @Get('registrations/:id/calendar.ics')
  async calendar(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { programme, configuration } = this.#parts;
    const { cafeId } = await this.#confirmed(id, request);
    const cafe = await this.#view.facts(cafeId);
    const room = await programme.room(cafe.roomId);
    reply
      .type('text/calendar; charset=utf-8')
      .header('content-disposition', 'attachment; filename="comptoir.ics"')
      .header('cache-control', 'private, no-cache');
    return calendarEntry(
      {
        registrationId: id,
        title: cafe.texts[locale].title,
        description: cafe.texts[locale].summary,
        startsAt: cafe.startsAt,
        endsAt: cafe.endsAt,
        location: room?.name ?? '',
        url: `${configuration.PUBLIC_URL}/registrations/${id}`,
        organiser: { name: cafe.hosts[0] ?? 'Comptoir', email: 'comptoir@localhost' },
      },
      'PUBLISH',
    );
  }

  /** A confirmed seat of the person who asks. @throws ProblemError `registration-not-found`, also for what is somebody else's. */
  async #confirmed(id: string, request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const registration = await this.#parts.seats.registration(id);
    if (registration?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
    if (registration.status !== 'confirmed') throw new ProblemError('registration-over');
    return registration;
  }
}
