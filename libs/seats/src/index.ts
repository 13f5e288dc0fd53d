/**
 * The seat engine: who has a seat, who waits, and how many seats are left. Postgres decides. Each class has one subject; inject the classes
 * that you use.
 */
export { composeAttendance, NAMELESS_GUEST, peopleOfAttendance } from './attendance.ts';
export { AttendanceReads } from './attendance-reads.ts';
export { CafeChanges } from './cafe-changes.ts';
export { CheckIns } from './check-ins.ts';
export { Commits, SeatPublisher } from './commits.ts';
export { type CafeSeatsState, type CafeVersion, CountReads } from './count-reads.ts';
export { GuestRegistrations } from './guest-registrations.ts';
export { type Audit, auditSeats } from './ledger.ts';
export { MessageReads, type SeatNow } from './message-reads.ts';
export { PendingChanges } from './pending-changes.ts';
export { RegistrationChanges } from './registration-changes.ts';
export { RegistrationReads } from './registration-reads.ts';
export { addSeatMetrics } from './retry-metrics.ts';
export { type CafeNow, ScheduleReads } from './schedule-reads.ts';
export { SeatClaims } from './seat-claims.ts';
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
