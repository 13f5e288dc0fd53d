import 'reflect-metadata';
import { createHash } from 'node:crypto';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from 'pino';
import { ProblemError } from '#contract';
import { openIdentity } from '#identity';
import { openSeatFeed } from '#live';
import { openOutbox } from '#notifications';
import {
  addProbes,
  Clients,
  type Configuration,
  openDatabase,
  openMetrics,
  openRedis,
  originsOf,
  type RunningApp,
} from '#platform';
import { openProgramme } from '#programme';
import { addSeatFigures, openSeats } from '#seats';
import { openTickets } from '#tickets';
import { DocsController } from './docs/docs.controller.ts';
import { DoorController } from './door/door.controller.ts';
import { Access, sessionOf } from './http/access.ts';
import { Audit } from './http/audit.ts';
import { ClientIds } from './http/client-ids.ts';
import { ContractPipe } from './http/contract-pipe.ts';
import { FairShare } from './http/fair-share.ts';
import { answerParserFaults, HttpServers } from './http/http-servers.ts';
import { readJsonOnly } from './http/json-body.ts';
import { Limits } from './http/limits.ts';
import { addPages } from './http/pages.ts';
import { ProblemFilter, problemOf, sendProblem } from './http/problem-filter.ts';
import { addSecurityHeaders, answerHeaders, PUBLIC_ANSWER } from './http/security-headers.ts';
import { addBoard } from './organiser/board.ts';
import { OrganiserController } from './organiser/organiser.controller.ts';
import { UndeliveredController } from './organiser/undelivered.controller.ts';
import { PARTS, type Parts } from './parts.ts';
import { CafeView } from './programme/cafe-view.ts';
import { ProgrammeController } from './programme/programme.controller.ts';
import { ProgrammeAnswers } from './programme/programme-answers.ts';
import { addProgrammeReads, isProgrammeRead } from './programme/programme-reads.ts';
import { CalendarController } from './registrations/calendar.controller.ts';
import { addClaims, isClaim } from './registrations/claims.ts';
import { MyDataController } from './registrations/my-data.controller.ts';
import { OwnSeats } from './registrations/own-seats.ts';
import { RegistrationsController } from './registrations/registrations.controller.ts';
import { TicketsController } from './registrations/tickets.controller.ts';
import { SignInController } from './sign-in/sign-in.controller.ts';
import { SignInRecord } from './sign-in/sign-in-record.ts';

/** How long Redis may take to count, in milliseconds; then this process counts by itself. */
const LIMITS_TIMEOUT_MS = 250;
/** The largest body that is read, in bytes. */
const BODY_MAX = 64 * 1024;

@Module({})
class ApiModule {
  static of(parts: Parts, view: CafeView, signIns: SignInRecord, { access, limits, fairShare }: Guard): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        DocsController,
        ProgrammeController,
        SignInController,
        RegistrationsController,
        MyDataController,
        TicketsController,
        CalendarController,
        DoorController,
        OrganiserController,
        UndeliveredController,
      ],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: Access, useValue: access },
        { provide: Limits, useValue: limits },
        { provide: FairShare, useValue: fairShare },
        { provide: CafeView, useValue: view },
        { provide: SignInRecord, useValue: signIns },
        OwnSeats,
      ],
    };
  }
}

/** What stands between a request and its answer. */
interface Guard {
  access: Access;
  limits: Limits;
  fairShare: FairShare;
  audit: Audit;
}

function openGuard(parts: Parts): { guard: Guard; close(): void } {
  const { configuration, logger, people } = parts;
  const redis = openRedis(configuration.REDIS_URL, {
    name: 'comptoir-limits',
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: LIMITS_TIMEOUT_MS,
  });
  const limits = new Limits(redis);
  const ids = new ClientIds(new Clients(configuration, logger), configuration.APP_SECRET);
  const clientOf = (request: FastifyRequest) => ids.of(request, sessionOf(people, request));
  const networkOf = (request: FastifyRequest) => ids.of(request, undefined);
  const audit = new Audit(logger, clientOf);
  const access = new Access(parts, limits, audit);
  const fairShare = new FairShare({ clientOf, networkOf, limits, secret: configuration.APP_SECRET });
  return {
    guard: { access, limits, fairShare, audit },
    close() {
      audit.close();
      redis.disconnect();
    },
  };
}

