import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { openIdentity } from '#identity';
import { openSeatFeed } from '#live';
import { createMailTransport, emailDomain, type MailTransport } from '#mail';
import { openOutbox, openRelay, workerNumber } from '#notifications';
import { type Configuration, openAppServer, openDatabase, openMetrics, type RunningApp, serveMetrics } from '#platform';
import { openProgramme } from '#programme';
import { addSeatFigures, openScheduledMail, openSeats } from '#seats';
import { openTickets } from '#tickets';
import { factsTogether } from './facts-together.ts';
import { openWorkerFigures } from './figures.ts';
import { MailFacts } from './mail-facts.ts';
import { MailJobs } from './mail-jobs.ts';
import { PARTS, type Parts } from './parts.ts';
import { Schedule } from './schedule.ts';

/** The worker answers probes: so many connections are enough, in all and of one address. */
const CONNECTIONS_MAX = 200;
const CONNECTIONS_PER_CLIENT_MAX = 50;

@Module({})
class WorkerModule {
  static of(parts: Parts): DynamicModule {
    return { module: WorkerModule, providers: [{ provide: PARTS, useValue: parts }, MailFacts, MailJobs, Schedule] };
  }
}

/** Start the worker: the relay, the mails, what is scheduled, and its probes on `WORKER_PORT`. */
export async function startWorker(configuration: Configuration, logger: Logger): Promise<RunningApp> {
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX, REDIS_URL, APP_SECRET, PUBLIC_URL } = configuration;
  const database = openDatabase({
    url: DATABASE_URL,
    connectionsMax: DATABASE_CONNECTIONS_MAX,
    applicationName: 'comptoir-worker',
    logger,
  });
  const metrics = openMetrics('worker');
  addSeatFigures(metrics.registry);
  const feed = openSeatFeed({
    redisUrl: REDIS_URL,
    secret: APP_SECRET,
    counts: (cafeIds) => parts.seats.countsOf(cafeIds),
    logger,
  });
  const worker = workerNumber();
  const relay = openRelay({ database, databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, worker, logger });
  const outbox = openOutbox({ database, domain: emailDomain(configuration.MAIL_FROM), worker });
  const figures = openWorkerFigures({ metrics, outbox, redisUrl: REDIS_URL });
  const server = openAppServer({
    configuration,
    logger,
    metrics,
    checks: [
      { name: 'database', check: () => database.ping() },
      { name: 'redis', check: () => feed.ping() },
    ],
    connectionsMax: CONNECTIONS_MAX,
    pendingPerClientMax: CONNECTIONS_PER_CLIENT_MAX,
  });
  const parts: Parts = factsTogether({
    configuration,
    logger,
    log: server.log,
    figures,
    people: openIdentity({ database, secret: APP_SECRET, publicUrl: PUBLIC_URL }),
    programme: openProgramme({ database }),
    seats: openSeats({
      database,
      holdTtlMinutes: configuration.HOLD_TTL_MINUTES,
      onChanged: (changed) => feed.publish(changed),
    }),
    scheduledMail: openScheduledMail({ database }),
    outbox,
    tickets: openTickets(APP_SECRET, configuration.TICKET_KEYS),
    transport: openTransport(configuration),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.of(parts),
    new FastifyAdapter(server.fastify),
    { logger: ['error', 'fatal'], bodyParser: false },
  );
  const metricsServer = await serveMetrics(configuration, metrics);
  await app.listen(configuration.WORKER_PORT, configuration.HOST);
  relay.start();
  logger.info({ port: configuration.WORKER_PORT }, 'the worker is ready');
  return {
    async close() {
      // The relay last: while it is there, what this worker has in hand is nobody else's.
      await app.close();
      server.log.flush();
      await relay.close();
      await figures.close();
      await feed.close();
      await metricsServer?.close();
      await database.close();
    },
  };
}

function openTransport(configuration: Configuration): MailTransport {
  const { SMTP_URL, MAIL_FROM, MAIL_CONNECTIONS_MAX, MAIL_DKIM_KEY, MAIL_DKIM_SELECTOR } = configuration;
  return createMailTransport({
    smtpUrl: SMTP_URL,
    from: MAIL_FROM,
    connectionsMax: MAIL_CONNECTIONS_MAX,
    ...(MAIL_DKIM_KEY && {
      dkim: { domain: emailDomain(MAIL_FROM), selector: MAIL_DKIM_SELECTOR, privateKey: MAIL_DKIM_KEY },
    }),
  });
}
