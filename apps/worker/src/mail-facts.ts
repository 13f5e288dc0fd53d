import { Inject, Injectable } from '@nestjs/common';
import { calendarEntry } from '#calendar';
import type { Locale, Registration } from '#contract';
import type { Challenge, Person } from '#identity';
import {
  type Addressee,
  type CafeFacts,
  type CalendarFacts,
  createMailComposer,
  type Delegate,
  type DelegatedPerson,
  emailAddress,
  type GivenBack,
  type MailMessage,
  type OutgoingMail,
  type SeatFacts,
  TypedText,
} from '#mail';
import type { OwedMail } from '#notifications';
import { tellCafe } from '#programme';
import { composeAttendance, type OwnedRegistration, peopleOfAttendance, type SeatNow } from '#seats';
import { qrCodePng } from '#tickets';
import { PARTS, type Parts } from './parts.ts';
import { OverBudget } from './retries.ts';

/** What opens a challenge: made when all else of its message is known, and the message may be sent. */
type Opens = 'code' | 'link';
type Written = Exclude<MailMessage, { kind: 'prove-address' }> | Omit<MessageOf<'prove-address'>, Opens>;
type MessageOf<Kind extends MailMessage['kind']> = Extract<MailMessage, { kind: Kind }>;

/** The mail with a code of a guest who waits in line waits so long for its budget, in milliseconds: its page sends another. */
const BUDGET_WAIT_MAX_MS = 3_600_000;

const composer = createMailComposer({ ticketImage: qrCodePng, calendarEntry });

/** Turns a row of the outbox into a message, from what is true at the moment of sending. */
@Injectable()
export class MailFacts {
  readonly #parts: Parts;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Undefined when another message says it all, what it is about is no longer so, or there is nobody to tell.
   * @throws OverBudget where it goes to an address that is not proved, and may not go yet
   */
  async write(owed: OwedMail): Promise<OutgoingMail | undefined> {
    const { people } = this.#parts;
    if (owed.kind === 'sign-in-code') return this.#signIn(owed);
    const person = owed.attendeeId ? await people.personOf(owed.attendeeId) : undefined;
    const written = person && (await this.#message(owed, person));
    if (!person || !written) return undefined;
    const message = await this.#allowed(owed, written, person);
    return message && { messageId: owed.messageId, mail: await composer.compose(message, addressee(person)) };
  }

  async #signIn(owed: OwedMail): Promise<OutgoingMail | undefined> {
    const { people } = this.#parts;
    const { challengeId, messageId, takenAt } = owed;
    const challenge = challengeId ? await people.challenge(challengeId) : undefined;
    const minutes = challenge && minutesLeft(challenge, takenAt);
    if (!challenge || !minutes || minutes.link === 0) return undefined;
    const { id, email, locale } = challenge;
    const person = await people.attendeeOf(email);
    // Counted in its mailbox and in the budget when it was enqueued.
    const message: MailMessage = {
      kind: 'sign-in-code',
      link: people.signInLink(id, '/me'),
      linkMinutes: minutes.link,
      ...(minutes.code > 0 && { code: { digits: await people.signInCode(id), minutes: minutes.code } }),
    };
    const to = { name: new TypedText(person?.name ?? ''), address: email, proved: person?.proved ?? false, locale };
    return { messageId, mail: await composer.compose(message, to) };
  }

