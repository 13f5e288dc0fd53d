import { type Locale, MailKind } from '#contract';
import type { MailRecipient } from '../mail-recipients.ts';
import { OverBudget } from '../over-budget.ts';
import type { OwedMail } from '../owed-mail.ts';
import type { MailAttendee } from '../readers.ts';
import { EventMailData } from './about-event.ts';
import { SeatMailData } from './about-seat.ts';
import { MailContext, type MailDataSources } from './context.ts';
import { SignInMailData } from './sign-in.ts';

/** Whom a message is for. `proved`: this person has shown that they read the mailbox of `address`. */
interface Addressee<Typed> {
  name: Typed;
  address: string;
  proved: boolean;
  locale: Locale;
}

/** A message to be written: for whom, and what it says. */
interface Addressed<Message, Typed> {
  message: Message;
  to: Addressee<Typed>;
}

/** Makes the data of a message to an attendee; undefined where there is nothing to tell (any more). */
type WriteTo<Message> = (owed: OwedMail, attendee: MailAttendee) => Promise<Message | undefined>;

/**
 * The data of each kind of message: the one place that says which kinds there are and what makes the data of each. A kind of the contract
 * without a handler does not compile, and stops the boot.
 */
function handlersOf<Typed>(context: MailContext<Typed>, attendees: AttendeeMail<Typed>) {
  const seats = new SeatMailData(context);
  const events = new EventMailData(context);
  const signIn = new SignInMailData(context);
  type AboutSeat = NonNullable<Awaited<ReturnType<typeof seats.read>>>;
  const aboutSeat = <Message>(write: (about: AboutSeat) => Promise<Message | undefined>) =>
    attendees.counted(async (owed, attendee) => {
      const about = await seats.read(owed, attendee);
      return about && write(about);
    });
  return {
    'sign-in-code': (owed: OwedMail) => signIn.signIn(owed),
    'prove-address': attendees.uncounted(async (owed, attendee) =>
      signIn.proveAddress(owed, attendee, await attendees.eventOf(owed)),
    ),
    waitlisted: aboutSeat((about) => seats.waitlisted(about)),
    offered: aboutSeat((about) => seats.offered(about)),
    'offer-expired': aboutSeat((about) => seats.over('offer-expired', about)),
    'line-closed': aboutSeat((about) => seats.over('line-closed', about)),
    'seat-released': aboutSeat((about) => seats.released(about)),
    confirmed: aboutSeat((about) => seats.confirmed('confirmed', about)),
    'moved-up': aboutSeat((about) => seats.confirmed('moved-up', about)),
    swapped: aboutSeat((about) => seats.confirmed('swapped', about)),
    'cafe-moved': aboutSeat((about) => seats.moved(about)),
    cancelled: attendees.orFarewell(
      aboutSeat((about) => seats.ended('cancelled', about)),
      (owed, recipient) => seats.farewell(owed, recipient),
    ),
    'capacity-lost': aboutSeat((about) => seats.ended('capacity-lost', about)),
    'cancelled-by-organiser': aboutSeat((about) => seats.cancelledByOrganiser(about)),
    'reminder-day-before': aboutSeat((about) => seats.reminder('reminder-day-before', about)),
    'reminder-soon': aboutSeat((about) => seats.reminder('reminder-soon', about)),
    'host-list': attendees.counted((owed, attendee) => events.hostList(owed, attendee)),
    'delegation-summary': attendees.counted((owed, attendee) => events.delegation(owed, attendee)),
    thanks: attendees.counted((owed, attendee) => events.thanks(owed, attendee)),
  } satisfies Record<MailKind, (owed: OwedMail) => Promise<Addressed<{ kind: MailKind }, Typed> | undefined>>;
}

/** Reads the attendee of a message, and counts what goes to an address that is not proved in its budget. */
class AttendeeMail<Typed> {
  readonly #sources: MailDataSources<Typed>;

