import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { Counter, Gauge } from 'prom-client';
import { lastValueFrom, type Observable } from 'rxjs';
import { Server } from 'socket.io';
import type { LiveRefusal, ProblemCode } from '#contract';
import { AppServer, BoundedLog, Metrics } from '#platform';
import { Admission } from './admission.ts';
import { LiveConnections } from './live-connections.ts';
import type { LiveNamespace, LiveSocket, Wire } from './live-socket.ts';

/** The maximum size of a message from a client, in bytes. */
const MESSAGE_MAX_BYTES = 16 * 1024;
/** How long a connection may take to join the namespace, in milliseconds. After that it is closed. */
const JOIN_WITHIN_MS = 10_000;
/**
 * The interval between heartbeats, and how long a client may take to answer one, in milliseconds. Both sides detect a half-open connection
 * within the sum of the two.
 */
const HEARTBEAT_MS = { every: 5_000, answerWithin: 5_000 };
/** The number of connections that are asked to reconnect in a second while the gateway stops. */
const LEAVING_PER_SECOND = 5_000;
/**
 * The minimum and maximum period in which connections are asked to leave when the gateway stops, in milliseconds. With a single gateway,
 * clients have no connection during a part of it, so it is short.
 */
const LEAVE_WITHIN_MS = { min: 500, max: 2_000 };
/** How long after that period the remaining connections are closed, in milliseconds. */
const LEAVE_GRACE_MS = 1_000;
/** How often the gateway checks, while it stops, whether all connections have left, in milliseconds. */
const CHECK_LEFT_EVERY_MS = 50;

/** The path of socket.io, and the methods that it supports. It answers other methods with 500. */
const SOCKET_IO_PATH = /^\/socket\.io\/?\?/;
const METHODS = ['GET', 'POST', 'OPTIONS'];

type Acknowledge = (answer: object) => void;

/**
 * Connects socket.io to Nest: admits connections, limits what a connection may send, passes its messages to the handlers of the gateway,
 * and asks the connections to leave before the app stops. Nest runs no guard when a connection opens, so `allowRequest` admits and
 * authenticates.
 */
@Injectable()
export class LiveAdapter extends IoAdapter implements BeforeApplicationShutdown {
  readonly #http: HttpServer;
  readonly #tcp: AppServer['connections'];
  readonly #admission: Admission;
  readonly #connections: LiveConnections;
  readonly #log: BoundedLog;
  readonly #refusals: Counter<'reason'>;
  #io: Server | undefined;
  #namespace: LiveNamespace | undefined;