  /** The message where its address may be sent it now, or never. @throws OverBudget where it may not yet */
  async #allowed(owed: OwedMail, written: Written, person: Person): Promise<MailMessage | undefined> {
    if (written.kind === 'prove-address') return this.#prove(owed, written, person);
    if (person.proved) return written;
    const waitMs = await this.#parts.outbox.takeBudget(owed, await this.#eventOf(owed));
    if (waitMs !== undefined) throw new OverBudget(waitMs);
    return written;
  }

  async #eventOf({ eventId, registrationId, cafeId, delegationId }: OwedMail): Promise<string | undefined> {
    const { programme, seats } = this.#parts;
    if (eventId) return eventId;
    if (registrationId) return (await seats.seatNow(registrationId))?.registration.eventId;
    if (delegationId) return (await seats.delegated(delegationId))[0]?.eventId;
    return cafeId && (await programme.cafe(cafeId))?.eventId;
  }

  /**
   * A mail with a code, where its mailbox and its budget allow it. What would come too late by the time that there is budget again is not
   * sent: it would use up the budget of that hour. @throws OverBudget
   */
  async #prove(
    owed: OwedMail,
    written: Omit<MessageOf<'prove-address'>, Opens>,
    person: Person,
  ): Promise<MessageOf<'prove-address'> | undefined> {
    const waitMs = await this.#parts.outbox.takeProve(owed.outboxId, person, await this.#eventOf(owed));
    if (waitMs === 'full') return undefined;
    if (waitMs === undefined) return this.#withChallenge(written, person);
    const until = written.expiresAt ?? written.proveBy;
    const endsAt = until ? Date.parse(until) : owed.triedSince.getTime() + BUDGET_WAIT_MAX_MS;
    if (owed.takenAt.getTime() + waitMs > endsAt) return undefined;
    throw new OverBudget(waitMs);
  }

  /** The code and the link of a challenge for this message alone. */
  async #withChallenge(
    written: Omit<MessageOf<'prove-address'>, Opens>,
    { attendeeId }: Person,
  ): Promise<MessageOf<'prove-address'>> {
    const { people } = this.#parts;
    const { registrationId } = written.seat;
    const until = written.expiresAt ?? written.proveBy;
    const id = await people.challengeFor({ attendeeId, registrationId, ...(until && { until }) });
    const link = people.signInLink(id, `/registrations/${registrationId}`);
    return { ...written, code: await people.signInCode(id), link };
  }

  async #message(owed: OwedMail, person: Person): Promise<Written | undefined> {
    switch (owed.kind) {
      case 'host-list':
        return this.#hostList(owed, person);
      case 'delegation-summary':
        return this.#delegation(owed, person);
      case 'thanks':
        return this.#thanks(owed, person);
      default: {
        const now = owed.registrationId ? await this.#parts.seats.seatNow(owed.registrationId) : undefined;
        return now && this.#aboutSeat(owed, person, now);
      }
    }
  }

  async #aboutSeat(owed: OwedMail, person: Person, now: SeatNow): Promise<Written | undefined> {
    const { configuration, tickets } = this.#parts;
    const { registration } = now;
    const { id: registrationId, cafeId, endsAt, status, guest, expiresAt, waitlistPosition, proveBy } = registration;
    const programmeUrl = `${configuration.PUBLIC_URL}/`;
    const seat = await this.#seat(registration, person.locale);
    const ticket = () => tickets.ticketFor({ registrationId, cafeId, endsAt });
    const { kind } = owed;
    switch (kind) {
      case 'prove-address': {
        // Confirmed by its person or over by now: there is nothing left to prove for this seat.
        if (!guest || (status !== 'held' && status !== 'waitlisted')) return undefined;
        const registeredBy = await this.#registeredBy(person, now);
        // One code in one message: this one confirms.
        const { keyed, ...unkeyed } = seat;
        return { kind, seat: unkeyed, expiresAt, waitlistPosition, proveBy, registeredBy };
      }
      case 'waitlisted':
        // No longer in line: the message about what came next is owed, too.
        if (!waitlistPosition) return undefined;
        return { kind, seat, waitlistPosition, registeredBy: await this.#registeredBy(person, now) };
      case 'offered': {
        // Answered or over by now: another message says how it ended.
        if (status !== 'offered' || !expiresAt) return undefined;
        const wasTheirs = await this.#parts.seats.wasConfirmed(registration);
        const moved = wasTheirs && {
          calendar: this.#calendar(now, seat),
          before: await this.#placeBefore(cafeId),
        };
        return { kind, seat, expiresAt, swaps: await this.#swapped(person, registration), ...moved };
      }
      case 'offer-expired':
      case 'line-closed':
        return { kind, seat, programmeUrl };
      case 'seat-released':
        // Seated again by now: they are in the room.
        return status === 'cancelled' ? { kind, seat, programmeUrl } : undefined;
      case 'confirmed':
      case 'moved-up':
      case 'swapped': {
        // A move made an offer of it, and that message is owed.
        if (status === 'offered') return undefined;
        if (status !== 'confirmed') return { kind, seat, over: true };
        const gaveBack = kind === 'swapped' ? await this.#gaveBack(person, registration) : undefined;
        const registeredBy = kind === 'confirmed' ? await this.#registeredBy(person, now) : undefined;
        return { kind, seat, ticket: ticket(), calendar: this.#calendar(now, seat), gaveBack, registeredBy };
      }
      case 'cafe-moved': {
        if (status === 'cancelled' || status === 'expired') return undefined;
        const before = await this.#placeBefore(cafeId);
        const confirmed = status === 'confirmed' && { ticket: ticket(), calendar: this.#calendar(now, seat) };
        return { kind, seat, before, ...confirmed };
      }
      case 'cancelled':
      case 'cancelled-by-organiser':
      case 'capacity-lost':
        return this.#ended(kind, person, now, seat);
      case 'reminder-day-before':
      case 'reminder-soon': {
        // Whether it is still due was asked before; it may have been given back since.
        if (status !== 'confirmed') return undefined;
        const settingsUrl = `${configuration.PUBLIC_URL}/me/settings`;
        return { kind, seat, ticket: ticket(), settingsUrl, now: new Date().toISOString() };
      }
      default:
        return undefined;
    }
  }

  /** A seat that ended. It leaves the calendar where it may have come into it. */
  async #ended(
    kind: 'cancelled' | 'cancelled-by-organiser' | 'capacity-lost',
    person: Person,
    now: SeatNow,
    seat: SeatFacts,
  ): Promise<MailMessage> {
    const { configuration, programme, seats } = this.#parts;
    const { registration, cafeState } = now;
    const calendar = (await seats.wasConfirmed(registration)) && this.#calendar(now, seat);
    const about = {
      seat,
      ...(calendar && { calendar }),
      programmeUrl: `${configuration.PUBLIC_URL}/`,
    };
    if (kind !== 'cancelled-by-organiser') return { kind, ...about };
    const cafeCancelled = cafeState === 'cancelled';
    const clashing = cafeCancelled ? [] : await seats.clashesWith(person.attendeeId, registration.cafeId);
    const other = clashing[0] && (await programme.cafe(clashing[0].cafeId));
    return { kind, ...about, cafeCancelled, clashesWith: other?.texts[person.locale].title };
  }

  async #hostList({ cafeId }: OwedMail, person: Person): Promise<MailMessage | undefined> {
    const { configuration, people, seats } = this.#parts;
    const attendance = cafeId ? await seats.attendanceOf(cafeId) : undefined;
    if (!cafeId || !attendance) return undefined;
    const names = await people.namesOf(peopleOfAttendance(attendance.people));
    const { capacity, waitlisted, people: listed } = composeAttendance(attendance, names);
    const proved = new Set(
      attendance.people
        .filter(({ attendeeId }) => names.get(attendeeId)?.proved)
        .map(({ registrationId }) => registrationId),
    );
    return {
      kind: 'host-list',
      cafe: await this.#cafe(cafeId, person.locale),
      expected: listed
        .filter(({ status }) => status === 'confirmed')
        .map(({ registrationId, name, organisation }) => ({
          name: new TypedText(name),
          ...(organisation && { organisation: new TypedText(organisation) }),
          proved: proved.has(registrationId),
        })),
      capacity,
      waitlisted,
      doorUrl: `${configuration.PUBLIC_URL}/host/cafes/${cafeId}`,
    };
  }

  async #delegation({ delegationId }: OwedMail, person: Person): Promise<MailMessage | undefined> {
    const { configuration, people, seats } = this.#parts;
    const registrations = delegationId ? await seats.delegated(delegationId) : [];
    const cafeId = registrations[0]?.cafeId;
    if (!cafeId) return undefined;
    const names = await people.namesOf(registrations.map(({ attendeeId }) => attendeeId));
    return {
      kind: 'delegation-summary',
      cafe: await this.#cafe(cafeId, person.locale),
      people: registrations.map(({ attendeeId, status, waitlistPosition }): DelegatedPerson => {
        const { email = '' } = names.get(attendeeId) ?? {};
        return { email: new TypedText(email), status: delegatedStatus[status], position: waitlistPosition };
      }),
      programmeUrl: `${configuration.PUBLIC_URL}/`,
    };
  }

  async #thanks({ eventId }: OwedMail, person: Person): Promise<MailMessage | undefined> {
    const { configuration, programme, seats } = this.#parts;
    const event = eventId ? await programme.eventById(eventId) : undefined;
    if (!event) return undefined;
    const all = await seats.registrationsOf(person.attendeeId);
    // A guest registration that was not proved is not theirs.
    const here = all.filter(({ eventId: of, guest }) => of === event.id && !guest);
    const attended = await Promise.all(
      here.filter(({ checkedInAt }) => checkedInAt).map(({ cafeId }) => this.#cafe(cafeId, person.locale)),
    );
    return {
      kind: 'thanks',
      kept: {
        name: new TypedText(person.name),
        email: new TypedText(person.email),
        ...(person.organisation && { organisation: new TypedText(person.organisation) }),
      },
      keepsOrganisation: person.organisation !== undefined,
      event: event.title[person.locale],
      attended,
      registrations: here.length,
      dataUrl: `${configuration.PUBLIC_URL}/me/settings`,
    };
  }

  /** Who took the seat, where that is another person than its own. Their address is proved: they were signed in. */
  async #registeredBy(person: Person, { delegatedBy }: SeatNow): Promise<Delegate | undefined> {
    if (!delegatedBy || delegatedBy === person.attendeeId) return undefined;
    const delegate = await this.#parts.people.personOf(delegatedBy);
    return delegate?.proved ? { address: delegate.email } : undefined;
  }

  /** The seats that accepting an offer gives back. */
  async #swapped(person: Person, { cafeId, overlapping }: Registration): Promise<CafeFacts[]> {
    if (!overlapping) return [];
    const clashing = await this.#parts.seats.clashesWith(person.attendeeId, cafeId);
    return Promise.all(clashing.map((seat) => this.#cafe(seat.cafeId, person.locale)));
  }

  async #gaveBack(person: Person, registration: OwnedRegistration): Promise<GivenBack[]> {
    const given = await this.#parts.seats.givenBackFor(registration);
    return Promise.all(
      given.map(async (now) => {
        const seat = await this.#seat(now.registration, person.locale);
        return { seat, calendar: this.#calendar(now, seat) };
      }),
    );
  }

  #calendar({ cafeVersion: sequence }: SeatNow, { event }: CafeFacts): CalendarFacts {
    return { organiser: { name: event, email: emailAddress(this.#parts.configuration.MAIL_FROM) }, sequence };
  }

  async #placeBefore(cafeId: string) {
    const place = await this.#parts.seats.placeBefore(cafeId);
    const room = place && (await this.#parts.programme.room(place.roomId));
    return place && { startsAt: place.startsAt, endsAt: place.endsAt, room: room?.name ?? '' };
  }

  /** A seat; with the key of its page and the code as long as they open it. */
  async #seat(registration: Registration, locale: Locale): Promise<SeatFacts> {
    const { configuration, people } = this.#parts;
    const { id, cafeId, status } = registration;
    const url = `${configuration.PUBLIC_URL}/registrations/${id}`;
    const opens = keyedStatuses.has(status);
    const { registrationLinks: links } = people;
    return {
      ...(await this.#cafe(cafeId, locale)),
      registrationId: id,
      url,
      ...(opens && { keyed: { url: `${url}?key=${links.key(id)}`, code: links.code(id) } }),
    };
  }

  /** @throws Error where the Café of a registration is gone, which cannot be while there is one. */
  async #cafe(cafeId: string, locale: Locale): Promise<CafeFacts> {
    const cafe = await tellCafe(this.#parts.programme, cafeId, locale);
    if (!cafe) throw new Error('the Café of this message is gone');
    return cafe;
  }
}

/** While a registration has one of these, the key of its page opens it. */
const keyedStatuses = new Set<Registration['status']>(['held', 'waitlisted', 'offered', 'confirmed']);

function addressee({ name, email: address, proved, locale }: Person): Addressee {
  return { name: new TypedText(name), address, proved, locale };
}

/** How long a code and its link are still good for, in whole minutes; by the database's clock, as their ends are. */
function minutesLeft({ expiresAt, codeExpiresAt }: Challenge, now: Date) {
  const until = (instant: string) => Math.max(0, Math.round((Date.parse(instant) - now.getTime()) / 60_000));
  return { link: until(expiresAt), code: until(codeExpiresAt) };
}

const delegatedStatus: Record<Registration['status'], DelegatedPerson['status']> = {
  confirmed: 'confirmed',
  held: 'kept',
  offered: 'kept',
  waitlisted: 'waitlisted',
  cancelled: 'ended',
  expired: 'ended',
};
