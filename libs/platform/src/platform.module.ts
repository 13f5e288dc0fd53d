import { type DynamicModule, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AppServer } from './app-server.ts';
import { BoundedLog } from './bounded-log.ts';
import { Configuration } from './configuration.ts';
import { CALL_STATEMENT_TIMEOUT_MS, Database, openDatabase } from './database/database.ts';
import { AppLogger } from './logging.ts';
import { Metrics, openMetrics } from './metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';

/**
 * Configuration, logger, database and metrics of one app; serves the metrics on their own port. Global. If it is the first import of the
 * app, Nest creates it first and closes it last.
 */
@Module({})
export class PlatformModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #configuration: Configuration;
  readonly #database: Database;
  readonly #metrics: Metrics;
  #metricsServer: MetricsServer | undefined;

  constructor(configuration: Configuration, database: Database, metrics: Metrics) {
    this.#configuration = configuration;
    this.#database = database;
    this.#metrics = metrics;
  }

  /**
   * @param app the name of the app: the label of its metrics, and a part of the name of its database connections
   * @param made the parts that exist before Nest: the metrics, and the HTTP server of an app that answers only health requests. Nest can
   * then inject the server and its bounded log.
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
            // The worker answers no people, and some of its tasks change thousands of rows in one statement.
            ...(app !== 'worker' && { statementTimeoutMs: CALL_STATEMENT_TIMEOUT_MS }),
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

  async onApplicationBootstrap(): Promise<void> {
    this.#metricsServer = await serveMetrics(this.#configuration, this.#metrics);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#metricsServer?.close();
    await this.#database.close();
  }
}
