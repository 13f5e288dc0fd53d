import { type DynamicModule, Module } from '@nestjs/common';
import { IdentityModule } from '#identity/module';
import { LiveModule } from '#live/module';
import { MailModule } from '#mail/module';
import type { AppLogger, AppServer, Configuration, Metrics } from '#platform';
import { PlatformModule } from '#platform/module';
import { ProgrammeModule } from '#programme/module';
import { SeatsModule } from '#seats/module';
import { TicketsModule } from '#tickets/module';
import { MailSendingModule } from './mail/mail-sending.module.ts';
import { OutboxModule } from './outbox/outbox.module.ts';
import { QueuesModule } from './queues/queues.module.ts';
import { ReadersModule } from './readers/readers.module.ts';
import { ScheduleModule } from './schedule/schedule.module.ts';

@Module({})
class WorkerModule {}

/**
 * The worker. Nest closes modules in the reverse order of these imports, and feature modules before global ones: the processors first, then
 * the modules that they use, then the relay, and the database last.
 */
export function workerModule(options: {
  configuration: Configuration;
  logger: AppLogger;
  metrics: Metrics;
  server: AppServer;
}): DynamicModule {
  const { configuration, logger, metrics, server } = options;
  return {
    module: WorkerModule,
    imports: [
      PlatformModule.forApp('worker', configuration, logger, { metrics, server }),
      OutboxModule,
      ReadersModule,
      IdentityModule,
      ProgrammeModule,
      SeatsModule,
      LiveModule,
      TicketsModule,
      MailModule,
      MailSendingModule,
      ScheduleModule,
      QueuesModule,
    ],
  };
}
