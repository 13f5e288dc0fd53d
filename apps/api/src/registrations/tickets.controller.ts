import { Controller, Get, Header, Inject, Param, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { webCalendarLinks } from '#calendar';
import { Id, type Locale, type TicketKeys, type TicketPage } from '#contract';
import { TypedText } from '#mail';
import { qrCodeSvg, renderTicketPdf } from '#tickets';
import { type Limit, Limits } from '../http/limits.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { OwnSeats } from './own-seats.ts';

/** The ticket of a confirmed seat: as data, as a picture and for printing; and the keys with which a door checks it. */
@Controller()
export class TicketsController {
  readonly #parts: Parts;
  readonly #own: OwnSeats;
  /** A printed ticket takes 20 ms of processor. */
  readonly #printed: Limit;

  constructor(@Inject(PARTS) parts: Parts, @Inject(OwnSeats) own: OwnSeats, @Inject(Limits) limits: Limits) {
    this.#parts = parts;
    this.#own = own;
    this.#printed = limits.limit({ name: 'printed-tickets', points: 20, seconds: 60 });
  }

  @Get('ticket-keys')
  @Header('cache-control', 'public, max-age=300')
  keys(): TicketKeys {
    return { keys: this.#parts.tickets.publicKeys };
  }

  @Get('registrations/:id/ticket')
  async ticket(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<TicketPage> {
    const { ticket, validUntil, seat } = await this.#made(id, locale, request);
    const here = `/api/v1/registrations/${id}`;
    const entry = { ...seat, title: `${seat.label} – ${seat.title}`, location: `${seat.room}, ${seat.event}` };
    return {
      registrationId: id,
      ticket,
      validUntil: validUntil.toISOString(),
      svg: `${here}/ticket.svg`,
      pdf: `${here}/ticket.pdf`,
      addTo: { ...webCalendarLinks(entry), ics: `${here}/calendar.ics` },
    };
  }

  @Get('registrations/:id/ticket.svg')
  async picture(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { ticket } = await this.#made(id, locale, request);
    reply.type('image/svg+xml');
    return qrCodeSvg(ticket, locale === 'fr' ? 'Votre billet' : 'Your ticket');
  }

  @Get('registrations/:id/ticket.pdf')
  async printed(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    const { ticket, validUntil, seat, attendeeId } = await this.#made(id, locale, request);
    await this.#printed.count(attendeeId);
    const person = await this.#parts.people.personOf(attendeeId);
    const holderName = person && new TypedText(person.name).nameShownTo(person);
    const pdf = await renderTicketPdf({ ticket, validUntil, seat, holderName }, locale);
    const file = locale === 'fr' ? 'billet.pdf' : 'ticket.pdf';
    return new StreamableFile(pdf, { type: 'application/pdf', disposition: `inline; filename="${file}"` });
  }

  async #made(id: string, locale: Locale, request: FastifyRequest) {
    const { tickets } = this.#parts;
    const registration = await this.#own.confirmed(id, request);
    const { cafeId, endsAt, attendeeId } = registration;
    const ticket = tickets.ticketFor({ registrationId: id, cafeId, endsAt });
    const validUntil = tickets.read(ticket)?.validUntil ?? new Date(endsAt);
    return { ticket, validUntil, attendeeId, seat: await this.#own.facts(registration, locale) };
  }
}
