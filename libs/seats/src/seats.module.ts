import { Global, Module } from '@nestjs/common';
import { Configuration, Database } from '#platform';
import { SeatReads } from './reads.ts';
import { openScheduleReads, ScheduleReads } from './schedule-reads.ts';
import { openSeatReads, openSeats, SeatPublisher, Seats } from './seats.ts';

/** The seat engine. An app that changes seats provides a `SeatPublisher`, which publishes what each commit changed. */
@Global()
@Module({
  providers: [
    { provide: SeatReads, useFactory: (database: Database) => openSeatReads({ database }), inject: [Database] },
    {
      provide: Seats,
      useFactory: (database: Database, { HOLD_TTL_MINUTES }: Configuration, publisher?: SeatPublisher) =>
        openSeats({
          database,
          holdTtlMinutes: HOLD_TTL_MINUTES,
          ...(publisher && { onChanged: (changed) => publisher.publish(changed) }),
        }),
      inject: [Database, Configuration, { token: SeatPublisher, optional: true }],
    },
    { provide: ScheduleReads, useFactory: (database: Database) => openScheduleReads({ database }), inject: [Database] },
  ],
  exports: [SeatReads, Seats, ScheduleReads],
})
export class SeatsModule {}
