import { Global, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { emailDomain } from '#mail';
import { Deliveries, MailSwitch, openDeliveries, openMailSwitch, openRelay, Relay, workerNumber } from '#notifications';
import { NotificationsModule } from '#notifications/module';
import { AppLogger, Configuration, Database } from '#platform';
import { MailWatch } from './mail-watch.ts';

/**
 * The outbox of this worker. The relay enqueues the rows of the outbox. Deliveries are leased to the number of this worker, which the
 * relay's session holds as a lock. The module is global and imported first, so that the relay closes after the other parts of the worker
 * and before the database. Until then, no other worker takes over the leases.
 */
@Global()
@Module({
  imports: [NotificationsModule],
  providers: [
    { provide: 'WORKER_NUMBER', useFactory: workerNumber },
    {
      provide: Deliveries,
      useFactory: (database: Database, { MAIL_FROM }: Configuration, worker: number) =>
        openDeliveries({ database, domain: emailDomain(MAIL_FROM), worker }),
      inject: [Database, Configuration, 'WORKER_NUMBER'],
    },
    {
      provide: MailSwitch,
      useFactory: (database: Database, place: Configuration) => openMailSwitch({ database, place }),
      inject: [Database, Configuration],
    },
    MailWatch,
    {
      provide: Relay,
      useFactory: (
        database: Database,
        configuration: Configuration,
        logger: AppLogger,
        worker: number,
        mailSwitch: MailSwitch,
      ) =>
        openRelay({
          database,
          databaseUrl: configuration.DATABASE_DIRECT_URL,
          redisUrl: configuration.REDIS_URL,
          worker,
          logger,
          isMailOn: () => mailSwitch.offBecause() === undefined,
        }),
      inject: [Database, Configuration, AppLogger, 'WORKER_NUMBER', MailSwitch],
    },
  ],
  exports: [Deliveries, MailSwitch, Relay],
})
export class OutboxModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #relay: Relay;

  constructor(relay: Relay) {
    this.#relay = relay;
  }

  onApplicationBootstrap(): void {
    this.#relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#relay.close();
  }
}
