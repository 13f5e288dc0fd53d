import type { CafeSeats, CheckInResult, NoShowRelease, Registration } from '#contract';

/** One person asking for one seat. */
export interface ClaimInput {
  cafeId: string;
  attendeeId: string;
  /** False: the seat is only `held` until the person shows that they read their mailbox. */
  proved: boolean;
  /** The sign-in challenge that the mail of an unproved person carries. Who waits in line with one has to prove the seat that comes of it. */
  challengeId?: string;
}

/** A seat of the person's own that overlaps in time. The caller adds the title. */
export interface SeatClash {
  registrationId: string;
  cafeId: string;
  startsAt: string;
  endsAt: string;
}

/**
 * What became of a claim. `created`: a seat or a place in line, on disk. `existing`: the person already had one there.
 * The rest changed nothing; `busy` never reached the database.
 */
export type ClaimAnswer =
  | { outcome: 'created' | 'existing'; registration: Registration }
  | { outcome: 'schedule-clash'; clashesWith: SeatClash[] }
  | { outcome: 'cafe-not-found' | 'cafe-not-open' | 'cafe-full' }
  | { outcome: 'busy'; retryAfterSeconds: number };

/** One person asking for seats for several people (their own among them or not), each named once. */
export interface DelegationInput {
  cafeId: string;
  attendeeIds: string[];
  mode: 'all' | 'each';
  /** Who asks. */
  by: string;
}

/** What became of one person of a delegation. `not-all`: nobody got a seat, because of others of them. */
export interface DelegatedClaim {
  outcome: 'created' | 'existing' | 'schedule-clash' | 'not-all' | 'cafe-full' | 'cafe-not-found' | 'cafe-not-open';
  registration: Registration | undefined;
}

/** What the door learns. */
export interface CheckedIn {
  result: CheckInResult;
  registration: Registration;
}

/** A Café's attendance, without names (libs/people has them): seats first, then the waitlist in its order. */
export interface CafeAttendance {
  seats: CafeSeats;
  people: AttendanceEntry[];
  /** From when on the seats of absent people may be released. */
  releasableFrom: string;
  /** The releases that can still be undone. */
  releases: NoShowRelease[];
}

/** One person of a Café's attendance, without their name (libs/people has it). */
export interface AttendanceEntry {
  registrationId: string;
  attendeeId: string;
  status: Registration['status'];
  waitlistPosition?: number;
  checkedInAt?: string;
}
