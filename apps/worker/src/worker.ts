import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { openSeatFeed } from '#live';
import { createMailTransport, openTickets } from '#mail';
import { openOutbox, openRelay } from '#outbox';
import { openPeople } from '#people';
import { addProbes, type Configuration, openDatabase, openMetrics, type RunningApp } from '#platform';
import { openProgramme } from '#programme';
import { openSeats } from '#seats';
import { Expiry } from './expiry.ts';
import { MailFacts } from './mail-facts.ts';
import { MailJobs } from './mail-jobs.ts';
import { PARTS, type Parts } from './parts.ts';

@Module({})
class WorkerModule {
  static of(parts: Parts): DynamicModule {
    return { module: WorkerModule, providers: [{ provide: PARTS, useValue: parts }, MailFacts, MailJobs, Expiry] };
  }
}

/** Start the worker: the relay, the mails, the expiry of holds, and its probes on `WORKER_PORT`. */
export async function startWorker(configuration: Configuration, logger: Logger): Promise<RunningApp> {
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX, REDIS_URL, SMTP_URL, APP_SECRET, PUBLIC_URL, MAIL_FROM } =
    configuration;
  const database = openDatabase({
    url: DATABASE_URL,
    connectionsMax: DATABASE_CONNECTIONS_MAX,
    applicationName: 'comptoir-worker',
    logger,
  });
  const metrics = openMetrics('worker');
  const feed = openSeatFeed({ redisUrl: REDIS_URL, logger });
  const relay = openRelay({ database, databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, logger });
  const domain = /@([^<>\s]+?)>?\s*$/.exec(MAIL_FROM)?.[1] ?? 'localhost';
  const parts: Parts = {
    configuration,
    logger,
    metrics,
    people: openPeople({ database, secret: APP_SECRET, publicUrl: PUBLIC_URL }),
    programme: openProgramme({ database }),
    seats: openSeats({ database, holdTtlMinutes: configuration.HOLD_TTL_MINUTES }),
    outbox: openOutbox({ database, domain }),
    relay,
    feed,
    tickets: openTickets(APP_SECRET),
    transport: createMailTransport({ smtpUrl: SMTP_URL, from: MAIL_FROM }),
  };
  const app = await NestFactory.create<NestFastifyApplication>(WorkerModule.of(parts), new FastifyAdapter(), {
    logger: ['error', 'fatal'],
  });
  addProbes(app.getHttpAdapter().getInstance(), {
    metrics,
    checks: [
      { name: 'database', check: () => database.ping() },
      { name: 'redis', check: () => feed.ping() },
    ],
  });
  await app.listen(configuration.WORKER_PORT, configuration.HOST);
  relay.start();
  logger.info({ port: configuration.WORKER_PORT }, 'the worker is ready');
  return {
    async close() {
      await relay.close();
      await app.close();
      await feed.close();
      await database.close();
    },
  };
}
