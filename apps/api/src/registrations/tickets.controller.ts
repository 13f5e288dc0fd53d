import { Controller, StreamableFile } from '@nestjs/common';
import { webCalendarLinks } from '#calendar';
import type { Locale, MailKind, TicketKeys, TicketPage } from '#contract';
import { Attendees } from '#identity';
import { calendarTitle, TypedText } from '#mail';
import { Outbox } from '#notifications';
import { MessageReads, type OwnedRegistration } from '#seats';
import { qrCodeSvg, renderTicketPdf, Tickets } from '#tickets';
import { type CallInput, Handles } from '../http/call.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { OwnSeats, requireConfirmed } from './own-seats.ts';

/** The kinds of messages with an invitation for a calendar. */
const invitations = new Set<MailKind>(['confirmed', 'moved-up', 'swapped', 'cafe-moved']);

/** The ticket of a confirmed seat: as data, as an image and for printing; and the keys with which a door checks it. */
@Controller()
export class TicketsController {
  readonly #tickets: Tickets;
  readonly #attendees: Attendees;
  readonly #own: OwnSeats;
  readonly #seats: MessageReads;
  readonly #outbox: Outbox;
  /** A printed ticket takes 20 ms of processor time. */
  readonly #printed: Limit;

  constructor(
    tickets: Tickets,
    attendees: Attendees,
    own: OwnSeats,
    seats: MessageReads,
    outbox: Outbox,
    limits: Limits,
  ) {
    this.#tickets = tickets;
    this.#attendees = attendees;
    this.#own = own;
    this.#seats = seats;
    this.#outbox = outbox;
    this.#printed = limits.limit({ name: 'printed-tickets', points: 20, seconds: 60 });
  }

  @Handles('GET /ticket-keys')
  keys(): TicketKeys {
    return { keys: this.#tickets.publicKeys };
  }

  @Handles('GET /registrations/{id}/ticket')
  async ticket({ id, locale, registration }: CallInput<'GET /registrations/{id}/ticket'>): Promise<TicketPage> {
    const { ticket, validUntil, seat } = await this.#made(registration, locale);
    const here = `/api/v1/registrations/${id}`;
    const entry = { ...seat, title: calendarTitle(seat, locale), location: seat.room };
    return {
      registrationId: id,
      ticket,
      validUntil: validUntil.toISOString(),
      svg: `${here}/ticket.svg`,
      pdf: `${here}/ticket.pdf`,
      addTo: { ...((await this.#isInvited(registration)) ? {} : webCalendarLinks(entry)), ics: `${here}/calendar.ics` },
    };
  }

  @Handles('GET /registrations/{id}/ticket.svg')
  async picture({ locale, registration }: CallInput<'GET /registrations/{id}/ticket.svg'>): Promise<string> {
    const { ticket } = await this.#made(registration, locale);
    return qrCodeSvg(ticket, locale === 'fr' ? 'Votre billet' : 'Your ticket');
  }

  @Handles('GET /registrations/{id}/ticket.pdf')
  async printed({ locale, registration }: CallInput<'GET /registrations/{id}/ticket.pdf'>): Promise<StreamableFile> {
    const { ticket, validUntil, seat } = await this.#made(registration, locale);
    const { attendeeId } = registration;
    await this.#printed.count(attendeeId);
    const person = await this.#attendees.findById(attendeeId);
    const holderName = person && new TypedText(person.name).nameShownTo(person);
    const pdf = await renderTicketPdf({ ticket, validUntil, seat, holderName }, locale);
    const file = locale === 'fr' ? 'billet.pdf' : 'ticket.pdf';
    return new StreamableFile(pdf, { type: 'application/pdf', disposition: `inline; filename="${file}"` });
  }

  /** Returns whether an invitation was sent by mail. A walk-in has none; a refused message did not arrive. */
  async #isInvited(registration: OwnedRegistration): Promise<boolean> {
    const { confirmedBy } = await this.#seats.pastOf(registration);
    if (confirmedBy === 'walk-in') return false;
    const undelivered = await this.#outbox.undeliveredTo(registration.attendeeId);
    return !undelivered.some(({ registrationId, kind }) => registrationId === registration.id && invitations.has(kind));
  }

  async #made(registration: OwnedRegistration, locale: Locale) {
    const { id: registrationId, cafeId, endsAt } = requireConfirmed(registration);
    const ticket = this.#tickets.ticketFor({ registrationId, cafeId, endsAt });
    const validUntil = this.#tickets.read(ticket)?.validUntil ?? new Date(endsAt);
    return { ticket, validUntil, seat: await this.#own.facts(registration, locale) };
  }
}
