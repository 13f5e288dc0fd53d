import type { OwedMail } from '../owed-mail.ts';
import type { MailAttendee, MailRegistration, MailSeat } from '../readers.ts';
import type { MailContext, SeatForMail } from './context.ts';

/** What a message about one seat is made from: the registration as it is now, and its seat in the reader's language. */
interface AboutSeat {
  owed: OwedMail;
  attendee: MailAttendee;
  now: MailSeat;
  seat: SeatForMail;
}

/**
 * The data of each message about one seat, from what is true when it is written. Undefined where another message says it, or what it is
 * about is no longer so.
 */
export class SeatMailData<Typed> {
  readonly #context: MailContext<Typed>;

  constructor(context: MailContext<Typed>) {
    this.#context = context;
  }

  /** The registration that a message is about; undefined where there is none any more. */
  async read(owed: OwedMail, attendee: MailAttendee): Promise<AboutSeat | undefined> {
    const now = owed.registrationId ? await this.#context.sources.seats.seat(owed.registrationId) : undefined;
    if (!now) return undefined;
    return { owed, attendee, now, seat: await this.#context.seat(now.registration, attendee.locale) };
  }

  async waitlisted({ attendee, now, seat }: AboutSeat) {
    const { waitlistPosition } = now.registration;
    // No longer on the waitlist: the message about what came next is owed, too.
    if (!waitlistPosition) return undefined;
    const registeredBy = await this.#context.registeredBy(attendee.attendeeId, now);
    return { kind: 'waitlisted' as const, seat, waitlistPosition, registeredBy };
  }

  async offered({ attendee, now, seat }: AboutSeat) {
    const { registration } = now;
    const { status, expiresAt, cafeId } = registration;
    // Answered or over by now: another message says how it ended.
    if (status !== 'offered' || !expiresAt) return undefined;
    const swaps = await this.#seatsGivenBackByAccepting(attendee, registration);
    const offer = { kind: 'offered' as const, seat, expiresAt, swaps };
    if (!(await this.#context.sources.seats.wasConfirmed(registration))) return offer;
    // It was theirs before its Café was moved.
    return { ...offer, calendar: this.#context.calendar(now, seat), before: await this.#context.placeBefore(cafeId) };
  }

  async over<Kind extends 'offer-expired' | 'line-closed'>(kind: Kind, { seat }: AboutSeat) {
    return { kind, seat, programmeUrl: this.#context.programmeUrl };
  }

  async released({ now, seat }: AboutSeat) {
    // Seated again by now: they are in the room.
    if (now.registration.status !== 'cancelled') return undefined;
    return { kind: 'seat-released' as const, seat, programmeUrl: this.#context.programmeUrl };
  }

  async confirmed<Kind extends 'confirmed' | 'moved-up' | 'swapped'>(kind: Kind, { attendee, now, seat }: AboutSeat) {
    const { registration } = now;
    // A move made an offer of it, and that message is owed.
    if (registration.status === 'offered') return undefined;
    if (registration.status !== 'confirmed') return { kind, seat, over: true as const };
    const gaveBack = kind === 'swapped' ? await this.#gaveBack(attendee, registration) : undefined;
    const registeredBy = kind === 'confirmed' ? await this.#context.registeredBy(attendee.attendeeId, now) : undefined;
    const [ticket, calendar] = [this.#context.ticket(registration), this.#context.calendar(now, seat)];
    return { kind, seat, ticket, calendar, gaveBack, registeredBy };
  }

  async moved({ now, seat }: AboutSeat) {
    const { registration } = now;
    const { status, cafeId } = registration;
    if (status === 'cancelled' || status === 'expired') return undefined;
    const before = await this.#context.placeBefore(cafeId);
    if (status !== 'confirmed') return { kind: 'cafe-moved' as const, seat, before };
    const [ticket, calendar] = [this.#context.ticket(registration), this.#context.calendar(now, seat)];
    return { kind: 'cafe-moved' as const, seat, before, ticket, calendar };
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
    const clashesWith = other?.texts[attendee.locale].title;
    return { kind: 'cancelled-by-organiser' as const, ...(await this.#ended(about)), cafeCancelled, clashesWith };
  }

  /** Cancelled or moved since it was enqueued, begun, or not wanted any more: then it is not sent. */
  async reminder<Kind extends 'reminder-day-before' | 'reminder-soon'>(
    kind: Kind,
    { owed, attendee, now, seat }: AboutSeat,
  ) {
    const { registration, cafeState } = now;
    const startsAt = Date.parse(registration.startsAt);
    const isDue =
      registration.status === 'confirmed' &&
      !registration.checkedInAt &&
      cafeState !== 'cancelled' &&
      attendee.reminders &&
      owed.takenAt.getTime() < startsAt &&
      (!owed.aboutAt || owed.aboutAt.getTime() === startsAt);
    if (!isDue) return undefined;
    const { settingsUrl } = this.#context;
    const ticket = this.#context.ticket(registration);
    return { kind, seat, ticket, settingsUrl, now: new Date().toISOString() };
  }

  /** A seat that ended. It leaves the calendar where it may have come into it. */
  async #ended({ now, seat }: AboutSeat) {
    const wasConfirmed = await this.#context.sources.seats.wasConfirmed(now.registration);
    const { programmeUrl } = this.#context;
    return { seat, programmeUrl, ...(wasConfirmed && { calendar: this.#context.calendar(now, seat) }) };
  }

  async #seatsGivenBackByAccepting({ attendeeId, locale }: MailAttendee, registration: MailRegistration) {
    if (!registration.overlapping) return [];
    const clashing = await this.#context.sources.seats.clashesWith(attendeeId, registration.cafeId);
    return Promise.all(clashing.map(({ cafeId }) => this.#context.cafe(cafeId, locale)));
  }

  async #gaveBack({ locale }: MailAttendee, registration: MailRegistration) {
    const given = await this.#context.sources.seats.givenBackFor(registration);
    return Promise.all(
      given.map(async (now) => {
        const seat = await this.#context.seat(now.registration, locale);
        return { seat, calendar: this.#context.calendar(now, seat) };
      }),
    );
  }
}
