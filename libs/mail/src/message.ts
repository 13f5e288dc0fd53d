import type { Locale } from '#contract';
import type { Shown, TypedText } from './typed-text.ts';

/** Whom a message is for. `proved`: this person has shown that they read the mailbox of `address`. */
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
}

/** Where and when a Café was before it was moved. */
export type PlaceBefore = Pick<CafeFacts, 'startsAt' | 'endsAt' | 'room'>;

/** The seat that a message is about. */
export interface SeatFacts extends CafeFacts {
  registrationId: string;
  /** The page of the registration, for its person. */
  url: string;
  /**
   * The same page for whoever has this message, without a session, while the registration is open; `code` proves there, in a browser that
   * did not ask for the seat, that its reader has the message. It stays out of calendars, which others may read.
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

/** A seat that was given back for another one. */
export interface GivenBack {
  seat: SeatFacts;
  calendar: CalendarFacts;
}

/** One line of a host's list. */
export interface ExpectedPerson {
  name: TypedText;
  organisation?: TypedText;
  /** Where not, anybody may have typed their name. */
  proved: boolean;
}

/** Who took a seat for another person: a person who was signed in, so that the address is proved. Their name is not shown: it can be a sentence. */
export interface Delegate {
  address: string;
}

/**
 * What became of one person of a delegation. They are told by the address that was typed: what the person of that address is called
 * is theirs to tell. `position` from 1 where they wait.
 */
export interface DelegatedPerson {
  email: TypedText;
  status: 'confirmed' | 'waitlisted' | 'kept' | 'ended';
  position?: number;
}

/**
 * What each kind of message needs to know besides whom it is for. Texts of visitors are `TypedText`; every other string is ours, or the
 * organisers'.
 */
export type MailMessage =
  | {
      kind: 'sign-in-code';
      link: string;
      /** How long the link is good for, in minutes. */
      linkMinutes: number;
      /** The code, and how long it is good for; missing where that is over and the link is not. */
      code?: { digits: string; minutes: number };
    }
  | {
      kind: 'prove-address';
      code: string;
      link: string;
      seat: SeatFacts;
      /** The seat is kept until then; a place in line has a position instead. */
      expiresAt?: string;
      waitlistPosition?: number;
      /** Their turn is kept until then: a seat is theirs if they prove the address before, and one is free. */
      proveBy?: string;
      registeredBy?: Delegate;
    }
  | ConfirmedMessage
  | { kind: 'waitlisted'; seat: SeatFacts; waitlistPosition: number; registeredBy?: Delegate }
  | {
      kind: 'offered';
      seat: SeatFacts;
      expiresAt: string;
      /** Their seats at that time, which accepting gives back. */
      swaps: CafeFacts[];
      /** Where it was theirs before its Café was moved: it leaves the calendar until they accept. */
      calendar?: CalendarFacts;
      /** And where and when that was. */
      before?: PlaceBefore;
    }
  | { kind: 'offer-expired' | 'line-closed'; seat: SeatFacts; programmeUrl: string }
  /** The Café began without its person: the seat went to the waitlist. It is no cancellation, and they are welcome. */
  | { kind: 'seat-released'; seat: SeatFacts; programmeUrl: string }
  | MovedMessage
  | EndedMessage
  | {
      kind: 'reminder-day-before' | 'reminder-soon';
      seat: SeatFacts;
      ticket: string;
      /** When it is written: late ones are about the same day. */
      now: string;
      settingsUrl: string;
    }
  | {
      kind: 'delegation-summary';
      cafe: CafeFacts;
      people: DelegatedPerson[];
      programmeUrl: string;
    }
  | {
      kind: 'host-list';
      cafe: CafeFacts;
      /** In the order of the list at the door. */
      expected: ExpectedPerson[];
      capacity: number;
      waitlisted: number;
      /** The page of the door. */
      doorUrl: string;
    }
  | ThanksMessage;

/** A seat that is theirs. `over`: it was given back before this message was written, and another message says so. */
export type ConfirmedMessage = { kind: 'confirmed' | 'moved-up' | 'swapped'; seat: SeatFacts } & (
  | {
      over?: false;
      ticket: string;
      calendar: CalendarFacts;
      /** What a swap gave back: it leaves the calendar. */
      gaveBack?: GivenBack[];
      /** The other person who took the seat for them. */
      registeredBy?: Delegate;
    }
  | { over: true }
);

/** A Café that takes place at another time or in another room. `ticket` and `calendar` for a confirmed seat. */
export interface MovedMessage {
  kind: 'cafe-moved';
  seat: SeatFacts;
  /** Where and when it was before, where that is known. */
  before?: PlaceBefore;
  ticket?: string;
  calendar?: CalendarFacts;
}

/** A seat that is theirs no more. `calendar` where it was confirmed once, and so may stand in their calendar. */
export type EndedMessage = { seat: SeatFacts; calendar?: CalendarFacts; programmeUrl: string } & (
  | { kind: 'cancelled' | 'capacity-lost' }
  | {
      kind: 'cancelled-by-organiser';
      /** The whole Café will not take place. */
      cafeCancelled: boolean;
      /** The title of a seat of theirs that runs at the same time since the Café was moved. */
      clashesWith?: string;
    }
);

/** After an event: whom we thank, for which Cafés, and what is kept of them. */
export interface ThanksMessage {
  kind: 'thanks';
  /** Their name, address and organisation as they are kept. */
  kept: { name: TypedText; email: TypedText; organisation?: TypedText };
  keepsOrganisation: boolean;
  event: string;
  /** The Cafés in which they were seen; none where nobody was checked in. */
  attended: { label: string; title: string }[];
  /** How many registrations are kept. */
  registrations: number;
  /** Where a person sees, takes along and deletes what is kept of them. */
  dataUrl: string;
}

/** The facts of a message as its texts see them. */
export type ShownMessage = Shown<MailMessage>;

/** A message ready to be sent. */
export interface ComposedMail {
  /** Whom it is for; the name is empty where the address is not proved. */
  to: { name: string; address: string };
  subject: string;
  html: string;
  text: string;
  /** The calendar part (RFC 5546), which mail clients look for beside the text: once as an alternative, once as a file. */
  calendar?: { method: 'REQUEST' | 'CANCEL'; filename: string; content: string };
  attachments: { filename: string; content: Buffer | string; contentType: string; cid?: string }[];
}

/** What the round table of a message shows: whose chair is it, and is it taken? */
export type TableState = 'mine' | 'kept' | 'waiting' | 'offered' | 'ended' | 'full' | 'plain';

/** The parts of a message in one language, from which both its HTML and its text are made. */
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
  /** `note` below the items: that there are more, or none. */
  list?: { heading: string; items: { name: string; detail?: string }[]; note?: string };
  /** The first is what most people come for. Each leads to a page; nothing acts before a click there. */
  actions: { label: string; url: string }[];
  /** What a page that `keyed` opens asks for in a browser that did not ask for the seat. */
  deviceCode?: string;
  note?: string;
  /** Why this person gets it, and how to get no more of its kind. */
  footer?: { text: string; link?: { label: string; url: string } };
}
