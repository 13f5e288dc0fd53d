import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AppServer } from './app-server.ts';
import { BoundedLog } from './bounded-log.ts';
import { Configuration } from './configuration.ts';
import { Database, openDatabase } from './database/database.ts';
import { AppLogger } from './logging.ts';
import { Metrics, openMetrics } from './metrics.ts';

/** Configuration, logger, database and metrics of one app. Global, so that it is made first and closed last. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @param app the name of the app: the label of its metrics, and a part of the name of its database connections
   * @param made what exists before Nest: the metrics, and the HTTP server of an app that answers nothing but its health, which Nest can
   *   then inject together with its bounded log
   */
  static forApp(
    app: string,
    configuration: Configuration,
    logger: AppLogger,
    made: { metrics?: Metrics; server?: AppServer } = {},
  ): DynamicModule {
    const { metrics = openMetrics(app), server } = made;
    const providers = [
      { provide: Configuration, useValue: configuration },
      { provide: AppLogger, useValue: logger },
      {
        provide: Database,
        useFactory: () =>
          openDatabase({
            url: configuration.DATABASE_URL,
            connectionsMax: configuration.DATABASE_CONNECTIONS_MAX,
            applicationName: `comptoir-${app}`,
            logger,
          }),
      },
      { provide: Metrics, useValue: metrics },
      ...(server
        ? [
            { provide: AppServer, useValue: server },
            { provide: BoundedLog, useValue: server.log },
          ]
        : []),
    ];
    return { module: PlatformModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#database.close();
  }
}
