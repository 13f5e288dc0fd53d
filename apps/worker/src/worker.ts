import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SeatFeed } from '#live';
import { MailSwitch, Relay } from '#notifications';
import {
  type AppLogger,
  type Configuration,
  checkAtStart,
  Database,
  databaseChecks,
  openAppServer,
  openMetrics,
  type RunningApp,
} from '#platform';
import { MailServerHealth } from './mail/mail-server-health.ts';
import { workerModule } from './worker.module.ts';

/** The maximum number of connections to the worker's server, in total and from one address: it answers probes only. */
const CONNECTIONS_MAX = 200;
const CONNECTIONS_PER_CLIENT_MAX = 50;

/** Starts the worker: the relay, the mails, the scheduled tasks, and its probes on `WORKER_PORT`. */
export async function startWorker(configuration: Configuration, logger: AppLogger): Promise<RunningApp> {
  const metrics = openMetrics('worker');
  const server = openAppServer({
    configuration,
    logger,
    metrics,
    checks: [
      ...databaseChecks(() => app.get(Database)),
      { name: 'redis', check: () => app.get(SeatFeed).ping() },
      { name: 'relay', check: () => app.get(Relay).check() },
      // The worker serves without the mail server, because messages wait in Postgres.
      {
        name: 'mail',
        check: async () => {
          await app.get(MailSwitch).check();
          await app.get(MailServerHealth).check();
        },
        degradesOnly: true,
      },
    ],
    connectionsMax: CONNECTIONS_MAX,
    pendingPerClientMax: CONNECTIONS_PER_CLIENT_MAX,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    workerModule({ configuration, logger, metrics, server }),
    new FastifyAdapter(server.fastify),
    { logger: ['error', 'fatal'], bodyParser: false, abortOnError: false },
  );
  try {
    await checkAtStart(app.get(Database), logger);
    await app.listen(configuration.WORKER_PORT, configuration.HOST);
  } catch (error) {
    await app.close();
    throw error;
  }
  logger.info({ port: configuration.WORKER_PORT }, 'the worker is ready');
  return { close: () => app.close() };
}
