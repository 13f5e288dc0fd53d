import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { setImmediate as others, setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Server } from 'socket.io';
import { LIVE_NAMESPACE, type ProblemCode, ProblemError } from '#contract';
import { type AppServer, isDatabaseUnavailable } from '#platform';
import { Admission, type Place } from './admission.ts';
import { Counts } from './counts.ts';
import { end, type LiveNamespace, type LiveSocket, watchesNothing } from './live-socket.ts';
import { Messages } from './messages.ts';
import { PARTS, type Parts } from './parts.ts';
import { personRoom, Rights } from './rights.ts';
import { Telling } from './telling.ts';
import { TokenBucket } from './token-bucket.ts';
import { Views } from './views.ts';

/** The largest message that a client may send, in bytes. */
const MESSAGE_MAX = 16 * 1024;
/** Messages of one connection: so many at once, then so many a second. */
const MESSAGES = { burst: 100, perSecond: 20 };
/** Packets of one connection, of any kind, understood or not: one that sends more is closed. */
const PACKETS = { burst: 1_500, perSecond: 100 };
/** A connection with so much waiting, in bytes or in packets, does not read the answers that it asked for: it is closed. */
const UNREAD_BYTES_MAX = 1024 * 1024;
const UNREAD_PACKETS_MAX = 200;
/** How often roles, sessions and unread answers are looked at, in milliseconds: within five seconds with what they rest on. */
const INSPECT_EVERY_MS = 2_000;
/** So many connections are inspected before anything else gets a turn. */
const INSPECT_CHUNK = 500;
/** A connection that does not join the namespace is closed after so long, in milliseconds; where places are short, one that watches nothing as well. */
const SILENT_MAX_MS = 10_000;
/** At a stop, so many connections a second are asked to come back elsewhere; within these bounds, in milliseconds. */
const LEAVING_A_SECOND = 1_000;
const LEAVE_WITHIN_MS = { min: 500, max: 5_000 };
/** Who did not leave by then is closed, after so much longer, in milliseconds. */
const LEAVE_GRACE_MS = 1_000;

type Answer = Record<string, unknown>;
type Wire = LiveSocket['conn'];

/** Where socket.io is, and the methods that it knows; it answers 500 to others. */
const SOCKET_IO = /^\/socket\.io\/?\?/;
const METHODS = ['GET', 'POST', 'OPTIONS'];

/** The live connections: who may open one, what it says, and how it ends. */
@Injectable()
export class LiveServer implements OnApplicationShutdown {
  readonly #parts: Parts;
  readonly #counts: Counts;
  readonly #views: Views;
  readonly #messages: Messages;
  readonly #rights: Rights;
  readonly #admission: Admission;
  readonly #refusals: Counter<'reason'>;
  readonly #cuts: Counter<'reason'>;
  readonly #places = new WeakMap<Wire, Place>();
  readonly #socketOf = new WeakMap<Wire, LiveSocket>();
  #http: HttpServer | undefined;
  #connections: AppServer['connections'] | undefined;
  #io: Server | undefined;
  #live: LiveNamespace | undefined;
  #telling: Telling | undefined;
  #timer: NodeJS.Timeout | undefined;
  #inspecting = false;
  #stopping = false;

