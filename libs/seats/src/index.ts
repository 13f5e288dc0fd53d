/** The seat engine: who has a seat, who waits, and how many are left. Postgres decides; this is its one door. */
export { composeAttendance, NAMELESS_GUEST, peopleOfAttendance } from './attendance.ts';
export { addSeatFigures } from './figures.ts';
export { type Audit, auditSeats } from './ledger.ts';
export type { SeatNow } from './message-reads.ts';
export { type CafeSeatsState, type CafeVersion, SeatReads } from './reads.ts';
export { type CafeNow, openScheduleReads, ScheduleReads } from './schedule-reads.ts';
export { openSeatReads, openSeats, SeatPublisher, Seats, type SeatsOptions } from './seats.ts';
export type {
  AttendanceEntry,
  CheckedIn,
  ClaimAnswer,
  ClaimInput,
  DelegatedClaim,
  DelegationInput,
  OwnedRegistration,
  SeatClash,
  TypedName,
} from './types.ts';
