import { Global, Module, type Provider } from '@nestjs/common';
import { Configuration, Database, providerOf } from '#platform';
import { AttendanceReads } from './attendance-reads.ts';
import { CafeChanges } from './cafe-changes.ts';
import { CheckIns } from './check-ins.ts';
import { Commits, SeatPublisher } from './commits.ts';
import { CountReads } from './count-reads.ts';
import { GuestRegistrations } from './guest-registrations.ts';
import { MessageReads } from './message-reads.ts';
import { PendingChanges } from './pending-changes.ts';
import { RegistrationChanges } from './registration-changes.ts';
import { RegistrationReads } from './registration-reads.ts';
import { ScheduleReads } from './schedule-reads.ts';
import { SeatClaims } from './seat-claims.ts';

const optionalPublisher = { token: SeatPublisher, optional: true };

const subjects: (Provider & { provide: unknown })[] = [
  providerOf(AttendanceReads, Database),
  providerOf(CountReads, Database),
  providerOf(MessageReads, Database),
  providerOf(RegistrationReads, Database),
  providerOf(ScheduleReads, Database),
  providerOf(RegistrationChanges, Commits, RegistrationReads),
  providerOf(GuestRegistrations, Commits),
  providerOf(CheckIns, Commits, RegistrationReads),
  providerOf(CafeChanges, Commits),
  providerOf(PendingChanges, Commits),
  {
    provide: SeatClaims,
    useFactory: (
      database: Database,
      { HOLD_TTL_MINUTES: holdTtlMinutes }: Configuration,
      commits: Commits,
      guests: GuestRegistrations,
      reads: RegistrationReads,
      publisher?: SeatPublisher,
    ) => new SeatClaims({ database, holdTtlMinutes, publisher, commits, guests, reads }),
    inject: [Database, Configuration, Commits, GuestRegistrations, RegistrationReads, optionalPublisher],
  },
];

/** The seat engine. An app that changes seats provides a `SeatPublisher`, which publishes the changes of each commit. */
@Global()
@Module({
  providers: [
    {
      provide: Commits,
      useFactory: (database: Database, publisher?: SeatPublisher) => new Commits(database, publisher),
      inject: [Database, optionalPublisher],
    },
    ...subjects,
  ],
  exports: subjects.map(({ provide }) => provide as never),
})
export class SeatsModule {}
