import { Controller } from '@nestjs/common';
import { type CheckInAnswer, type Locale, ProblemError, type Registration } from '#contract';
import { Attendees } from '#identity';
import { type CafeFacts, localiseTexts, Programme } from '#programme';
import { type CheckedIn, CheckIns, NAMELESS_GUEST, RegistrationReads, type SeatClash, type TypedName } from '#seats';
import { readTicketText } from '#text';
import { Tickets } from '#tickets';
import { Access } from '../http/access.ts';
import { type CallInput, Handles } from '../http/call.ts';
import { Deliverable } from '../http/deliverable.ts';
import { requestIdOf } from '../http/repeatable.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { isOnAnotherDay } from './day.ts';

/** Check-ins at the door of a Café, by its hosts and the organisers. */
@Controller()
export class DoorController {
  readonly #reads: RegistrationReads;
  readonly #checkIns: CheckIns;
  readonly #attendees: Attendees;
  readonly #programme: Programme;
  readonly #tickets: Tickets;
  readonly #access: Access;
  readonly #view: CafeView;
  readonly #deliverable: Deliverable;

  constructor(
    reads: RegistrationReads,
    checkIns: CheckIns,
    attendees: Attendees,
    programme: Programme,
    tickets: Tickets,
    access: Access,
    view: CafeView,
    deliverable: Deliverable,
  ) {
    this.#reads = reads;
    this.#checkIns = checkIns;
    this.#attendees = attendees;
    this.#programme = programme;
    this.#tickets = tickets;
    this.#access = access;
    this.#view = view;
    this.#deliverable = deliverable;
  }

  @Handles('POST /check-ins')
  async checkIn({ body, session, cafe, request }: CallInput<'POST /check-ins'>): Promise<CheckInAnswer> {
    const { attendeeId: by } = session;
    const { scannedAt, device, source, clientId = requestIdOf(request, by) } = body;
    const hasTicket = 'ticket' in body;
    const registrationId = hasTicket ? this.#registrationOf(body.ticket) : body.registrationId;
    const found = await this.#reads.registration(registrationId);
    // Rejects tickets and registrations of other events.
    if (found?.eventId !== cafe.eventId)
      throw new ProblemError(hasTicket ? 'ticket-invalid' : 'registration-not-found');
    // A host of another room sees the registration only with the ticket of that person.
    const isShown =
      hasTicket || found.cafeId === cafe.id || (await this.#access.isHost(by, await this.#view.facts(found.cafeId)));
    if (hasTicket && body.todayOnly && (await this.#isTooEarlyOrLate(found, cafe, scannedAt)))
      return this.#answer({ result: 'other-day', registration: found });
    const checked = await this.#answer(
      await this.#checkIns.checkIn({
        ...{ registrationId, cafeId: cafe.id, by, scannedAt, clientId, device },
        source: source ?? (hasTicket ? 'scan' : 'list'),
      }),
    );
    const { person, ...rest } = checked;
    return isShown ? checked : rest;
  }

  @Handles('POST /cafes/{id}/walk-ins')
  async walkIn(input: CallInput<'POST /cafes/{id}/walk-ins'>): Promise<CheckInAnswer> {
    const { id: cafeId, body, locale, session, request } = input;
    const { attendeeId: by } = session;
    const { name, organisation, email } = body;
    if (email) await this.#deliverable.check({ email });
    const typed = { name, ...(organisation && { organisation }) };
    const attendeeId = email
      ? await this.#attendees.upsertByEmail({ locale, email, ...typed })
      : await this.#attendees.createWithoutAddress({ locale, ...typed });
    try {
      const checked = await this.#checkIns.walkIn({
        cafeId,
        attendeeId,
        by,
        // The name of a person without an address is theirs alone.
        ...(email && { typed }),
        clientId: requestIdOf(request, by),
      });
      return this.#answer(checked, typed);
    } catch (error) {
      throw await this.#withKnownClashes(error, by, locale);
    }
  }

  @Handles('DELETE /check-ins/{registrationId}')
  undo({ registrationId, session }: CallInput<'DELETE /check-ins/{registrationId}'>): Promise<Registration> {
    return this.#checkIns.undoCheckIn(registrationId, session.attendeeId);
  }

  /** @throws ProblemError `ticket-invalid` */
  #registrationOf(text: string): string {
    const ticket = this.#tickets.read(readTicketText(text));
    if (!ticket || ticket.validUntil.getTime() < Date.now()) throw new ProblemError('ticket-invalid');
    return ticket.registrationId;
  }

  /**
   * Returns whether a check-in here would be recorded although the Café is on another day than the scan.
   * @throws ProblemError `event-not-found`
   */
  async #isTooEarlyOrLate(
    { cafeId, status, checkedInAt }: Registration,
    cafe: CafeFacts,
    scannedAt: string | undefined,
  ): Promise<boolean> {
    if (cafeId !== cafe.id || status !== 'confirmed' || checkedInAt) return false;
    const event = await this.#programme.event({ id: cafe.eventId });
    if (!event) throw new ProblemError('event-not-found');
    return isOnAnotherDay(cafe, event.timeZone, scannedAt ? Math.min(Date.parse(scannedAt), Date.now()) : Date.now());
  }

  /** @param typed the name that a host typed in this request; it is shown instead of the name of the attendee */
  async #answer(
    { result, registration }: Pick<CheckInAnswer, 'result'> & Pick<CheckedIn, 'registration'>,
    typed?: TypedName,
  ): Promise<CheckInAnswer> {
    const { id: registrationId, status, checkedInAt, attendeeId } = registration;
    const shownName = typed ?? (await this.#reads.typedName(registrationId)) ?? (registration.guest && NAMELESS_GUEST);
    const person = shownName || (await this.#attendees.findById(attendeeId));
    return {
      result,
      registration,
      ...(person && {
        person: {
          registrationId,
          name: person.name,
          ...(person.organisation && { organisation: person.organisation }),
          status,
          ...(checkedInAt && { checkedInAt }),
        },
      }),
    };
  }

  /** Names the clashing Cafés of the host. Other clashing Cafés are counted, not named. */
  async #withKnownClashes(error: unknown, by: string, locale: Locale): Promise<unknown> {
    if (!(error instanceof ProblemError) || error.code !== 'schedule-clash') return error;
    const clashesWith = [];
    for (const clash of error.members.clashesWith as SeatClash[]) {
      const cafe = await this.#view.facts(clash.cafeId);
      if (await this.#access.isHost(by, cafe)) clashesWith.push({ ...clash, title: localiseTexts(cafe, locale).title });
    }
    return new ProblemError('schedule-clash', { clashesWith });
  }
}
