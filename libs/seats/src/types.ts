import type { CafeSeats, CheckInResult, NoShowRelease, Registration } from '#contract';

/** A registration with whose it is: what the engine tells. What a client is told may leave that out. */
export type OwnedRegistration = Registration & { attendeeId: string };

/** One person asking for one seat. */
export interface ClaimInput {
  cafeId: string;
  attendeeId: string;
  /** The claim comes without the person's session: it makes a guest registration, whatever the person has of their own. */
  guest: boolean;
  /** The name and the organisation that were typed with a claim without a session. */
  typed?: TypedName;
}

/** A seat of the person's own that overlaps in time. The caller adds the title. */
export interface SeatClash {
  registrationId: string;
  cafeId: string;
  startsAt: string;
  endsAt: string;
}

/**
 * What became of a claim. `created`: a seat or a place in line, on disk. `existing`: there was one already, of the same kind, or a
 * guest registration that became the person's own.
 * The rest changed nothing; `busy` never reached the database.
 */
export type ClaimAnswer =
  | { outcome: 'created' | 'existing'; registration: OwnedRegistration }
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
  /** What they typed of each attendee. */
  typed?: Map<string, TypedName>;
}

/**
 * What became of one person of a delegation. `not-all`: nobody got a seat, because of others of them. `too-many-unproved`: their address
 * is not proved, and the delegate has as many guest registrations open in the event as one delegate may have.
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
  /** How the door learned who came. Default `list`. */
  source?: 'scan' | 'list';
  /** When the person came, by the clock of the device. Default: now. */
  scannedAt?: string;
  /** The id that the device gave the check-in. */
  clientId?: string;
  device?: string;
}

/** What the door learns. */
export interface CheckedIn {
  result: CheckInResult;
  registration: OwnedRegistration;
}

/** The name and the organisation that one person typed for another: hosts and organisers see them instead of the kept ones. */
export interface TypedName {
  name: string;
  organisation?: string;
}

/** A Café's attendance, without names (libs/identity has them): seats first, then the waitlist in its order. */
export interface CafeAttendance {
  seats: CafeSeats;
  people: AttendanceEntry[];
  /** From when on the seats of absent people may be released. */
  releasableFrom: string;
  /** The releases that can still be undone. */
  releases: NoShowRelease[];
}

/** One person of a Café's attendance, without their name (libs/identity has it). */
export interface AttendanceEntry {
  registrationId: string;
  attendeeId: string;
  status: Registration['status'];
  waitlistPosition?: number;
  checkedInAt?: string;
  guest?: boolean;
  /** The attendee who registered this guest in a delegation. */
  delegatedBy?: string;
  /** What another person typed who made the registration, until its person makes it their own. */
  typed?: TypedName;
}
