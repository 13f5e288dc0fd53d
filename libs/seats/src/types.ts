import type { CafeSeats, CheckInResult, NoShowRelease, Registration } from '#contract';

/** A registration with the id of its attendee. Answers to clients may omit the attendee. */
export type OwnedRegistration = Registration & { attendeeId: string };

/** A claim of one person for one seat. */
export interface ClaimInput {
  cafeId: string;
  attendeeId: string;
  /** Whether the claim comes without a session: it then makes a guest registration, and other registrations of the person have no influence. */
  guest: boolean;
  /** The name and the organisation that were typed with a claim without a session. */
  typed?: TypedName;
}

/** A seat that the person already has and that overlaps the claimed Café in time. The caller adds the title. */
export interface SeatClash {
  registrationId: string;
  cafeId: string;
  startsAt: string;
  endsAt: string;
}

/**
 * The outcome of a claim. `created`: a new seat or waitlist place was stored on disk. `existing`: the person already had a registration, or
 * had a guest registration that this claim has confirmed. With the other outcomes nothing changed. A claim with the outcome `busy` did not reach the database.
 */
export type ClaimAnswer =
  | { outcome: 'created' | 'existing'; registration: OwnedRegistration }
  | { outcome: 'schedule-clash'; clashesWith: SeatClash[] }
  | { outcome: 'cafe-not-found' | 'cafe-not-open' | 'cafe-full' }
  | { outcome: 'busy'; retryAfterSeconds: number };

/** A claim of one person for several people; the list has each person once. The claiming person may be one of them. */
export interface DelegationInput {
  cafeId: string;
  attendeeIds: string[];
  mode: 'all' | 'each';
  /** The delegate. */
  by: string;
  /** The names that the delegate typed. */
  typed?: Map<string, TypedName>;
}

/**
 * The outcome for one person of a delegation. `not-all`: no person got a seat, because not all of them could get one. `too-many-unproved`:
 * the address is not proved, and the delegate already has the largest number of open guest registrations that one delegate may have in the
 * event.
 */
export interface DelegatedClaim {
  outcome: 'created' | 'existing' | 'schedule-clash' | 'not-all' | 'cafe-full' | 'too-many-unproved';
  registration: OwnedRegistration | undefined;
}

/** One check-in at the door. */
export interface CheckInInput {
  registrationId: string;
  cafeId: string;
  /** The attendee who scans. */
  by: string;
  /** How the host identified the person. Default `list`. */
  source?: 'scan' | 'list';
  /** When the person came, by the clock of the device. Default: now. */
  scannedAt?: string;
  /** The id that the device gave the check-in. */
  clientId?: string;
  device?: string;
}

/** The result of a check-in. */
export interface CheckedIn {
  result: CheckInResult;
  registration: OwnedRegistration;
}

/** The name and the organisation that one person typed for another. Hosts and organisers see them instead of the stored ones. */
export interface TypedName {
  name: string;
  organisation?: string;
}

/** The attendance of a Café, without names (libs/identity has them): the seats first, then the waitlist in its order. */
export interface CafeAttendance {
  seats: CafeSeats;
  people: AttendanceEntry[];
  /** The time from which the seats of absent people may be released. */
  releasableFrom: string;
  /** The releases that can still be undone. */
  releases: NoShowRelease[];
}

/** One person of a Café's attendance, without the name (libs/identity has it). */
export interface AttendanceEntry {
  registrationId: string;
  attendeeId: string;
  status: Registration['status'];
  waitlistPosition?: number;
  checkedInAt?: string;
  guest?: boolean;
  /** The attendee who registered this guest in a delegation. */
  delegatedBy?: string;
  /** The name that another person typed with the registration. It is absent after the attendee confirmed the registration. */
  typed?: TypedName;
}
