import type { Locale } from '#contract';
import type { Shown, TypedText } from './typed-text.ts';

/** The person whom a message is for. `proved`: this person has shown that they read the mailbox of `address`. */
export interface Addressee {
  name: TypedText;
  address: string;
  proved: boolean;
  locale: Locale;
}

/** The Café that a message is about, its texts in the message's language. */
export interface CafeFacts {
  title: string;
  /** “Café 4”, “Stand DCOL”. */
  label: string;
  room: string;
  event: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** The address that answers to the event's messages go to; without one, the sender's. */
  replyTo?: string;
}

/** Where and when a Café was before it was moved. */
export type PlaceBefore = Pick<CafeFacts, 'startsAt' | 'endsAt' | 'room'>;

/** The seat that a message is about. */
export interface SeatFacts extends CafeFacts {
  registrationId: string;
  /** The page of the registration, for its person. */
  url: string;
  /**
   * Opens the same page without a session while the registration is open. In a browser that did not ask for the seat, the page asks for
   * `code`, to prove that its reader has the message. Neither is in a calendar entry, which other people may read.
   */
  keyed?: { url: string; code: string };
}

/** What adds a seat to its person's calendar, changes it there, or removes it. */
export interface CalendarFacts {
  organiser: { name: string; email: string };
  /** Only grows in a registration's life: the Café's version when the message is written. */
  sequence: number;
}

/** A seat as an entry of its person's calendar. */
export interface CalendarInvitation extends CalendarFacts {
  registrationId: string;
  title: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  location: string;
  /** The page of the registration. */
  url: string;
  /** Without a name where the address is not proved: anybody may have typed it. */
  attendee: { name?: string; email: string };
}

/** One person of a host's list. */
export interface ExpectedPerson {
  name: TypedText;
  organisation?: TypedText;
  /** False: anybody may have typed the name. */
  proved: boolean;
}

/** The signed-in person who took a seat for another person, by their proved address. Their name is not shown: it can be any sentence. */
export interface Delegate {
  address: string;
}

/** One person of a delegation and the status of their registration. They are shown by the address that the delegate typed. */
export interface DelegatedPerson {
  email: TypedText;
  status: 'confirmed' | 'waitlisted' | 'kept' | 'ended';
  /** In the waitlist, from 1. */
  position?: number;
}

/** The facts of each kind of message. Texts of visitors are `TypedText`; all other strings are the product's, or the organisers'. */
export type MailMessage =
  | {
      kind: 'sign-in-code';
      link: string;
      /** How long the link stays valid, in minutes. */
      linkMinutes: number;
      /** The code, and how long it stays valid; missing where it has expired and the link has not. */
      code?: { digits: string; minutes: number };
    }
  | {
      kind: 'prove-address';
      code: string;
      link: string;
      seat: SeatFacts;
      /** Until when the seat is kept; a place in the waitlist has a position instead. */
      expiresAt?: string;
      waitlistPosition?: number;
      /** Until when their turn is kept: they get a seat if they prove the address before, and one is free. */
      proveBy?: string;
      waitsTogether?: number;
      registeredBy?: Delegate;
    }
  | ConfirmedMessage
  | {
      kind: 'waitlisted';
      seat: SeatFacts;
      waitlistPosition: number;
      /** The number of seats for which their group waits together: all of it gets seats, or none. */
      waitsTogether?: number;
      /** No seat of the Café is free. A group also waits for fewer free seats than it has people. */
      isFull: boolean;
      registeredBy?: Delegate;
    }
  | {
      kind: 'offered';
      seat: SeatFacts;
      expiresAt: string;
      /** Their other seats at that time, which accepting gives back. */
      swaps: CafeFacts[];
      /** Where it was confirmed before its Café was moved: it leaves the calendar until they accept. */
      calendar?: CalendarFacts;
      /** And the place and time before the move. */
      before?: PlaceBefore;
      reason?: string;
    }
  /** `calendar` where it was confirmed before its Café was moved. */
  | {
      kind: 'offer-expired' | 'line-closed';
      seat: SeatFacts;
      programmeUrl: string;
      calendar?: CalendarFacts;
      reason?: string;
    }
  /** A release gave the seat of a no-show to the waitlist. It is no cancellation: they may still come. */
  | { kind: 'seat-released'; seat: SeatFacts; programmeUrl: string; reason?: string }
  | MovedMessage
  | EndedMessage
  | {
      kind: 'reminder-day-before' | 'reminder-soon';
      seat: SeatFacts;
      ticket: string;
      /** When it is written: a late reminder is about the same day. */
      now: string;
      /** A page that ends the reminders without a session; a `POST` of it ends them at once (RFC 8058). */
      unsubscribeUrl: string;
    }
  | {
      kind: 'delegation-summary';
      cafe: CafeFacts;
      people: DelegatedPerson[];
      /** The number of seats for which the delegation waits together. */
      waitsTogether?: number;
      programmeUrl: string;
    }
  | {
      kind: 'host-list';
      cafe: CafeFacts;
      /** In the order of the attendance page. */
      expected: ExpectedPerson[];
      capacity: number;
      waitlisted: number;
      /** The attendance page. */
      doorUrl: string;
    }
  | ThanksMessage;

