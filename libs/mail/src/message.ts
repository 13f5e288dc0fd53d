import type { Locale } from '#contract';
import type { Shown, TypedText } from './typed-text.ts';

/** The addressee of a message. `proved`: this person has shown that they read the mailbox of `address`. */
export interface Addressee {
  name: TypedText;
  address: string;
  proved: boolean;
  locale: Locale;
}

/** The Café of a message, its texts in the language of the message. */
export interface CafeFacts {
  title: string;
  /** “Café 4”, “Stand DCOL”. */
  label: string;
  room: string;
  event: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** The address for replies to the messages of the event; without one, replies go to the sender's address. */
  replyTo?: string;
}

/** The time and place of a Café before it was moved. */
export type PlaceBefore = Pick<CafeFacts, 'startsAt' | 'endsAt' | 'room'>;

/** The seat of a message. */
export interface SeatFacts extends CafeFacts {
  registrationId: string;
  /** The page of the registration, for a signed-in attendee. */
  url: string;
  /**
   * Opens the same page without a session while the registration is open. In a browser that did not ask for the seat, the page asks for
   * `code`, to prove that the visitor has the message. Neither is part of a calendar entry, which other people may read.
   */
  keyed?: { url: string; code: string };
}

/** The data that adds a seat to an attendee's calendar, changes it there, or removes it. */
export interface CalendarFacts {
  organiser: { name: string; email: string };
  /** Only grows during the life of a registration: the version of the Café when the message is written. */
  sequence: number;
}

/** A seat as an entry of the attendee's calendar. */
export interface CalendarInvitation extends CalendarFacts {
  registrationId: string;
  title: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  location: string;
  /** The page of the registration. */
  url: string;
  /** Without a name if the address is not proved, because another person may have typed it. */
  attendee: { name?: string; email: string };
}

/** One person of a host's list. */
export interface ExpectedPerson {
  name: TypedText;
  organisation?: TypedText;
  /** False: another person may have typed the name. */
  proved: boolean;
}

/** The signed-in person who took a seat for another person, as a proved address. The name is not shown, because it can be any sentence. */
export interface Delegate {
  address: string;
}

/** One person of a delegation and the status of their registration. The delegate typed the address. */
export interface DelegatedPerson {
  email: TypedText;
  status: 'confirmed' | 'waitlisted' | 'kept' | 'ended';
  /** The position in the waitlist, from 1. */
  position?: number;
}

/** The facts of each kind of message. Texts of visitors are `TypedText`; all other strings come from the product or from organisers. */
export type MailMessage =
  | {
      kind: 'sign-in-code';
      link: string;
      /** How long the link stays valid, in minutes. */
      linkMinutes: number;
      /** The code, and how long it stays valid; missing if the code has expired and the link has not. */
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
      /** The time until which a person who proves the address gets a free seat. */
      proveBy?: string;
      waitsTogether?: number;
      registeredBy?: Delegate;
    }
  | ConfirmedMessage
  | {
      kind: 'waitlisted';
      seat: SeatFacts;
      waitlistPosition: number;
      /** The number of seats for which the group waits together: either all people of the group get a seat, or none. */
      waitsTogether?: number;
      /** No seat of the Café is free. A group also waits if there are fewer free seats than people. */
      isFull: boolean;
      registeredBy?: Delegate;
    }
  | {
      kind: 'offered';
      seat: SeatFacts;
      expiresAt: string;
      /** Other seats of the attendee at that time, which accepting gives back. */
      swaps: CafeFacts[];
      /** If the registration was confirmed before its Café was moved: the entry is removed from the calendar until they accept. */
      calendar?: CalendarFacts;
      /** The place and time before the move. */
      before?: PlaceBefore;
      reason?: string;
    }
  /** `calendar` if the registration was confirmed before its Café was moved. */
  | {
      kind: 'offer-expired' | 'line-closed';
      seat: SeatFacts;
      programmeUrl: string;
      calendar?: CalendarFacts;
      reason?: string;
    }
  /** A release gave the seat of a no-show to the waitlist. It is not a cancellation: they may still come. */
  | { kind: 'seat-released'; seat: SeatFacts; programmeUrl: string; reason?: string }
  | MovedMessage
  | EndedMessage
  | {
      kind: 'reminder-day-before' | 'reminder-soon';
      seat: SeatFacts;
      ticket: string;
      /** When the message is written, because a late reminder is about the same day. */
      now: string;
      /** A page that turns reminders off without a session; a `POST` to it turns them off immediately (RFC 8058). */
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
  /** The Cafés whose seats a swap gave back. A separate message removes each of these seats from the calendar. */
  gaveBack?: CafeFacts[];
  /** The delegate who took the seat. */
  registeredBy?: Delegate;
}

/** A Café at a new time or in a new room. `ticket` and `calendar` for a confirmed seat. */
export interface MovedMessage {
  kind: 'cafe-moved';
  seat: SeatFacts;
  /** The place and time before the move, if they are known. */
  before?: PlaceBefore;
  /** Why the organisers moved it, in their words. */
  reason?: string;
  ticket?: string;
  calendar?: CalendarFacts;
}

/** A registration that ended. */
export type EndedMessage = {
  seat: SeatFacts;
  /** If it was confirmed once, and so may be in the attendee's calendar. */
  calendar?: CalendarFacts;
  programmeUrl: string;
  /** Why the organisers ended it, in their words. */
  reason?: string;
  /** It never had a seat: the attendee was waitlisted until it ended. */
  onlyWaited?: boolean;
} & (
  | {
      kind: 'cancelled';
      /** The title of the Café for which the attendee swapped this seat. */
      swappedFor?: string;
      /** The attendee erased their account, which gave their seats back. */
      isErased?: boolean;
    }
  | { kind: 'capacity-lost' }
  | {
      kind: 'cancelled-by-organiser';
      /** The whole Café will not take place. */
      cafeCancelled: boolean;
      /** The title of another seat of the attendee that overlaps since the Café was moved. */
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
  /** The Cafés at which the attendee was checked in. Empty if there was no check-in. */
  attended: { label: string; title: string }[];
  /** The number of registrations that are kept. */
  registrations: number;
  /** The page where a person sees, exports and erases their data. */
  dataUrl: string;
}

/** The facts of a message that its texts may use. */
export type ShownMessage = Shown<MailMessage>;

/** A message ready to be sent. */
export interface ComposedMail {
  /** The recipient. The name is empty if the address is not proved. */
  to: { name: string; address: string };
  /** The address for replies, if it differs from the sender's. */
  replyTo?: string;
  /** Unsubscribes from messages of this kind by a `POST` (RFC 8058). */
  unsubscribeUrl?: string;
  subject: string;
  html: string;
  text: string;
  /** The calendar part (RFC 5546). It is sent twice: as an alternative to the text, and as a file. */
  calendar?: { method: 'REQUEST' | 'CANCEL'; filename: string; content: string };
  attachments: { filename: string; content: Buffer | string; contentType: string; cid?: string }[];
}

/** The picture of the round table in a message, by the state of the reader's chair. */
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
  /** `note` is below the items. It says that there are more items, or none. */
  list?: { heading: string; items: { name: string; detail?: string }[]; note?: string };
  /** The most likely action first. Each leads to a page, where the reader confirms it. */
  actions: { label: string; url: string }[];
  /** The code of `SeatFacts.keyed`. */
  deviceCode?: string;
  note?: string;
  /** Why the reader gets this message, and how to unsubscribe. */
  footer?: { text: string; link?: { label: string; url: string } };
}
