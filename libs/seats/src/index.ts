/** The seat engine: seats, waitlists and counts. Postgres decides. Other parts use only this file. */
export { composeAttendance, NAMELESS_GUEST, peopleOfAttendance } from './attendance.ts';
export { type Audit, auditSeats } from './ledger.ts';
export type { SeatNow } from './message-reads.ts';
export { type CafeSeatsState, type CafeVersion, SeatReads } from './reads.ts';
export { addSeatMetrics } from './retry-metrics.ts';
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
