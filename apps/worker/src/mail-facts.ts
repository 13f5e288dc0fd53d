import { Inject, Injectable } from '@nestjs/common';
import type { Locale, Registration } from '#contract';
import {
  addressOf,
  type CafeFacts,
  type CalendarFacts,
  composeMail,
  type DelegatedPerson,
  type GivenBack,
  type MailMessage,
  type OutgoingMail,
  type SeatFacts,
} from '#mail';
import type { OwedMail } from '#outbox';
import type { Person } from '#people';
import { tellCafe } from '#programme';
import { composeAttendance, type OwnedRegistration, peopleOfAttendance, type SeatNow } from '#seats';
import { PARTS, type Parts } from './parts.ts';

/** Turns a row of the outbox into a message, from what is true at the moment of sending. */
@Injectable()
export class MailFacts {
  readonly #parts: Parts;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  /** Undefined when another message says it all, what it is about is no longer so, or there is nobody to tell. */
  async write(owed: OwedMail): Promise<OutgoingMail | undefined> {
    if (owed.kind === 'sign-in-code') return this.#signIn(owed);
    const person = owed.attendeeId ? await this.#parts.people.personOf(owed.attendeeId) : undefined;
    const message = person && (await this.#message(owed, person));
    if (!person || !message) return undefined;
    const { name, email: address, locale } = person;
    return { to: { name, address }, messageId: owed.messageId, mail: await composeMail(message, locale) };
  }

  async #signIn({ challengeId, messageId, takenAt }: OwedMail): Promise<OutgoingMail | undefined> {
    const { people } = this.#parts;
    const challenge = challengeId ? await people.challenge(challengeId) : undefined;
    if (!challenge || Date.parse(challenge.expiresAt) < takenAt.getTime()) return undefined;
    const { id, email, locale } = challenge;
    const person = await people.attendeeOf(email);
    const code = await people.signInCode(id);
    const message = { kind: 'sign-in-code', code, link: people.signInLink(id, '/me') } as const;
    return { to: { name: person?.name ?? '', address: email }, messageId, mail: await composeMail(message, locale) };
  }

  async #message(owed: OwedMail, person: Person): Promise<MailMessage | undefined> {
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