  constructor(sources: MailDataSources<Typed>) {
    this.#sources = sources;
  }

  /** The handler throws OverBudget where the address is not proved and the budget of this hour is used up. */
  counted<Message>(write: WriteTo<Message>): (owed: OwedMail) => Promise<Addressed<Message, Typed> | undefined> {
    return this.uncounted(async (owed, attendee) => {
      const message = await write(owed, attendee);
      if (!message || attendee.proved) return message;
      const waitMs = await this.#sources.budget.take(owed, await this.eventOf(owed));
      if (waitMs !== undefined) throw new OverBudget(waitMs);
      return message;
    });
  }

  uncounted<Message>(write: WriteTo<Message>): (owed: OwedMail) => Promise<Addressed<Message, Typed> | undefined> {
    return async (owed) => {
      const attendee = owed.attendeeId ? await this.#sources.attendees.attendee(owed.attendeeId) : undefined;
      const message = attendee && (await write(owed, attendee));
      return attendee && message && this.#addressed(message, attendee);
    };
  }

  /** The message by `write`; to an attendee who was erased since, the last one about their seat. */
  orFarewell<Message, Farewell>(
    write: (owed: OwedMail) => Promise<Addressed<Message, Typed> | undefined>,
    farewell: (owed: OwedMail, recipient: MailRecipient) => Promise<Farewell>,
  ): (owed: OwedMail) => Promise<Addressed<Message | Farewell, Typed> | undefined> {
    return async (owed) => {
      const message = await write(owed);
      const recipient = message ? undefined : await this.#sources.recipients.of(owed.outboxId);
      return recipient ? this.#addressed(await farewell(owed, recipient), recipient.attendee) : message;
    };
  }

  #addressed<Message>(message: Message, { name, email: address, proved, locale }: MailAttendee) {
    return { message, to: { name: this.#sources.typed(name), address, proved, locale } };
  }

  /** The event that a message is about; undefined of sign-ins. */
  async eventOf({ eventId, registrationId, cafeId, delegationId }: OwedMail): Promise<string | undefined> {
    const { programme, seats } = this.#sources;
    if (eventId) return eventId;
    if (registrationId) return (await seats.seat(registrationId))?.registration.eventId;
    if (delegationId) return (await seats.delegated(delegationId))[0]?.eventId;
    return cafeId && (await programme.cafe(cafeId))?.eventId;
  }
}

/** @throws Error naming the kind of message that has no handler */
export function completeHandlers<Handlers extends Record<MailKind, unknown>>(handlers: Handlers): Handlers {
  const missing = MailKind.options.filter((kind) => !Object.hasOwn(handlers, kind));
  if (missing.length > 0) throw new Error(`no handler for messages of the kind ${missing.join(', ')}`);
  return handlers;
}

/**
 * Says for whom a message is and with which data, from what is true at the moment of sending. `Typed` wraps the texts of visitors
 * (MailDataSources.typed).
 */
export class MailData<Typed> {
  readonly #attendeeMail: AttendeeMail<Typed>;
  readonly #handlers: ReturnType<typeof handlersOf<Typed>>;

  /** @throws Error where a kind of message has no handler */
  constructor(sources: MailDataSources<Typed>) {
    this.#attendeeMail = new AttendeeMail(sources);
    this.#handlers = completeHandlers(handlersOf(new MailContext(sources), this.#attendeeMail));
  }

  /**
   * Undefined when another message says it all, what it is about is no longer so, or there is nobody to tell.
   * @throws OverBudget where it goes to an address that is not proved, and may not go yet
   */
  read(owed: OwedMail) {
    return this.#handlers[owed.kind](owed);
  }

  /** The event whose organisers are told of a message that is given up; undefined of sign-ins. */
  eventOf(owed: OwedMail): Promise<string | undefined> {
    return this.#attendeeMail.eventOf(owed);
  }
}