/** A confirmed seat. */
export interface ConfirmedMessage {
  kind: 'confirmed' | 'moved-up' | 'swapped';
  seat: SeatFacts;
  ticket: string;
  calendar: CalendarFacts;
  /** The Cafés whose seats a swap gave back. Each of these seats has a message of its own, which takes it out of the calendar. */
  gaveBack?: CafeFacts[];
  /** The delegate who took the seat. */
  registeredBy?: Delegate;
}

/** A Café that takes place at another time or in another room. `ticket` and `calendar` for a confirmed seat. */
export interface MovedMessage {
  kind: 'cafe-moved';
  seat: SeatFacts;
  /** The place and time before the move, where they are known. */
  before?: PlaceBefore;
  /** Why the organisers moved it, in their words. */
  reason?: string;
  ticket?: string;
  calendar?: CalendarFacts;
}

/** A registration that ended. */
export type EndedMessage = {
  seat: SeatFacts;
  /** Where it was confirmed once, and so may be in their calendar. */
  calendar?: CalendarFacts;
  programmeUrl: string;
  /** Why the organisers ended it, in their words. */
  reason?: string;
  /** It never had a seat: they were on the waitlist until its end. */
  onlyWaited?: boolean;
} & (
  | {
      kind: 'cancelled';
      /** The title of the Café that they got by the swap that gave this seat back. */
      swappedFor?: string;
      /** They erased their account, which gave their seats back. */
      isErased?: boolean;
    }
  | { kind: 'capacity-lost' }
  | {
      kind: 'cancelled-by-organiser';
      /** The whole Café will not take place. */
      cafeCancelled: boolean;
      /** The title of a seat of theirs that runs at the same time since the Café was moved. */
      clashesWith?: string;
    }
);

/** The last message of an event: thanks for the attended Cafés, and which data of the person are kept. */
export interface ThanksMessage {
  kind: 'thanks';
  /** The person's name, address and organisation in the database. */
  kept: { name: TypedText; email: TypedText; organisation?: TypedText };
  keepsOrganisation: boolean;
  event: string;
  replyTo?: string;
  /** The Cafés in which they were seen; none where nobody was checked in. */
  attended: { label: string; title: string }[];
  /** How many registrations are kept. */
  registrations: number;
  /** The page where a person sees, exports and erases their data. */
  dataUrl: string;
}

/** The facts of a message as its texts see them. */
export type ShownMessage = Shown<MailMessage>;

/** A message ready to be sent. */
export interface ComposedMail {
  /** The recipient; the name is empty where the address is not proved. */
  to: { name: string; address: string };
  /** The address that answers go to, where it is another one than the sender's. */
  replyTo?: string;
  /** Ends messages of this kind by a `POST` (RFC 8058). */
  unsubscribeUrl?: string;
  subject: string;
  html: string;
  text: string;
  /** The calendar part (RFC 5546). It is sent twice: as an alternative of the text, and as a file. */
  calendar?: { method: 'REQUEST' | 'CANCEL'; filename: string; content: string };
  attachments: { filename: string; content: Buffer | string; contentType: string; cid?: string }[];
}

/** The picture of the round table in a message: the state of the reader's chair. */
export type TableState = 'mine' | 'kept' | 'waiting' | 'offered' | 'ended' | 'full' | 'plain';

/** The texts of a message in one language, from which its HTML and its plain text are rendered. */
export interface MessageTexts {
  subject: string;
  table: TableState;
  heading: string;
  paragraphs: string[];
  cafe?: CafeFacts;
  /** Shown struck out before the new time and room. */
  before?: PlaceBefore;
  code?: string;
  ticket?: string;
  /** `note` is below the items, and says that there are more items, or none. */
  list?: { heading: string; items: { name: string; detail?: string }[]; note?: string };
  /** The most likely action first. Each leads to a page, where a click decides. */
  actions: { label: string; url: string }[];
  /** The code of `SeatFacts.keyed`. */
  deviceCode?: string;
  note?: string;
  /** Why the reader gets this message, and how to unsubscribe. */
  footer?: { text: string; link?: { label: string; url: string } };
}
