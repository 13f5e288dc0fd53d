import { inLanguage } from '#contract';
import type { MailRecipient } from '../mail-recipients.ts';
import type { OutboxMail } from '../outbox-mail.ts';
import type { MailRegistration, MailSeat, ReachableAttendee } from '../readers.ts';
import { writtenBy } from '../sent-mail.ts';
import type { MailContext, SeatForMail } from './context.ts';

/**
 * The data that all messages about one seat need: the message, its attendee, the current registration, and the seat in the attendee's
 * language.
 */
interface AboutSeat {
  mail: OutboxMail;
  attendee: ReachableAttendee;
  now: MailSeat;
  seat: SeatForMail;
}

/** The causes that end an offer without another message. */
const endsWithoutMessage = new Set(['declined', 'swap']);

/**
 * The data of each message about one seat, read when the message is sent. Undefined when the message is out of date, or when another
 * message contains the same facts.
 */
export class SeatMailData<Typed> {
  readonly #context: MailContext<Typed>;

  constructor(context: MailContext<Typed>) {
    this.#context = context;
  }

  /** Reads the registration of a message; undefined when it was deleted. */
  async read(mail: OutboxMail, attendee: ReachableAttendee): Promise<AboutSeat | undefined> {
    const now = mail.registrationId ? await this.#context.sources.seats.seat(mail.registrationId) : undefined;
    if (!now) return undefined;
    return { mail, attendee, now, seat: await this.#context.seat(now.registration, attendee.locale) };
  }

  async waitlisted({ attendee, now, seat }: AboutSeat) {
    const { waitlistPosition } = now.registration;
    // The registration is not on the waitlist any more. The outbox has a later message about that.
    if (!waitlistPosition) return undefined;
    const registeredBy = await this.#context.registeredBy(attendee.attendeeId, now);
    const { waitsTogether, cafeFree } = now;
    return { kind: 'waitlisted' as const, seat, waitlistPosition, waitsTogether, isFull: cafeFree === 0, registeredBy };
  }

  async offered(about: AboutSeat) {
    const { mail, attendee, now, seat } = about;
    const { registration } = now;
    const { status, expiresAt } = registration;
    const { wasConfirmed, endedBy = '' } = await this.#context.sources.seats.pastOf(registration);
    if (status !== 'offered' || !expiresAt) {
      // The offer was answered or has expired, and another message reports that. A seat that a move turned into an offer is still in the
      // calendar. When such an offer was declined, there is no other message.
      return status === 'cancelled' && wasConfirmed && endsWithoutMessage.has(endedBy)
        ? this.ended('cancelled', about)
        : undefined;
    }
    const swaps = await this.#seatsGivenBackByAccepting(attendee, registration);
    const offer = { kind: 'offered' as const, seat, expiresAt, swaps };
    if (!wasConfirmed) return offer;
    // The seat was confirmed before its Café was moved.
    const before = await this.#context.placeBefore(mail, registration);
    return { ...offer, reason: now.reason, calendar: this.#context.calendar(now, seat), before };
  }

  async over<Kind extends 'offer-expired' | 'line-closed'>(kind: Kind, about: AboutSeat) {
    const { seat, programmeUrl, calendar } = await this.#ended(about);
    return { kind, seat, programmeUrl, calendar, reason: about.now.reason };
  }

  async released({ now, seat }: AboutSeat) {
    // The person has a seat again.
    if (now.registration.status !== 'cancelled') return undefined;
    return {
      kind: 'seat-released' as const,
      seat,
      programmeUrl: this.#context.programmeUrl(seat),
      reason: now.reason,
    };
  }

  async confirmed<Kind extends 'confirmed' | 'moved-up' | 'swapped'>(kind: Kind, { attendee, now, seat }: AboutSeat) {
    const { registration } = now;
    // The registration ended, or a move turned it into an offer. Another message in the outbox reports that.
    if (registration.status !== 'confirmed') return undefined;
    const gaveBack = kind === 'swapped' ? await this.#gaveBack(attendee, registration) : undefined;
    const registeredBy = kind === 'confirmed' ? await this.#context.registeredBy(attendee.attendeeId, now) : undefined;
    const [ticket, calendar] = [this.#context.ticket(registration), this.#context.calendar(now, seat)];
    return { kind, seat, ticket, calendar, gaveBack, registeredBy };
  }

  /** Not sent when the Café was moved again: the message about that move has the same place. */
  async moved({ mail, now, seat }: AboutSeat) {
    const { registration } = now;
    const { id, status } = registration;
    if (status === 'cancelled' || status === 'expired') return undefined;
    if (await this.#context.sources.seats.isMovedSince(id, writtenBy(mail.outboxId))) return undefined;
    const before = await this.#context.placeBefore(mail, registration);
    const { reason } = now;
    if (status !== 'confirmed') return { kind: 'cafe-moved' as const, seat, before, reason };
    const [ticket, calendar] = [this.#context.ticket(registration), this.#context.calendar(now, seat)];
    return { kind: 'cafe-moved' as const, seat, before, reason, ticket, calendar };
  }

  /** The last message to an attendee who was erased. It removes the seat from the calendar. The registration is deleted already. */
  async lastMessage({ registrationId = '' }: OutboxMail, { attendee, cafeId, sequence }: MailRecipient) {
    const context = this.#context;
    const cafe = await context.cafe(cafeId, attendee.locale);
    const seat = { ...cafe, registrationId, url: context.programmeUrl(cafe) };
    const calendar = { organiser: context.organiserOf(cafe), sequence };
    return { kind: 'cancelled' as const, seat, calendar, programmeUrl: seat.url, isErased: true };
  }

  async ended<Kind extends 'cancelled' | 'capacity-lost'>(kind: Kind, about: AboutSeat) {
    return { kind, ...(await this.#ended(about)) };
  }

  async cancelledByOrganiser(about: AboutSeat) {
    const { attendee, now } = about;
    const { seats, programme } = this.#context.sources;
    const cafeCancelled = now.cafeState === 'cancelled';
    const clashing = cafeCancelled ? [] : await seats.clashesWith(attendee.attendeeId, now.registration.cafeId);
    const other = clashing[0] && (await programme.cafe(clashing[0].cafeId));
    const clashesWith = other && inLanguage(other.texts, attendee.locale, other.fallback)?.title;
    return { kind: 'cancelled-by-organiser' as const, ...(await this.#ended(about)), cafeCancelled, clashesWith };
  }

  /** Not sent when the seat was cancelled, the Café was moved or has begun, or the attendee switched reminders off. */
  async reminder<Kind extends 'reminder-day-before' | 'reminder-soon'>(
    kind: Kind,
    { mail, attendee, now, seat }: AboutSeat,
  ) {
    const { registration, cafeState } = now;
    const startsAt = Date.parse(registration.startsAt);
    const isDue =
      registration.status === 'confirmed' &&
      !registration.checkedInAt &&
      cafeState !== 'cancelled' &&
      attendee.reminders &&
      mail.takenAt.getTime() < startsAt &&
      (!mail.aboutAt || mail.aboutAt.getTime() === startsAt);
    if (!isDue) return undefined;
    const unsubscribeUrl = this.#context.sources.signIn.remindersOffLink(attendee.attendeeId);
    const ticket = this.#context.ticket(registration);
    return { kind, seat, ticket, unsubscribeUrl, now: new Date().toISOString() };
  }

  /** The data of a registration that ended, with its calendar entry when it may be in a calendar. */
  async #ended({ attendee, now, seat }: AboutSeat) {
    const { seats } = this.#context.sources;
    const { wasConfirmed, hadSeat, swappedFor } = await seats.pastOf(now.registration);
    const other = swappedFor && (await this.#context.cafe(swappedFor, attendee.locale));
    return {
      seat,
      programmeUrl: this.#context.programmeUrl(seat),
      reason: now.reason,
      onlyWaited: !hadSeat,
      ...(other && { swappedFor: other.title }),
      ...(wasConfirmed && { calendar: this.#context.calendar(now, seat) }),
    };
  }

  async #seatsGivenBackByAccepting({ attendeeId, locale }: ReachableAttendee, registration: MailRegistration) {
    if (!registration.overlapping) return [];
    const clashing = await this.#context.sources.seats.clashesWith(attendeeId, registration.cafeId);
    return Promise.all(clashing.map(({ cafeId }) => this.#context.cafe(cafeId, locale)));
  }

  async #gaveBack({ locale }: ReachableAttendee, registration: MailRegistration) {
    const given = await this.#context.sources.seats.givenBackFor(registration);
    return Promise.all(given.map(({ registration: { cafeId } }) => this.#context.cafe(cafeId, locale)));
  }
}
