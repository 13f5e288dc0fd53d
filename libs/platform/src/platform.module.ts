import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
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
   * @param app the name of the app, as its metrics and its database connections have it
   * @param metrics where they were opened before, for a server that answers with them
   */
  static forApp(
    app: string,
    configuration: Configuration,
    logger: AppLogger,
    metrics = openMetrics(app),
  ): DynamicModule {
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
    ];
    return { module: PlatformModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#database.close();
  }
}
