import type { SeatChange } from '../../libs/contract/src/index.ts';
import type { Database } from '../../libs/platform/src/index.ts';
import {
  AttendanceReads,
  CafeChanges,
  CheckIns,
  Commits,
  CountReads,
  GuestRegistrations,
  PendingChanges,
  RegistrationChanges,
  RegistrationReads,
  SeatClaims,
} from '../../libs/seats/src/index.ts';

export interface SeatsOptions {
  database: Database;
  /** How long a seat of a guest registration is held, in minutes. */
  holdTtlMinutes: number;
  /** Called after each commit with its changes. */
  onChanged?: (changed: SeatChange) => void;
}

/** The classes of libs/seats, as in `SeatsModule`. */
export type Seats = ReturnType<typeof openSeats>;

/** Opens the seat engine without Nest. */
export function openSeats({ database, holdTtlMinutes, onChanged }: SeatsOptions) {
  const publisher = onChanged && { publish: onChanged };
  const commits = new Commits(database, publisher);
  const reads = new RegistrationReads(database);
  const guests = new GuestRegistrations(commits);
  return {
    claims: new SeatClaims({ database, holdTtlMinutes, publisher, commits, guests, reads }),
    registrations: new RegistrationChanges(commits, reads),
    guests,
    checkIns: new CheckIns(commits, reads),
    cafes: new CafeChanges(commits),
    pending: new PendingChanges(commits),
    reads,
    counts: new CountReads(database),
    attendance: new AttendanceReads(database),
  };
}
