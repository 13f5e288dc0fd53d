import type { Locale } from '#contract';
import type { MailBudget } from '../mail-budget.ts';
import type { MailRecipients } from '../mail-recipients.ts';
import type {
  AttendeeReader,
  MailRegistration,
  MailSeat,
  ProgrammeReader,
  SeatReader,
  SignInReader,
  TicketSigner,
} from '../readers.ts';
import { type CafeForMail, cafeForMail } from './cafe-for-mail.ts';

/** What the data of messages is made from. */
export interface MailDataSources<Typed> {
  attendees: AttendeeReader;
  signIn: SignInReader;
  seats: SeatReader;
  programme: ProgrammeReader;
  tickets: TicketSigner;
  budget: MailBudget;
  recipients: MailRecipients;
  /** Where the pages are, without a slash at the end. */
  publicUrl: string;
  /** The address of the organiser of calendar entries. */
  organiserEmail: string;
  /**
   * Wraps a text that a visitor typed, so that the templates show it only where the reader's address is proved. Here it is opaque: no
   * message can carry such a text as a plain string.
   */
  typed: (text: string) => Typed;
}

/** A seat, with the key of its page and the code as long as they open it. */
export interface SeatForMail extends CafeForMail {
  registrationId: string;
  url: string;
  keyed?: { url: string; code: string };
}

/** While a registration has one of these, the key of its page opens it. */
const openStatuses = new Set<MailRegistration['status']>(['held', 'waitlisted', 'offered', 'confirmed']);

/** What the data of several kinds of messages has in common. */
export class MailContext<Typed> {
  readonly sources: MailDataSources<Typed>;
  readonly settingsUrl: string;

  constructor(sources: MailDataSources<Typed>) {
    this.sources = sources;
    this.settingsUrl = `${sources.publicUrl}/me/settings`;
  }

  /** @throws Error where the Café is gone, which cannot be while it has registrations. */
  async cafe(cafeId: string, locale: Locale): Promise<CafeForMail> {
    const cafe = await cafeForMail(this.sources.programme, cafeId, locale);
    if (!cafe) throw new Error('the Café of this message is gone');
    return cafe;
  }

  /** The page of the programme of a Café's event. */
  programmeUrl({ eventSlug }: CafeForMail): string {
    return `${this.sources.publicUrl}/events/${eventSlug}`;
  }

  async seat({ id, cafeId, status }: MailRegistration, locale: Locale): Promise<SeatForMail> {
    const { publicUrl, signIn } = this.sources;
    const url = `${publicUrl}/registrations/${id}`;
    const cafe = await this.cafe(cafeId, locale);
    if (!openStatuses.has(status)) return { ...cafe, registrationId: id, url };
    const { key, code } = signIn.registrationOpener(id);
    return { ...cafe, registrationId: id, url, keyed: { url: `${url}?key=${key}`, code } };
  }

  ticket({ id: registrationId, cafeId, endsAt }: MailRegistration): string {
    return this.sources.tickets.ticketFor({ registrationId, cafeId, endsAt });
  }

  calendar({ cafeVersion: sequence }: MailSeat, cafe: CafeForMail) {
    return { organiser: this.organiserOf(cafe), sequence };
  }

  /** The organiser of calendar entries. */
  organiserOf({ event }: CafeForMail): { name: string; email: string } {
    return { name: event, email: this.sources.organiserEmail };
  }

  /** Where and when a Café was before it was moved. */
  async placeBefore(cafeId: string) {
    const place = await this.sources.seats.placeBefore(cafeId);
    if (!place) return undefined;
    const room = await this.sources.programme.room(place.roomId);
    return { startsAt: place.startsAt, endsAt: place.endsAt, room: room?.name ?? '' };
  }

  /** Who took the seat, where that is another person than its own. Their address is proved: they were signed in. */
  async registeredBy(attendeeId: string, { delegatedBy }: MailSeat): Promise<{ address: string } | undefined> {
    if (!delegatedBy || delegatedBy === attendeeId) return undefined;
    const delegate = await this.sources.attendees.attendee(delegatedBy);
    return delegate?.proved ? { address: delegate.email } : undefined;
  }
}
