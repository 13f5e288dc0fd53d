import type { Server as HttpServer } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { setImmediate as others, setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Server } from 'socket.io';
import { LIVE_NAMESPACE, type ProblemCode, ProblemError } from '#contract';
import { isDatabaseUnavailable } from '#platform';
import { Admission } from './admission.ts';
import { Counts } from './counts.ts';
import { cut, type LiveNamespace, type LiveSocket } from './live-socket.ts';
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
/** A connection that joins nothing, and a request whose head does not end, are closed after so long, in milliseconds. */
const SILENT_MAX_MS = 10_000;
/** TCP connections beyond those that are live: probes, handshakes, polling. */
const SPARE_CONNECTIONS = 1_000;
/** At a stop, so many connections a second are asked to come back elsewhere; within these bounds, in milliseconds. */
const LEAVING_A_SECOND = 1_000;
const LEAVE_WITHIN_MS = { min: 500, max: 5_000 };
/** Who did not leave by then is closed, after so much longer, in milliseconds. */
const LEAVE_GRACE_MS = 1_000;

type Answer = Record<string, unknown>;

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
  #http: HttpServer | undefined;
  #io: Server | undefined;
  #live: LiveNamespace | undefined;
  #telling: Telling | undefined;
  /** Everything that is connected, whatever became of it. */
  readonly #tcp = new Set<TcpSocket>();
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
    this.#admission = new Admission(parts.configuration, parts.logger);
    const registers = [parts.metrics.registry];
    this.#refusals = new Counter({
      name: 'comptoir_handshakes_refused_total',
      help: 'Connections refused: origin, full, address, stopping',
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
  attach(http: HttpServer): void {
    this.#http = http;
    http.headersTimeout = SILENT_MAX_MS;
    http.on('connection', (socket: TcpSocket) => {
      this.#tcp.add(socket);
      socket.once('close', () => this.#tcp.delete(socket));
    });
    http.maxConnections = this.#parts.configuration.SOCKETS_MAX + SPARE_CONNECTIONS;
    this.#io = new Server(http, {
      serveClient: false,
      maxHttpBufferSize: MESSAGE_MAX,
      perMessageDeflate: false,
      connectTimeout: SILENT_MAX_MS,
      cors: { origin: this.#admission.origins, credentials: true },
      allowRequest: (request, answer) => {
        const reason = this.#admission.refuses(request);
        if (reason) this.#refusals.inc({ reason });
        answer(reason, reason === undefined);
      },
    });
    this.#io.engine.on('connection', (connection) => {
      connection.once('close', this.#admission.opened(connection.request));
      const packets = new TokenBucket(PACKETS);
      connection.on('packet', () => packets.take() || cut({ conn: connection }));
    });
    // Nothing is in the default namespace, so nobody is let in.
    this.#io.use((_socket, next) => next(new Error('not-found')));
    this.#live = this.#io.of(LIVE_NAMESPACE) as unknown as LiveNamespace;
    this.#live.on('connection', (socket) => this.#connected(socket));
    this.#telling = new Telling({
      parts: this.#parts,
      counts: this.#counts,
      views: this.#views,
      namespace: this.#live,
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
    for (const socket of this.#tcp) socket.destroy();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#telling?.close();
    await this.#io?.close();
  }

  #connected(socket: LiveSocket): void {
    const { cookie, attendeeId } = this.#rights.ownerOf(socket.handshake.headers.cookie);
    socket.data = { cookie, attendeeId, privileged: undefined, messages: new TokenBucket(MESSAGES) };
    if (attendeeId) socket.join(personRoom(attendeeId));
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
        cut(socket);
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
