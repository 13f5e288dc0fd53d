import { Global, Module } from '@nestjs/common';
import { Configuration, Database } from '#platform';
import { SeatReads } from './reads.ts';
import { openScheduledMail, ScheduledMail } from './scheduled-mail.ts';
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
    { provide: ScheduledMail, useFactory: (database: Database) => openScheduledMail({ database }), inject: [Database] },
  ],
  exports: [SeatReads, Seats, ScheduledMail],
})
export class SeatsModule {}
