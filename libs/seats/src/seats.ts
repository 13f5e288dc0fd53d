import type { CafeChange, CafeSeats, Registration, SeatFeedMessage } from '#contract';
import type { Database } from '#platform';
import type { AttendanceEntry, CafeChanged, CheckedIn, ClaimAnswer, ClaimInput, RegistrationChanged } from './types.ts';

export interface SeatsOptions {
  database: Database;
  /** How long a seat is kept for somebody whose address is not proved yet, in minutes. */
  holdTtlMinutes: number;
  /** Called after every commit of claims with what they changed, to be published on the seat feed. */
  onChanged?: (changed: SeatFeedMessage) => void;
}

/** The verbs of the seat engine. Each change is one transaction; when it resolves, it is on disk. */
export interface Seats {
  /** Ask for a seat. Resolves with what became of it; throws only when the database is away. */
  claim(input: ClaimInput): Promise<ClaimAnswer>;
  /**
   * Give a registration back; the line moves up in the same commit. Cancelled again: the same answer.
   * @throws ProblemError `registration-not-found` when there is none of that id that belongs to the attendee;
   *   `registration-over` when it has expired.
   */
  cancel(registrationId: string, attendeeId: string): Promise<RegistrationChanged>;
  /**
   * The person showed that they read their mailbox: every seat still held for them is confirmed, each with its mail.
   * Safe to repeat. Call it after the address is marked as proved.
   */
  prove(attendeeId: string): Promise<{ registrations: Registration[]; changed: SeatFeedMessage }>;
  /** End the holds whose time is over by the database's clock, and move the lines up. Safe to run anywhere, at any time. */
  expireDue(): Promise<{ expired: number; changed: SeatFeedMessage }>;
  /** Check a person in at a Café's door. @throws ProblemError `registration-not-found`, `cafe-not-found`. */
  checkIn(input: { registrationId: string; cafeId: string; by: string }): Promise<CheckedIn>;
  /** Undo a check-in; of somebody who is not checked in, changes nothing. @throws ProblemError `registration-not-found`. */
  undoCheckIn(registrationId: string): Promise<RegistrationChanged>;
  /**
   * Change a Café's capacity, state or waitlist; more seats move the line up in the same commit; `state: cancelled`
   * cancels every registration, each with its mail.
   * @throws ProblemError `cafe-not-found`; `capacity-below-taken` {capacity, taken}; `capacity-above-room` {capacity, roomCapacity}.
   */
  changeCafe(cafeId: string, change: CafeChange): Promise<CafeChanged>;
  /** One registration, whosever it is. */
  registration(registrationId: string): Promise<Registration | undefined>;
  /** A person's registrations, by the Cafés' start: the active ones, and the latest of each Café left. */
  registrationsOf(attendeeId: string): Promise<Registration[]>;
  /** Everybody with a seat or in line at a Café: seats first, then the line in its order. */
  attendanceOf(cafeId: string): Promise<{ seats: CafeSeats; people: AttendanceEntry[] } | undefined>;
  /** The counts, state and waitlist of Cafés. */
  cafeSeats(cafeIds: string[]): Promise<(CafeSeats & { state: string; waitlistOpen: boolean })[]>;
  /** The counts of every Café of an event, or of all events. Drafts are left out unless asked for. */
  seatsOfEvent(eventId?: string): Promise<(CafeSeats & { roomId: string; eventId: string; state: string; waitlistOpen: boolean })[]>;
  /** The counts of every Café of a room. */
  seatsOfRoom(roomId: string): Promise<CafeSeats[]>;
  /** The versions of all Cafés: one cheap query, for healing. */
  versions(): Promise<{ cafeId: string; version: number }[]>;
  /** How many registrations of an event were made in each minute that had any, oldest first. */
  registrationsOverTime(eventId: string): Promise<{ minute: string; count: number }[]>;
  /** How many different people have a seat or a place in line at an event. */
  peopleOf(eventId: string): Promise<number>;
}

/** Open the engine on a database. */
export function openSeats(_options: SeatsOptions): Seats {
  throw new Error('not yet open');
}
