import type { ByLanguage, Locale, Registration, Role } from '#contract';

/**
 * The interfaces through which notifications reads data of the owners of attendees, seats, programme, sign-in and tickets. Each app that
 * writes messages binds these classes to the libs that own the data (docs/adr/0021). This lib reads none of their tables.
 */

/** The facts about an attendee that a message needs. `proved`: the attendee once showed that they read the mailbox of `email`. */
export interface MailAttendee {
  attendeeId: string;
  name: string;
  organisation?: string;
  /** Absent of a walk-in without an address, who gets no message. */
  email?: string;
  locale: Locale;
  proved: boolean;
  /** Whether the attendee wants reminders. */
  reminders: boolean;
  /** Whether the client that last typed the address had caused many mails before. */
  laterMails: boolean;
}

/** An attendee who can get a message. */
export type ReachableAttendee = MailAttendee & { email: string };

export function isReachable(attendee: MailAttendee | undefined): attendee is ReachableAttendee {
  return attendee?.email !== undefined;
}

export abstract class AttendeeReader {
  abstract attendee(attendeeId: string): Promise<MailAttendee | undefined>;
  /** The attendees with these ids, by id. Ids that do not exist are left out. */
  abstract attendees(attendeeIds: string[]): Promise<Map<string, MailAttendee>>;
  abstract attendeeByEmail(email: string): Promise<MailAttendee | undefined>;
  abstract roles(attendeeId: string): Promise<Role[]>;
  /** The attendees who are hosts of a room. */
  abstract hostsOf(room: { eventId: string; roomId: string }): Promise<string[]>;
}

/** An open sign-in. Instants are ISO 8601. */
export interface MailChallenge {
  id: string;
  email: string;
  locale: Locale;
  /** The end of the validity of the link. */
  expiresAt: string;
  codeExpiresAt: string;
}

/** Codes, links and keys that mails carry. */
export abstract class SignInReader {
  abstract challenge(challengeId: string): Promise<MailChallenge | undefined>;
  /**
   * The challenge for a mail that is being written: the open challenge of this registration, or a new one. `until`: the end of its
   * validity.
   */
  abstract challengeFor(mail: { attendeeId: string; registrationId?: string; until?: string }): Promise<string>;
  abstract signInCode(challengeId: string): Promise<string>;
  /** `next`: the path of the page that opens after the sign-in. */
  abstract signInLink(challengeId: string, next: string): string;
  /** The link that ends the reminders to an attendee without a session (RFC 8058). It gives access to nothing else. */
  abstract remindersOffLink(attendeeId: string): string;
  /** The key of the page of one registration and the code for another device. They give access to this registration without a session. */
  abstract registrationOpener(registrationId: string): { key: string; code: string };
}

/** A registration with the id of its attendee. */
export type MailRegistration = Registration & { attendeeId: string };

/** A registration and its Café, read in one statement. */
export interface MailSeat {
  registration: MailRegistration;
  /** Grows with every change of the Café or its seats. */
  cafeVersion: number;
  cafeState: string;
  /** The free seats of the Café. */
  cafeFree: number;
  /** Why the organisers changed it last, in their words. */
  reason?: string;
  /** The delegate who took the seat, in a delegation. */
  delegatedBy?: string;
  /** The number of registrations of its delegation that wait together: all of them get seats, or none. */
  waitsTogether?: number;
}

/** Earlier states of a registration. */
export interface RegistrationPast {
  /** Whether it was once confirmed, so that it may be in a calendar. */
  wasConfirmed: boolean;
  /** Whether it once had a seat: held, offered or confirmed. False when it was only on the waitlist. */
  hadSeat: boolean;
  /** The cause of its end; absent when it has not ended. */
  endedBy?: string;
  /** The Café that its attendee got by the swap that ended it. */
  swappedFor?: string;
}

/** The expected attendees of a Café, in the order of the list at the door. */
export interface HostList {
  capacity: number;
  waitlisted: number;
  expected: { name: string; organisation?: string; proved: boolean }[];
}

/** The room and the time of a Café; instants are ISO 8601. */
export interface CafePlace {
  roomId: string;
  startsAt: string;
  endsAt: string;
}

export abstract class SeatReader {
  abstract seat(registrationId: string): Promise<MailSeat | undefined>;
  abstract pastOf(registration: MailRegistration): Promise<RegistrationPast>;
  /** The confirmed seats that the person gave back in the swap that confirmed this seat. */
  abstract givenBackFor(registration: MailRegistration): Promise<MailSeat[]>;
  /** The time and the room that a Café had at an instant; undefined when it still has them. */
  abstract placeAt(cafeId: string, at: Date): Promise<CafePlace | undefined>;
  /** Whether a registration was moved with its Café at or after an instant. */
  abstract isMovedSince(registrationId: string, since: Date): Promise<boolean>;
  /** The registrations of one delegation, in the order in which the delegate listed the people. */
  abstract delegated(delegationId: string): Promise<MailRegistration[]>;
  /** The seats of an attendee that overlap a Café in time. */
  abstract clashesWith(attendeeId: string, cafeId: string): Promise<{ cafeId: string }[]>;
  abstract registrationsOf(attendeeId: string): Promise<MailRegistration[]>;
  abstract hostList(cafeId: string): Promise<HostList | undefined>;
  /** The current state of a Café. */
  abstract cafe(cafeId: string): Promise<(CafePlace & { state: string }) | undefined>;
  /** The end of the last Café of an event, or of the event itself when that is later; ISO 8601. */
  abstract eventOverAt(eventId: string): Promise<string | undefined>;
}

/** Reads the data on which scheduled messages depend, by the clock of the database. */
export abstract class DueReader {
  /** The open and closed Cafés that start within this time, in milliseconds. `startsInMs`: the time until the start. */
  abstract cafesStartingWithin(
    milliseconds: number,
  ): Promise<{ cafeId: string; eventId: string; roomId: string; startsAt: string; startsInMs: number }[]>;
  /** The confirmed registrations of a Café whose attendees are not checked in. */
  abstract confirmedIn(cafeId: string): Promise<{ registrationId: string; attendeeId: string }[]>;
  /** The events that ended between `fromMs` and `untilMs` milliseconds ago. `overAt`: as in `eventOverAt`. */
  abstract eventsOver(fromMs: number, untilMs: number): Promise<{ eventId: string; overAt: string }[]>;
  /** The attendees with a confirmed seat in any Café of an event. */
  abstract seatedAt(eventId: string): Promise<string[]>;
}

/** The facts about a Café that messages show; texts in every language. */
export interface MailCafe {
  eventId: string;
  roomId: string;
  code: string;
  kind: 'cafe' | 'stand' | 'space';
  texts: ByLanguage<{ title: string }>;
  /** The first language of its event. */
  fallback: string;
  startsAt: string;
  endsAt: string;
}

export abstract class ProgrammeReader {
  abstract cafe(cafeId: string): Promise<MailCafe | undefined>;
  abstract event(by: {
    id: string;
  }): Promise<
    | { id: string; slug: string; title: ByLanguage<string>; locales: string[]; timeZone: string; replyTo?: string }
    | undefined
  >;
  abstract room(roomId: string): Promise<{ name: string } | undefined>;
}

/** Signs tickets. */
export abstract class TicketSigner {
  abstract ticketFor(ticket: { registrationId: string; cafeId: string; endsAt: string }): string;
}
