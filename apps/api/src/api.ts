import 'reflect-metadata';
import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { SeatFeed } from '#live';
import { addProbes, type Configuration, checkAtStart, Database, databaseChecks, type RunningApp } from '#platform';
import { ApiModule } from './api.module.ts';
import { Access } from './http/access.ts';
import { Audit } from './http/audit.ts';
import { bareServer, tagPublicAnswers } from './http/bare-server.ts';
import { HttpServers } from './http/http-servers.ts';
import { addQueueBoard } from './messages/queue-board.ts';
import { addPages } from './pages/pages.ts';
import { ProgrammeAnswers } from './programme/programme-answers.ts';
import { isProgrammeRead, ProgrammeReads } from './programme/programme-reads.ts';
import { Claims, isClaim } from './registrations/claims.ts';

/** Starts the API and the pages on `PORT`. @throws Error if the controllers and the declared calls differ */
export async function startApi(configuration: Configuration, logger: Logger): Promise<RunningApp> {
  const servers = new HttpServers();
  const besideNest = bareServer(configuration);
  const server = bareServer(configuration, (answer, { keepAliveTimeout }) =>
    servers.create({ keepAliveTimeout }, (request, response) => {
      if (isClaim(request) || isProgrammeRead(request)) besideNest.routing(request, response);
      else answer(request, response);
    }),
  );
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.for(configuration, logger),
    new FastifyAdapter(server),
    { logger: ['error', 'fatal'], bodyParser: false, abortOnError: false },
  );
  app.setGlobalPrefix('api/v1');

  const audit = app.get<Audit>(Audit);
  for (const each of [besideNest, server]) each.decorate('audit', audit);
  app.get(Claims).addTo(besideNest);
  app.get(ProgrammeReads).addTo(besideNest);
  await besideNest.ready();

  const database = app.get(Database);
  await server.register(fastifyCookie);
  addProbes(server, {
    checks: [
      ...databaseChecks(() => database),
      // Claims need only Postgres. Without Redis, screens are updated later, and each process counts limits separately.
      { name: 'redis', check: () => app.get(SeatFeed).ping(), degradesOnly: true },
    ],
  });
  tagPublicAnswers(server);
  await addPages(server, app.get(ProgrammeAnswers), configuration);
  const closeBoard = await addQueueBoard(server, {
    access: app.get(Access),
    redisUrl: configuration.REDIS_URL,
    logger,
  });

  await checkAtStart(database, logger);
  await app.listen(configuration.PORT, configuration.HOST);
  logger.info({ port: configuration.PORT }, 'the API is ready');
  return {
    async close() {
      await servers.stop();
      await app.close();
      closeBoard();
    },
  };
}
