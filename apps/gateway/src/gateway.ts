import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { SeatFeed } from '#live';
import {
  type Configuration,
  checkAtStart,
  Database,
  databaseChecks,
  openAppServer,
  openMetrics,
  type RunningApp,
} from '#platform';
import { LiveAdapter } from './connections/live-adapter.ts';
import { gatewayModule } from './gateway.module.ts';

/** The maximum number of TCP connections besides the live ones: probes, waiting handshakes, long polling. */
const SPARE_CONNECTIONS_MAX = 6_000;
/**
 * The maximum number of pending TCP connections of one address. After an outage, a whole venue reconnects, and each connection is pending
 * for a moment.
 */
const PENDING_PER_CLIENT_MAX = 200;

/** Starts the gateway: live connections and health on `GATEWAY_PORT`. */
export async function startGateway(configuration: Configuration, logger: Logger): Promise<RunningApp> {
  const metrics = openMetrics('gateway');
  const server = openAppServer({
    configuration,
    logger,
    metrics,
    checks: [
      ...databaseChecks(() => app.get(Database)),
      // Without Redis the counts come from the database, up to a second later. The gateway is then degraded, and clients stay connected to
      // it.
      { name: 'redis', check: () => app.get(SeatFeed).ping(), degradesOnly: true },
    ],
    connectionsMax: configuration.SOCKETS_MAX + SPARE_CONNECTIONS_MAX,
    pendingPerClientMax: PENDING_PER_CLIENT_MAX,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    gatewayModule(configuration, logger, { metrics, server }),
    new FastifyAdapter(server.fastify),
    { logger: ['error', 'fatal'], bodyParser: false, abortOnError: false },
  );
  app.useWebSocketAdapter(app.get(LiveAdapter));
  await checkAtStart(app.get(Database), logger);
  await app.listen(configuration.GATEWAY_PORT, configuration.HOST);
  logger.info({ port: configuration.GATEWAY_PORT }, 'the gateway is ready');
  return { close: () => app.close() };
}
