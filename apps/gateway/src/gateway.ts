import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { openIdentity } from '#identity';
import { openSeatFeed } from '#live';
import { openOutbox } from '#notifications';
import { type Configuration, openAppServer, openDatabase, openMetrics, type RunningApp } from '#platform';
import { openProgramme } from '#programme';
import { openSeats } from '#seats';
import { Counts } from './counts.ts';
import { LiveServer } from './live-server.ts';
import { Messages } from './messages.ts';
import { PARTS, type Parts } from './parts.ts';
import { Rights } from './rights.ts';
import { Views } from './views.ts';

/** TCP connections beyond those that are live: probes, handshakes that wait, long polling. */
const SPARE_CONNECTIONS = 6_000;
/** So many connections of one address may be neither live nor wait for their turn: all of a hall come back at once, each for a moment. */
const PENDING_PER_CLIENT_MAX = 200;

@Module({})
class GatewayModule {
  static of(parts: Parts): DynamicModule {
    const providers = [{ provide: PARTS, useValue: parts }, Counts, Views, Rights, Messages, LiveServer];
    return { module: GatewayModule, providers };
  }
}

/** Start the gateway: live connections and probes on `GATEWAY_PORT`. */
export async function startGateway(configuration: Configuration, logger: Logger): Promise<RunningApp> {
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX, REDIS_URL, APP_SECRET, PUBLIC_URL } = configuration;
  const database = openDatabase({
    url: DATABASE_URL,
    connectionsMax: DATABASE_CONNECTIONS_MAX,
    applicationName: 'comptoir-gateway',
    logger,
  });
  const metrics = openMetrics('gateway');
  const feed = openSeatFeed({
    redisUrl: REDIS_URL,
    secret: APP_SECRET,
    counts: (cafeIds) => parts.seats.countsOf(cafeIds),
    logger,
  });
  const people = openIdentity({ database, secret: APP_SECRET, publicUrl: PUBLIC_URL });
  const server = openAppServer({
    configuration,
    logger,
    metrics,
    checks: [
      { name: 'database', check: () => database.ping() },
      // Without it counts come from the database, a second later: worth telling, and no reason to send people elsewhere.
      { name: 'redis', check: () => feed.ping(), degradesOnly: true },
    ],
    connectionsMax: configuration.SOCKETS_MAX + SPARE_CONNECTIONS,
    pendingPerClientMax: PENDING_PER_CLIENT_MAX,
  });
  const parts: Parts = {
    configuration,
    logger,
    log: server.log,
    metrics,
    people,
    programme: openProgramme({ database }),
    seats: openSeats({ database, holdTtlMinutes: configuration.HOLD_TTL_MINUTES }),
    outbox: openOutbox({ database }),
    feed,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of(parts),
    new FastifyAdapter(server.fastify),
    { logger: ['error', 'fatal'], bodyParser: false },
  );
  const live = app.get(LiveServer);
  await people.start();
  live.attach(server);
  await app.listen(configuration.GATEWAY_PORT, configuration.HOST);
  logger.info({ port: configuration.GATEWAY_PORT }, 'the gateway is ready');
  return {
    async close() {
      await live.leave();
      await app.close();
      server.log.flush();
      people.close();
      await feed.close();
      await database.close();
    },
  };
}