  async #aboutSeat(owed: OwedMail, person: Person, now: SeatNow): Promise<MailMessage | undefined> {
    const { configuration, people, tickets } = this.#parts;
    const { registration } = now;
    const { id: registrationId, cafeId, endsAt, status, expiresAt, waitlistPosition } = registration;
    const programmeUrl = `${configuration.PUBLIC_URL}/`;
    const { name } = person;
    const seat = await this.#seat(registration, person.locale);
    const ticket = () => tickets.ticketFor({ registrationId, cafeId, endsAt });
    const { kind } = owed;
    switch (kind) {
      case 'prove-address': {
        // Proved or over by now: there is nothing left to prove for this seat.
        if (!registration.guest) return undefined;
        const until = expiresAt ?? registration.proveBy;
        const id = await people.challengeFor({ attendeeId: person.attendeeId, registrationId, until });
        const link = people.signInLink(id, `/registrations/${registrationId}`);
        return { kind, name, code: await people.signInCode(id), link, seat, expiresAt, waitlistPosition };
      }
      case 'waitlisted':
        // No longer in line: the message about what came next is owed, too.
        if (!waitlistPosition) return undefined;
        return { kind, name, seat, waitlistPosition, registeredBy: await this.#registeredBy(person, now) };
      case 'offered': {
        // Answered or over by now: another message says how it ended.
        if (status !== 'offered' || !expiresAt) return undefined;
        const wasTheirs = await this.#parts.seats.wasConfirmed(registration);
        const moved = wasTheirs && {
          calendar: this.#calendar(person, now, seat),
          before: await this.#placeBefore(cafeId),
        };
        return { kind, name, seat, expiresAt, swaps: await this.#swapped(person, registration), ...moved };
      }
      case 'offer-expired':
      case 'line-closed':
        return { kind, name, seat, programmeUrl };
      case 'seat-released':
        // Seated again by now: they are in the room.
        return status === 'cancelled' ? { kind, name, seat, programmeUrl } : undefined;
      case 'confirmed':
      case 'moved-up':
      case 'swapped': {
        // A move made an offer of it, and that message is owed.
        if (status === 'offered') return undefined;
        if (status !== 'confirmed') return { kind, name, seat, over: true };
        const gaveBack = kind === 'swapped' ? await this.#gaveBack(person, registration) : undefined;
        const registeredBy = kind === 'confirmed' ? await this.#registeredBy(person, now) : undefined;
        const calendar = this.#calendar(person, now, seat);
        return { kind, name, seat, ticket: ticket(), calendar, gaveBack, registeredBy };
      }
      case 'cafe-moved': {
        if (status === 'cancelled' || status === 'expired') return undefined;
        const before = await this.#placeBefore(cafeId);
        const confirmed = status === 'confirmed' && { ticket: ticket(), calendar: this.#calendar(person, now, seat) };
        return { kind, name, seat, before, ...confirmed };
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
        return { kind, name, seat, ticket: ticket(), settingsUrl, now: new Date().toISOString() };
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
    const calendar = (await seats.wasConfirmed(registration)) && this.#calendar(person, now, seat);
    const about = {
      name: person.name,
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
    return {
      kind: 'host-list',
      name: person.name,
      cafe: await this.#cafe(cafeId, person.locale),
      expected: listed.filter(({ status }) => status === 'confirmed'),
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
      name: person.name,
      cafe: await this.#cafe(cafeId, person.locale),
      people: registrations.map(({ attendeeId, status, waitlistPosition }): DelegatedPerson => {
        const { email = '' } = names.get(attendeeId) ?? {};
        return { email, status: delegatedStatus[status], position: waitlistPosition };
      }),
      programmeUrl: `${configuration.PUBLIC_URL}/`,
    };
  }

  async #thanks({ eventId }: OwedMail, person: Person): Promise<MailMessage | undefined> {
    const { configuration, programme, seats } = this.#parts;
    const event = eventId ? await programme.eventById(eventId) : undefined;
    if (!event) return undefined;
    const all = await seats.registrationsOf(person.attendeeId);
    const here = all.filter((registration) => registration.eventId === event.id);
    const attended = await Promise.all(
      here.filter(({ checkedInAt }) => checkedInAt).map(({ cafeId }) => this.#cafe(cafeId, person.locale)),
    );
    return {
      kind: 'thanks',
      name: person.name,
      email: person.email,
      organisation: person.organisation,
      event: event.title[person.locale],
      attended,
      registrations: here.length,
      dataUrl: `${configuration.PUBLIC_URL}/me/settings`,
    };
  }

  /** The name of whoever took the seat, where that is another person than its own. */
  async #registeredBy(person: Person, { delegatedBy }: SeatNow): Promise<string | undefined> {
    if (!delegatedBy || delegatedBy === person.attendeeId) return undefined;
    return (await this.#parts.people.personOf(delegatedBy))?.name;
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
        return { seat, calendar: this.#calendar(person, now, seat) };
      }),
    );
  }

  #calendar({ name, email }: Person, { cafeVersion: sequence }: SeatNow, { event }: CafeFacts): CalendarFacts {
    const organiser = { name: event, email: addressOf(this.#parts.configuration.MAIL_FROM) };
    return { organiser, attendee: { name, email }, sequence };
  }

  async #placeBefore(cafeId: string) {
    const place = await this.#parts.seats.placeBefore(cafeId);
    const room = place && (await this.#parts.programme.room(place.roomId));
    return place && { startsAt: place.startsAt, endsAt: place.endsAt, room: room?.name ?? '' };
  }

  async #seat(registration: Registration, locale: Locale): Promise<SeatFacts> {
    return {
      ...(await this.#cafe(registration.cafeId, locale)),
      registrationId: registration.id,
      url: `${this.#parts.configuration.PUBLIC_URL}/registrations/${registration.id}`,
    };
  }

  /** @throws Error where the Café of a registration is gone, which cannot be while there is one. */
  async #cafe(cafeId: string, locale: Locale): Promise<CafeFacts> {
    const cafe = await tellCafe(this.#parts.programme, cafeId, locale);
    if (!cafe) throw new Error('the Café of this message is gone');
    return cafe;
  }
}

const delegatedStatus: Record<Registration['status'], DelegatedPerson['status']> = {
  confirmed: 'confirmed',
  held: 'kept',
  offered: 'kept',
  waitlisted: 'waitlisted',
  cancelled: 'ended',
  expired: 'ended',
};
