import { type Locale, MailKind } from '#contract';
import type { MailRecipient } from '../mail-recipients.ts';
import type { OutboxMail } from '../outbox-mail.ts';
import { OverBudget } from '../over-budget.ts';
import { isReachable, type ReachableAttendee } from '../readers.ts';
import { EventMailData } from './about-event.ts';
import { SeatMailData } from './about-seat.ts';
import { MailContext, type MailDataSources } from './context.ts';
import { SignInMailData } from './sign-in.ts';

/** The recipient of a message. `proved`: the recipient showed that they read the mailbox of `address`. */
interface Addressee<Typed> {
  name: Typed;
  address: string;
  proved: boolean;
  locale: Locale;
}

/** A message with its recipient. */
interface Addressed<Message, Typed> {
  message: Message;
  to: Addressee<Typed>;
}

/** Makes the data of a message to an attendee; undefined when the message is out of date. */
type WriteTo<Message> = (mail: OutboxMail, attendee: ReachableAttendee) => Promise<Message | undefined>;

/**
 * The handler of each kind of message, which makes its data. A kind of the contract without a handler does not compile, and stops the boot.
 */
function handlersOf<Typed>(context: MailContext<Typed>, attendees: AttendeeMail<Typed>) {
  const seats = new SeatMailData(context);
  const events = new EventMailData(context);
  const signIn = new SignInMailData(context);
  type AboutSeat = NonNullable<Awaited<ReturnType<typeof seats.read>>>;
  const aboutSeat = <Message>(write: (about: AboutSeat) => Promise<Message | undefined>) =>
    attendees.counted(async (mail, attendee) => {
      const about = await seats.read(mail, attendee);
      return about && write(about);
    });
  return {
    'sign-in-code': (mail: OutboxMail) => signIn.signIn(mail),
    'prove-address': attendees.uncounted(async (mail, attendee) =>
      signIn.proveAddress(mail, attendee, await attendees.eventOf(mail)),
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
    cancelled: attendees.orLastMessage(
      aboutSeat((about) => seats.ended('cancelled', about)),
      (mail, recipient) => seats.lastMessage(mail, recipient),
    ),
    'capacity-lost': aboutSeat((about) => seats.ended('capacity-lost', about)),
    'cancelled-by-organiser': aboutSeat((about) => seats.cancelledByOrganiser(about)),
    'reminder-day-before': aboutSeat((about) => seats.reminder('reminder-day-before', about)),
    'reminder-soon': aboutSeat((about) => seats.reminder('reminder-soon', about)),
    'host-list': attendees.counted((mail, attendee) => events.hostList(mail, attendee)),
    'delegation-summary': attendees.counted((mail, attendee) => events.delegation(mail, attendee)),
    thanks: attendees.counted((mail, attendee) => events.thanks(mail, attendee)),
  } satisfies Record<MailKind, (mail: OutboxMail) => Promise<Addressed<{ kind: MailKind }, Typed> | undefined>>;
}

/** Reads the attendee of a message, and counts messages to addresses that are not proved in the budget. */
class AttendeeMail<Typed> {
  readonly #sources: MailDataSources<Typed>;

  constructor(sources: MailDataSources<Typed>) {
    this.#sources = sources;
  }

  /** The handler throws OverBudget when the address is not proved and the budget of this hour is used up. */
  counted<Message>(write: WriteTo<Message>): (mail: OutboxMail) => Promise<Addressed<Message, Typed> | undefined> {
    return this.uncounted(async (mail, attendee) => {
      const message = await write(mail, attendee);
      if (!message || attendee.proved) return message;
      const waitMs = await this.#sources.budget.take(mail, await this.eventOf(mail));
      if (waitMs !== undefined) throw new OverBudget(waitMs);
      return message;
    });
  }

  uncounted<Message>(write: WriteTo<Message>): (mail: OutboxMail) => Promise<Addressed<Message, Typed> | undefined> {
    return async (mail) => {
      const attendee = mail.attendeeId ? await this.#sources.attendees.attendee(mail.attendeeId) : undefined;
      if (!isReachable(attendee)) return undefined;
      const message = await write(mail, attendee);
      return message && this.#addressed(message, attendee);
    };
  }

  /** Returns the message that `write` makes. When the attendee was erased since then, returns the last message about the seat. */
  orLastMessage<Message, LastMessage>(
    write: (mail: OutboxMail) => Promise<Addressed<Message, Typed> | undefined>,
    lastMessage: (mail: OutboxMail, recipient: MailRecipient) => Promise<LastMessage>,
  ): (mail: OutboxMail) => Promise<Addressed<Message | LastMessage, Typed> | undefined> {
    return async (mail) => {
      const message = await write(mail);
      const recipient = message ? undefined : await this.#sources.recipients.of(mail.outboxId);
      return recipient ? this.#addressed(await lastMessage(mail, recipient), recipient.attendee) : message;
    };
  }

  #addressed<Message>(message: Message, { name, email: address, proved, locale }: ReachableAttendee) {
    return { message, to: { name: this.#sources.typed(name), address, proved, locale } };
  }

  /** The event that a message is about; undefined for sign-ins. */
  async eventOf({ eventId, registrationId, cafeId, delegationId }: OutboxMail): Promise<string | undefined> {
    const { programme, seats } = this.#sources;
    if (eventId) return eventId;
    if (registrationId) return (await seats.seat(registrationId))?.registration.eventId;
    if (delegationId) return (await seats.delegated(delegationId))[0]?.eventId;
    return cafeId && (await programme.cafe(cafeId))?.eventId;
  }
}

/** @throws Error that names the kinds of messages without a handler */
export function completeHandlers<Handlers extends Record<MailKind, unknown>>(handlers: Handlers): Handlers {
  const missing = MailKind.options.filter((kind) => !Object.hasOwn(handlers, kind));
  if (missing.length > 0) throw new Error(`no handler for messages of the kind ${missing.join(', ')}`);
  return handlers;
}

/**
 * Makes the recipient and the data of a message from the current state of the database. `Typed` is the type of wrapped texts of visitors
 * (MailDataSources.typed).
 */
export class MailData<Typed> {
  readonly #attendeeMail: AttendeeMail<Typed>;
  readonly #handlers: ReturnType<typeof handlersOf<Typed>>;

  /** @throws Error when a kind of message has no handler */
  constructor(sources: MailDataSources<Typed>) {
    this.#attendeeMail = new AttendeeMail(sources);
    this.#handlers = completeHandlers(handlersOf(new MailContext(sources), this.#attendeeMail));
  }

  /**
   * Returns undefined when the message is out of date, when another message contains the same facts, or when its attendee was erased or
   * has no address.
   * @throws OverBudget when the address is not proved and the message must wait for the budget
   */
  read(mail: OutboxMail) {
    return this.#handlers[mail.kind](mail);
  }

  /** The event whose organisers see the message when it is given up; undefined for sign-in mails. */
  eventOf(mail: OutboxMail): Promise<string | undefined> {
    return this.#attendeeMail.eventOf(mail);
  }
}
