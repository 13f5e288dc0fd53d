import type { CalendarParties } from './calendar/calendar.ts';

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
  /** The page of the registration. */
  url: string;
}

/** What puts a seat into a calendar, changes it there, or takes it out. */
export interface CalendarFacts extends CalendarParties {
  /** Only grows in a registration's life: the Café's version when the message is written. */
  sequence: number;
}

/** A seat that was given back for another one. */
export interface GivenBack {
  seat: SeatFacts;
  calendar: CalendarFacts;
}

/** One line of a host's list. */
export interface ExpectedPerson {
  name: string;
  organisation?: string;
}

/**
 * What became of one person of a delegation. They are told by the address that was typed: what the person of that address is called
 * is theirs to tell. `position` from 1 where they wait.
 */
export interface DelegatedPerson {
  email: string;
  status: 'confirmed' | 'waitlisted' | 'kept' | 'ended';
  position?: number;
}

/** What each kind of message needs to know. */
export type MailMessage =
  | { kind: 'sign-in-code'; code: string; link: string }
  | {
      kind: 'prove-address';
      name: string;
      code: string;
      link: string;
      seat: SeatFacts;
      /** The seat is kept until then; a place in line has a position instead. */
      expiresAt?: string;
      waitlistPosition?: number;
    }
  | ConfirmedMessage
  | { kind: 'waitlisted'; name: string; seat: SeatFacts; waitlistPosition: number; registeredBy?: string }
  | {
      kind: 'offered';
      name: string;
      seat: SeatFacts;
      expiresAt: string;
      /** Their seats at that time, which accepting gives back. */
      swaps: CafeFacts[];
      /** Where it was theirs before its Café was moved: it leaves the calendar until they accept. */
      calendar?: CalendarFacts;
      /** And where and when that was. */
      before?: PlaceBefore;
    }
  | { kind: 'offer-expired' | 'line-closed'; name: string; seat: SeatFacts; programmeUrl: string }
  /** The Café began without its person: the seat went to the waitlist. It is no cancellation, and they are welcome. */
  | { kind: 'seat-released'; name: string; seat: SeatFacts; programmeUrl: string }
  | MovedMessage
  | EndedMessage
  | {
      kind: 'reminder-day-before' | 'reminder-soon';
      name: string;
      seat: SeatFacts;
      ticket: string;
      /** When it is written: late ones are about the same day. */
      now: string;
      settingsUrl: string;
    }
  | {
      kind: 'delegation-summary';
      name: string;
      cafe: CafeFacts;
      people: DelegatedPerson[];
      programmeUrl: string;
    }
  | {
      kind: 'host-list';
      name: string;
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
export type ConfirmedMessage = { kind: 'confirmed' | 'moved-up' | 'swapped'; name: string; seat: SeatFacts } & (
  | {
      over?: false;
      ticket: string;
      calendar: CalendarFacts;
      /** What a swap gave back: it leaves the calendar. */
      gaveBack?: GivenBack[];
      /** The name of the other person who took the seat for them. */
      registeredBy?: string;
    }
  | { over: true }
);

/** A Café that takes place at another time or in another room. `ticket` and `calendar` for a confirmed seat. */
export interface MovedMessage {
  kind: 'cafe-moved';
  name: string;
  seat: SeatFacts;
  /** Where and when it was before, where that is known. */
  before?: PlaceBefore;
  ticket?: string;
  calendar?: CalendarFacts;
}

/** A seat that is theirs no more. `calendar` where it was confirmed once, and so may stand in their calendar. */
export type EndedMessage = { name: string; seat: SeatFacts; calendar?: CalendarFacts; programmeUrl: string } & (
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
  name: string;
  email: string;
  organisation?: string;
  event: string;
  /** The Cafés in which they were seen; none where nobody was checked in. */
  attended: { label: string; title: string }[];
  /** How many registrations are kept. */
  registrations: number;
  /** Where a person sees, takes along and deletes what is kept of them. */
  dataUrl: string;
}

/** A message ready to be sent. */
export interface ComposedMail {
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
export interface Letter {
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
  note?: string;
  /** Why this person gets it, and how to get no more of its kind. */
  footer?: { text: string; link?: { label: string; url: string } };
}