  constructor(
    @Inject(PARTS) parts: Parts,
    @Inject(Counts) counts: Counts,
    @Inject(Views) views: Views,
    @Inject(Messages) messages: Messages,
    @Inject(Rights) rights: Rights,
  ) {
    this.#parts = parts;
    this.#counts = counts;
    this.#views = views;
    this.#messages = messages;
    this.#rights = rights;
    this.#admission = new Admission(
      parts.configuration,
      ({ headers }: IncomingMessage) => rights.ownerOf(headers.cookie).attendeeId,
      parts.logger,
    );
    const registers = [parts.metrics.registry];
    this.#refusals = new Counter({
      name: 'comptoir_handshakes_refused_total',
      help: 'Connections refused: origin, full, address, stopping',
      labelNames: ['reason'],
      registers,
    });
    this.#cuts = new Counter({
      name: 'comptoir_sockets_cut_total',
      help: 'Live connections ended: flood, unread, late (what was pushed), idle, replaced (by another of its address)',
      labelNames: ['reason'],
      registers,
    });
    const connections = () => this.#live?.sockets.size ?? 0;
    new Gauge({
      name: 'comptoir_sockets',
      help: 'Live connections',
      registers,
      collect() {
        this.set(connections());
      },
    });
  }

  /** False from the moment that it was asked to stop. */
  get open(): boolean {
    return !this.#stopping;
  }

  /** Take connections on a server that listens already or will. */
  attach({ fastify: { server: http }, connections }: Pick<AppServer, 'fastify' | 'connections'>): void {
    this.#http = http;
    this.#connections = connections;
    const io = new Server(http, {
      serveClient: false,
      maxHttpBufferSize: MESSAGE_MAX,
      perMessageDeflate: false,
      connectTimeout: SILENT_MAX_MS,
      cors: { origin: this.#admission.origins, credentials: true },
      allowRequest: (request, answer) => this.#ask(request, answer),
    });
    this.#io = io;
    this.#guardRequests(http);
    io.engine.on('connection', (wire: Wire) => this.#opened(wire));
    // Nothing is in the default namespace, so nobody is let in.
    this.#io.use((_socket, next) => next(new Error('not-found')));
    this.#live = this.#io.of(LIVE_NAMESPACE) as unknown as LiveNamespace;
    this.#live.on('connection', (socket) => this.#connected(socket));
    this.#telling = new Telling({
      parts: this.#parts,
      counts: this.#counts,
      views: this.#views,
      namespace: this.#live,
      cut: (socket, reason) => this.#cut(socket.conn, reason),
    });
    this.#timer = setInterval(() => void this.#inspect(), INSPECT_EVERY_MS).unref();
  }

  /**
   * Take nobody new, and ask everybody to come back, each at a moment of their own: they land on another gateway, or on the
   * next one here. Until they go they are told what changes. Resolves when they left, or their time is over.
   */
  async leave(): Promise<void> {
    this.#stopping = true;
    this.#admission.close();
    // No longer listening: whatever stands in front goes to another gateway at once.
    this.#http?.close();
    const asked = ((this.#live?.sockets.size ?? 0) / LEAVING_A_SECOND) * 1_000;
    const reconnectWithinMs = Math.ceil(Math.min(Math.max(asked, LEAVE_WITHIN_MS.min), LEAVE_WITHIN_MS.max));
    this.#live?.emit('gateway:stopping', { reconnectWithinMs });
    const deadline = performance.now() + reconnectWithinMs + LEAVE_GRACE_MS;
    while ((this.#live?.sockets.size ?? 0) > 0 && performance.now() < deadline) await sleep(50);
    // Who is still here may be one that reads nothing. Its transport ends, not the conversation: it comes back by itself.
    this.#connections?.endAll();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#telling?.close();
    await this.#io?.close();
  }

  /**
   * Stand in front of socket.io's long polling. A request of a connection that is open is part of it while it lasts; what comes
   * besides is a connection that has nothing to show yet. What is too large, or of a method that socket.io does not know, is refused
   * before its body.
   */
  #guardRequests(http: HttpServer): void {
    const listeners = http.listeners('request');
    http.removeAllListeners('request');
    http.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const refused = refusedStatus(request);
      if (refused) {
        response.writeHead(refused, { connection: 'close' }).end();
        return;
      }
      const { socket } = request;
      const client = this.#admission.key(request);
      this.#connections?.await(socket, client);
      if (this.#isOpen(sessionOf(request))) this.#connections?.settle(socket);
      response.once('close', () => this.#connections?.await(socket, client));
      for (const listener of listeners) listener.call(http, request, response);
    });
  }

  #isOpen(session: string | undefined): boolean {
    const engine = this.#io?.engine as unknown as { clients: Record<string, unknown> } | undefined;
    return engine !== undefined && session !== undefined && Object.hasOwn(engine.clients, session);
  }

  /** Whether a handshake may open a connection, now or when its turn comes. While it waits, admission counts it. */
  #ask(request: IncomingMessage, answer: (refusal: string | undefined, ok: boolean) => void): void {
    this.#connections?.settle(request.socket);
    this.#admission.ask(request, (refusal) => {
      if (refusal) {
        this.#refusals.inc({ reason: refusal });
        this.#parts.log.write('warn', { reason: refusal }, 'live connections were refused');
      }
      answer(refusal, refusal === undefined);
    });
  }

  #opened(wire: Wire): void {
    const { request } = wire as unknown as { request: IncomingMessage };
    let socket: LiveSocket | undefined;
    const place = this.#admission.opened(request, {
      idle: () => {
        socket ??= this.#socketOf.get(wire);
        return socket === undefined || watchesNothing(socket);
      },
      cut: () => this.#cut(wire, 'replaced'),
    });
    this.#places.set(wire, place);
    wire.once('close', () => this.#admission.closed(place));
    wire.on('upgrade', ({ socket: upgraded }: { socket?: { _socket?: TcpSocket } }) => {
      if (upgraded?._socket) this.#connections?.settle(upgraded._socket);
    });
    const packets = new TokenBucket(PACKETS);
    wire.on('packet', () => packets.take() || this.#cut(wire, 'flood'));
  }

  #cut(wire: Wire, reason: 'flood' | 'unread' | 'late' | 'idle' | 'replaced'): void {
    this.#cuts.inc({ reason });
    this.#parts.log.write('warn', { reason }, 'live connections were cut');
    end(wire);
  }

  #connected(socket: LiveSocket): void {
    const { cookie, attendeeId } = this.#rights.ownerOf(socket.handshake.headers.cookie);
    socket.data = {
      cookie,
      attendeeId,
      privileged: undefined,
      idleSince: undefined,
      messages: new TokenBucket(MESSAGES),
    };
    if (attendeeId) socket.join(personRoom(attendeeId));
    this.#socketOf.set(socket.conn, socket);
    forgetHandshake(socket);
    socket.use(([event, ...args]) => {
      void this.#answer(socket, String(event), args);
    });
  }

  /** Every message comes through here: counted, held against its schema, answered if an answer is wanted. Never throws. */
  async #answer(socket: LiveSocket, event: string, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: Answer) => void) : () => {};
    try {
      if (!socket.data.messages.take()) throw new ProblemError('too-many-requests');
      acknowledge({ ok: true, ...(await this.#messages.answer(socket, event, args[0])) });
    } catch (error) {
      acknowledge({ ok: false, code: this.#codeOf(error) });
    }
  }

  /** Where places are short, a connection that watched nothing at two looks, long enough apart, gives its place back. */
  #idleTooLong(socket: LiveSocket): boolean {
    const place = this.#places.get(socket.conn);
    if (!place || !watchesNothing(socket) || !this.#admission.crowded(place)) {
      socket.data.idleSince = undefined;
      return false;
    }
    socket.data.idleSince ??= Date.now();
    return Date.now() - socket.data.idleSince >= SILENT_MAX_MS;
  }

  #codeOf(error: unknown): ProblemCode {
    if (error instanceof ProblemError) return error.code;
    if (isDatabaseUnavailable(error)) return 'unavailable';
    this.#parts.logger.error({ fault: (error as Error).message }, 'a live message failed');
    return 'internal-error';
  }

  /** End what a lost role or an ended session allowed, and close connections that do not read their answers. */
  async #inspect(): Promise<void> {
    if (this.#inspecting) return;
    this.#inspecting = true;
    const privileged: LiveSocket[] = [];
    let looked = 0;
    for (const socket of this.#live?.sockets.values() ?? []) {
      if (++looked % INSPECT_CHUNK === 0) await others();
      if (unread(socket)) {
        this.#cut(socket.conn, 'unread');
        continue;
      }
      if (this.#idleTooLong(socket)) {
        this.#cut(socket.conn, 'idle');
        continue;
      }
      this.#rights.endSession(socket);
      if (socket.data.privileged?.size) privileged.push(socket);
    }
    await this.#rights.endLostRoles(privileged);
    this.#admission.tidy();
    this.#inspecting = false;
  }
}

/** The status of what is refused before anybody looks at it; undefined for everything else. */
function refusedStatus({ url = '', method = '', headers }: IncomingMessage): number | undefined {
  if (!SOCKET_IO.test(url)) return undefined;
  if (!METHODS.includes(method)) return 405;
  return Number(headers['content-length'] ?? 0) > MESSAGE_MAX ? 413 : undefined;
}

/** The id of the connection that a request of long polling says it is part of. */
function sessionOf({ url = '' }: IncomingMessage): string | undefined {
  return SOCKET_IO.test(url) ? /[?&]sid=([\w-]+)/.exec(url)?.[1] : undefined;
}

/** Whether answers wait that a connection asked for and does not read. (Of pushes, one may be among them.) */
function unread(socket: LiveSocket): boolean {
  const { transport, writeBuffer } = socket.conn as unknown as {
    transport: { socket?: { bufferedAmount?: number } };
    writeBuffer: unknown[];
  };
  return writeBuffer.length > UNREAD_PACKETS_MAX || (transport.socket?.bufferedAmount ?? 0) > UNREAD_BYTES_MAX;
}

/** The request that opened a connection is read: for the thousands that stay, it is half of what they weigh. */
function forgetHandshake(socket: LiveSocket): void {
  Object.assign(socket.conn, { request: undefined });
  Object.assign(socket, { handshake: undefined });
}
