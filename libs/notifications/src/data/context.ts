import type { Locale } from '#contract';
import type { MailBudget } from '../mail-budget.ts';
import type { MailRecipients } from '../mail-recipients.ts';
import type { OutboxMail } from '../outbox-mail.ts';
import type {
  AttendeeReader,
  MailRegistration,
  MailSeat,
  ProgrammeReader,
  SeatReader,
  SignInReader,
  TicketSigner,
} from '../readers.ts';
import { type SentMail, writtenBy } from '../sent-mail.ts';
import { type CafeForMail, cafeForMail } from './cafe-for-mail.ts';

/** The sources of the data of messages. */
export interface MailDataSources<Typed> {
  attendees: AttendeeReader;
  signIn: SignInReader;
  seats: SeatReader;
  programme: ProgrammeReader;
  tickets: TicketSigner;
  budget: MailBudget;
  recipients: MailRecipients;
  sent: SentMail;
  /** The address of the pages, without a slash at the end. */
  publicUrl: string;
  /** The e-mail address of the organiser in calendar entries. */
  organiserEmail: string;
  /**
   * Wraps a text that a visitor typed, so that templates show it only to a reader whose address is proved. Here the type is opaque, so that
   * no message contains such a text as a plain string.
   */
  typed: (text: string) => Typed;
}

/** A seat. `keyed`: the address of its page with the key, and the code for another device; only while the registration is active. */
export interface SeatForMail extends CafeForMail {
  registrationId: string;
  url: string;
  keyed?: { url: string; code: string };
}

/** The statuses of a registration in which its key gives access to its page. */
const openStatuses = new Set<MailRegistration['status']>(['held', 'waitlisted', 'offered', 'confirmed']);

/** Makes the parts of the data that several kinds of messages have in common. */
export class MailContext<Typed> {
  readonly sources: MailDataSources<Typed>;
  readonly settingsUrl: string;

  constructor(sources: MailDataSources<Typed>) {
    this.sources = sources;
    this.settingsUrl = `${sources.publicUrl}/me/settings`;
  }

  /** @throws Error when the Café does not exist, which cannot happen: its registrations prevent its deletion */
  async cafe(cafeId: string, locale: Locale): Promise<CafeForMail> {
    const cafe = await cafeForMail(this.sources.programme, cafeId, locale);
    if (!cafe) throw new Error('the Café of this message does not exist');
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

  /** The organiser in calendar entries. */
  organiserOf({ event }: CafeForMail): { name: string; email: string } {
    return { name: event, email: this.sources.organiserEmail };
  }

  /** The time and the room of a Café that its attendee knew: from the last message that was sent, else from the registration. */
  async placeBefore({ outboxId }: OutboxMail, registration: MailRegistration) {
    const { sent, seats } = this.sources;
    const last = await sent.lastAbout(registration, outboxId);
    const place = await seats.placeAt(registration.cafeId, last ? writtenBy(last) : new Date(registration.createdAt));
    if (!place) return undefined;
    const room = await this.sources.programme.room(place.roomId);
    return { startsAt: place.startsAt, endsAt: place.endsAt, room: room?.name ?? '' };
  }

  /** The address of the delegate who took the seat for another attendee. It is proved, because delegates are signed in. */
  async registeredBy(attendeeId: string, { delegatedBy }: MailSeat): Promise<{ address: string } | undefined> {
    if (!delegatedBy || delegatedBy === attendeeId) return undefined;
    const delegate = await this.sources.attendees.attendee(delegatedBy);
    return delegate?.proved && delegate.email ? { address: delegate.email } : undefined;
  }
}
