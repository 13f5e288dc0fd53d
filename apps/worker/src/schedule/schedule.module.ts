import { Module } from '@nestjs/common';
import {
  AttendeeReader,
  DueReader,
  MailRetention,
  MailSchedule,
  openMailRetention,
  openMailSchedule,
} from '#notifications';
import { Database } from '#platform';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { ScheduleProcessor } from './schedule.processor.ts';
import { ScheduledTasks } from './scheduled-tasks.ts';

/** The scheduled tasks: end holds, enqueue scheduled messages, delete old rows. */
@Module({
  imports: [MetricsModule],
  providers: [
    {
      provide: MailSchedule,
      useFactory: (database: Database, due: DueReader, attendees: AttendeeReader) =>
        openMailSchedule({ database, due, attendees }),
      inject: [Database, DueReader, AttendeeReader],
    },
    { provide: MailRetention, useFactory: (database: Database) => openMailRetention({ database }), inject: [Database] },
    ScheduledTasks,
    ScheduleProcessor,
  ],
})
export class ScheduleModule {}
