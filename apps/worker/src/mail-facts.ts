import { Inject, Injectable } from '@nestjs/common';
import type { Locale, Registration } from '#contract';
import { composeMail, type MailMessage, type OutgoingMail, type SeatFacts } from '#mail';
import type { OwedMail } from '#outbox';
import type { Person } from '#people';
import { PARTS, type Parts } from './parts.ts';

const kindWords = {
  fr: { cafe: 'Café', stand: 'Stand', space: 'Espace' },
  en: { cafe: 'Café', stand: 'Stand', space: 'Space' },
};

/** Turns a row of the outbox into a message, from what is true at the moment of sending. */
@Injectable()
export class MailFacts {
  readonly #parts: Parts;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  /** Undefined when a later message of the same registration says it all, or there is nobody to tell. */
  async write(owed: OwedMail): Promise<OutgoingMail | undefined> {
    return owed.kind === 'sign-in-code' ? this.#signIn(owed) : this.#aboutSeat(owed);
  }

  async #signIn({ challengeId, messageId }: OwedMail): Promise<OutgoingMail | undefined> {
    const { people } = this.#parts;
    const challenge = challengeId ? await people.challenge(challengeId) : undefined;
    if (!challenge || Date.parse(challenge.expiresAt) < Date.now()) return undefined;
    const { id, email, locale } = challenge;
    const person = await people.attendeeOf(email);
    const message = { kind: 'sign-in-code', code: people.signInCode(id), link: people.signInLink(id, '/me') } as const;
    return { to: { name: person?.name ?? '', address: email }, messageId, mail: await composeMail(message, locale) };
  }

  async #aboutSeat(owed: OwedMail): Promise<OutgoingMail | undefined> {
    const { people, seats } = this.#parts;
    const [person, registration] = await Promise.all([
      people.personOf(owed.attendeeId ?? ''),
      seats.registration(owed.registrationId ?? ''),
    ]);
    if (!person || !registration) return undefined;
    const message = await this.#message(owed, person, registration);
    return (
      message && {
        to: { name: person.name, address: person.email },
        messageId: owed.messageId,
        mail: await composeMail(message, person.locale),
      }
    );
  }

  async #message(owed: OwedMail, person: Person, registration: Registration): Promise<MailMessage | undefined> {
    const { configuration, people, tickets } = this.#parts;
    const { name, locale, email } = person;
    const { id: registrationId, cafeId, status, expiresAt, waitlistPosition } = registration;
    const seat = await this.#seat(registration, locale);
    const organiser = { name: seat.event, email: addressOf(configuration.MAIL_FROM) };
    const calendar = { organiser, attendee: { name, email } };
    switch (owed.kind) {
      case 'prove-address': {
        // Proved or over by now: there is nothing left to prove for this seat.
        if (person.proved || (status !== 'held' && status !== 'waitlisted')) return undefined;
        const id = await people.ensureChallenge(person.attendeeId);
        const link = people.signInLink(id, `/registrations/${registrationId}`);
        return { kind: owed.kind, name, code: people.signInCode(id), link, seat, expiresAt, waitlistPosition };
      }
      case 'waitlisted':
        // No longer in line: the message about what came next is owed, too.
        return waitlistPosition ? { kind: owed.kind, name, seat, waitlistPosition } : undefined;
      case 'offered':
        // Answered or over by now: another message says how it ended.
        return status === 'offered' && expiresAt
          ? { kind: owed.kind, name, seat, expiresAt, swaps: registration.overlapping ?? false }
          : undefined;
      case 'offer-expired':
      case 'line-closed':
        return { kind: owed.kind, name, seat, programmeUrl: `${configuration.PUBLIC_URL}/` };
      case 'cafe-moved':
        return { kind: owed.kind, name, seat, ...(status === 'confirmed' && { calendar }) };
      case 'confirmed':
      case 'moved-up':
      case 'swapped':
        return {
          kind: owed.kind,
          name,
          seat,
          ticket: tickets.ticketFor({ registrationId, cafeId, endsAt: registration.endsAt }),
          calendar,
        };
      case 'cancelled':
        return { kind: owed.kind, name, seat, calendar, programmeUrl: `${configuration.PUBLIC_URL}/` };
      case 'sign-in-code':
        return undefined;
    }
  }

  async #seat(registration: Registration, locale: Locale): Promise<SeatFacts> {
    const { configuration, programme } = this.#parts;
    const [cafe, event] = await Promise.all([
      programme.cafe(registration.cafeId),
      programme.eventById(registration.eventId),
    ]);
    const room = cafe && (await programme.room(cafe.roomId));
    if (!cafe || !event || !room) throw new Error('the Café of this registration is gone');
    return {
      registrationId: registration.id,
      title: cafe.texts[locale].title,
      label: `${kindWords[locale][cafe.kind]} ${cafe.code}`,
      room: room.name,
      event: event.title[locale],
      startsAt: cafe.startsAt,
      endsAt: cafe.endsAt,
      timeZone: event.timeZone,
      url: `${configuration.PUBLIC_URL}/registrations/${registration.id}`,
    };
  }
}

/** The address of “Name <address>”, or the text itself. */
function addressOf(from: string): string {
  return /<([^<>]+)>/.exec(from)?.[1] ?? from;
}