/** Start the API and the pages on `PORT`. */
export async function startApi(configuration: Configuration, logger: Logger): Promise<RunningApp> {
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX, REDIS_URL, APP_SECRET, PUBLIC_URL } = configuration;
  const database = openDatabase({
    url: DATABASE_URL,
    connectionsMax: DATABASE_CONNECTIONS_MAX,
    applicationName: 'comptoir-api',
    logger,
  });
  const feed = openSeatFeed({
    redisUrl: REDIS_URL,
    secret: APP_SECRET,
    counts: (cafeIds) => parts.seats.countsOf(cafeIds),
    logger,
  });
  const people = openIdentity({ database, secret: APP_SECRET, publicUrl: PUBLIC_URL });
  const parts: Parts = {
    configuration,
    logger,
    people,
    programme: openProgramme({ database }),
    seats: openSeats({
      database,
      holdTtlMinutes: configuration.HOLD_TTL_MINUTES,
      onChanged: (changed) => {
        answers.changed(changed.cafeIds);
        feed.publish(changed);
      },
    }),
    outbox: openOutbox({ database, domain: 'localhost' }),
    tickets: openTickets(APP_SECRET, configuration.TICKET_KEYS),
  };
  const answers = new ProgrammeAnswers(parts.programme, parts.seats);
  const { guard, close: closeGuard } = openGuard(parts);
  const { access, fairShare, audit } = guard;
  const view = new CafeView(parts);
  const servers = new HttpServers();
  const claims = bareServer({ configuration, audit });
  addClaims(claims, { parts, access, view, fairShare });
  addProgrammeReads(claims, { answers, logger });
  await claims.ready();
  const server = bareServer({ configuration, audit }, (answer, { keepAliveTimeout }) =>
    servers.create({ keepAliveTimeout }, (request, response) => {
      if (isClaim(request) || isProgrammeRead(request)) claims.routing(request, response);
      else answer(request, response);
    }),
  );

  const adapter = new FastifyAdapter(server);
  await server.register(fastifyCookie);
  const metrics = openMetrics('api');
  addSeatFigures(metrics.registry);
  addProbes(server, {
    metrics,
    checks: [
      { name: 'database', check: () => database.ping() },
      { name: 'redis', check: () => feed.ping() },
    ],
  });
  tagPublicAnswers(server);
  await addPages(server, parts.programme);
  const closeBoard = await addBoard(server, { access, redisUrl: REDIS_URL, logger });

  const signIns = new SignInRecord(logger, metrics.registry);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of(parts, view, signIns, guard), adapter, {
    logger: ['error', 'fatal'],
    bodyParser: false,
  });
  app.setGlobalPrefix('api/v1');
  app.useGlobalPipes(new ContractPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  await people.start();
  await database.ping().catch((error: Error) => {
    logger.warn({ fault: error.message }, 'the database is away; the API serves again when it is back');
  });
  await app.listen(configuration.PORT, configuration.HOST);
  logger.info({ port: configuration.PORT }, 'the API is ready');
  return {
    async close() {
      await servers.stop();
      await app.close();
      closeBoard();
      closeGuard();
      people.close();
      await feed.close();
      await database.close();
    },
  };
}

/** A Fastify with what holds for every call: limits, problems, headers, and no writes from elsewhere. */
function bareServer(
  { configuration, audit }: { configuration: Configuration; audit: Audit },
  serverFactory?: (answer: RequestListener, options: ServerOptions) => Server,
): FastifyInstance {
  const headers = answerHeaders(configuration);
  const server = fastify({
    bodyLimit: BODY_MAX,
    routerOptions: { maxParamLength: 200 },
    // What the HTTP parser or the router refuses never reaches Nest.
    clientErrorHandler: answerParserFaults(headers.forData),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply.headers(headers.forData), problemOf(error)),
    ...(serverFactory && { serverFactory }),
  });
  server.decorate('audit', audit);
  readJsonOnly(server, BODY_MAX);
  addSecurityHeaders(server, headers);
  refuseForeignWrites(server, configuration.PUBLIC_URL);
  return server;
}

/** Public answers are asked for again and again by everybody: a client that has one already gets a few bytes. */
function tagPublicAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const tagged = reads && reply.statusCode === 200 && reply.getHeader('cache-control') === PUBLIC_ANSWER;
    if (!tagged || typeof payload !== 'string') return done(null, payload);
    const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
    reply.header('etag', `W/${tag}`);
    // Compared weakly (RFC 9110): caches name the tags of all that they have, and some make them strong.
    const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
    const has = request.method === 'GET' && (known?.includes(tag) || known?.includes('*'));
    if (!has) return done(null, payload);
    reply.code(304).removeHeader('content-length');
    done(null, null);
  });
}

/** A page of another site may not write here, even with a person's cookie. */
function refuseForeignWrites(server: FastifyInstance, publicUrl: string): void {
  const ours = originsOf(publicUrl);
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (origin === undefined || reads || ours.includes(origin)) done();
    else sendProblem(request, reply, new ProblemError('not-allowed'));
  });
}