  constructor(
    server: AppServer,
    admission: Admission,
    connections: LiveConnections,
    log: BoundedLog,
    { registry }: Metrics,
  ) {
    super(server.fastify.server);
    this.#http = server.fastify.server;
    this.#tcp = server.connections;
    this.#admission = admission;
    this.#connections = connections;
    this.#log = log;
    this.#refusals = new Counter({
      name: 'comptoir_handshakes_refused_total',
      help: 'Live connections refused: origin, full, address, stopping',
      labelNames: ['reason'],
      registers: [registry],
    });
    const count = () => this.#namespace?.sockets.size ?? 0;
    new Gauge({
      name: 'comptoir_sockets',
      help: 'Live connections',
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  }

  /** Called by `create` of Nest's adapter: attaches socket.io to the HTTP server of the app. No client joins the default namespace. */
  override createIOServer(): Server {
    const io = new Server(this.#http, {
      serveClient: false,
      maxHttpBufferSize: MESSAGE_MAX_BYTES,
      perMessageDeflate: false,
      connectTimeout: JOIN_WITHIN_MS,
      pingInterval: HEARTBEAT_MS.every,
      pingTimeout: HEARTBEAT_MS.answerWithin,
      cors: { origin: this.#admission.origins, credentials: true },
      allowRequest: (request, answer) => this.#admit(request, answer),
    });
    this.#io = io;
    this.#guardRequests();
    io.engine.on('connection', (wire: Wire) => this.#connections.opened(wire));
    io.use((_socket, next) => next(new Error('not-found')));
    return io;
  }

  override bindClientConnect(namespace: LiveNamespace, connected: (socket: LiveSocket) => void): void {
    this.#namespace = namespace;
    namespace.on('connection', (socket) => {
      this.#connections.joined(socket);
      connected(socket);
    });
  }

  /** One listener for all packets of a connection, because Nest answers neither unknown events nor those with a malformed payload. */
  override bindMessageHandlers(
    socket: LiveSocket,
    handlers: MessageMappingProperties[],
    toObservable: (result: unknown) => Observable<object | undefined>,
  ): void {
    socket.use(([event, ...args]) => {
      const last = args.at(-1);
      const acknowledge: Acknowledge = typeof last === 'function' ? (last as Acknowledge) : () => {};
      const handler = handlers.find(({ message }) => message === event);
      if (!socket.data.messages.take()) acknowledge(refusal('too-many-requests'));
      else if (!handler) acknowledge(refusal('not-found'));
      else void answer(toObservable(handler.callback(args[0], acknowledge)), acknowledge);
    });
  }

  /** Nest also calls this for the namespace, which closes with its server. */
  override async close(server: Server | LiveNamespace): Promise<void> {
    if (server instanceof Server) await server.close();
  }

  /**
   * Refuses new connections, and asks the open ones to reconnect, each at a random moment. They connect to another gateway, or to the next
   * process here. Until they leave, changes are pushed to them. Resolves when all have left, or when the period is over.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.#admission.close();
    // From now on the port does not listen, so that a load balancer sends clients to another gateway immediately.
    this.#http.close();
    const open = () => this.#namespace?.sockets.size ?? 0;
    const neededMs = (open() / LEAVING_PER_SECOND) * 1_000;
    const reconnectWithinMs = Math.ceil(Math.min(Math.max(neededMs, LEAVE_WITHIN_MS.min), LEAVE_WITHIN_MS.max));
    this.#namespace?.emit('gateway:stopping', { reconnectWithinMs });
    const deadline = performance.now() + reconnectWithinMs + LEAVE_GRACE_MS;
    while (open() > 0 && performance.now() < deadline) await sleep(CHECK_LEFT_EVERY_MS);
    // A remaining client may not read. socket.io's closing message is not sent: after a closed TCP connection the client reconnects.
    this.#tcp.endAll();
  }

  /**
   * Runs before socket.io: refuses requests that are too large or have an unknown method before their body is read. A request of long
   * polling belongs to its open connection; any other request is a pending TCP connection.
   */
  #guardRequests(): void {
    const http = this.#http;
    const listeners = http.listeners('request');
    http.removeAllListeners('request');
    http.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const status = refusedStatus(request);
      if (status) {
        response.writeHead(status, { connection: 'close' }).end();
        return;
      }
      const { socket } = request;
      const client = this.#admission.key(request);
      this.#tcp.await(socket, client);
      if (this.#isOpen(sessionIdOf(request))) this.#tcp.settle(socket);
      response.once('close', () => this.#tcp.await(socket, client));
      for (const listener of listeners) listener.call(http, request, response);
    });
  }

  #isOpen(sessionId: string | undefined): boolean {
    const engine = this.#io?.engine as unknown as { clients: Record<string, unknown> } | undefined;
    return engine !== undefined && sessionId !== undefined && Object.hasOwn(engine.clients, sessionId);
  }

  /**
   * Answers a handshake, immediately or when it gets its turn. While it waits, admission counts it instead of the limit of pending TCP
   * connections.
   */
  #admit(request: IncomingMessage, answer: (refusal: string | undefined, admitted: boolean) => void): void {
    this.#tcp.settle(request.socket);
    this.#admission.ask(request, (reason) => {
      if (reason) {
        this.#refusals.inc({ reason });
        this.#log.write('warn', { reason }, 'live connections were refused');
      }
      answer(reason, reason === undefined);
    });
  }
}

function refusal(code: ProblemCode): LiveRefusal {
  return { ok: false, code };
}

/** Acknowledges with the result of the handler. After an error there is no result, because the exception filter has acknowledged. */
async function answer(result: Observable<object | undefined>, acknowledge: Acknowledge): Promise<void> {
  const found = await lastValueFrom(result, { defaultValue: undefined });
  if (found !== undefined) acknowledge({ ok: true, ...found });
}

/** The status with which a request of socket.io is refused before its body is read; undefined for other requests. */
function refusedStatus({ url = '', method = '', headers }: IncomingMessage): number | undefined {
  if (!SOCKET_IO_PATH.test(url)) return undefined;
  if (!METHODS.includes(method)) return 405;
  return Number(headers['content-length'] ?? 0) > MESSAGE_MAX_BYTES ? 413 : undefined;
}

/** The engine.io session id in a request of long polling. */
function sessionIdOf({ url = '' }: IncomingMessage): string | undefined {
  return SOCKET_IO_PATH.test(url) ? /[?&]sid=([\w-]+)/.exec(url)?.[1] : undefined;
}
