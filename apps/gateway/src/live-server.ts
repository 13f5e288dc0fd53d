import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { type DefaultEventsMap, type Namespace, Server, type Socket } from 'socket.io';
import * as z from 'zod/mini';
import {
  CafeWatch,
  type ClientToServerEvents,
  EventWatch,
  LIVE_NAMESPACE,
  type ProblemCode,
  ProblemError,
  PUSHES_PER_SECOND_MAX,
  RoomWatch,
  type ServerToClientEvents,
} from '#contract';
import { Coalescer } from '#live';
import { SESSION_COOKIE } from '#people';
import { isDatabaseUnavailable } from '#platform';
import { type Change, Counts } from './counts.ts';
import { PARTS, type Parts } from './parts.ts';
import { Views } from './views.ts';

/** The largest message that a client may send, in bytes. */
const MESSAGE_MAX = 16 * 1024;
/** The most things that one connection may watch. */
const WATCHES_MAX = 200;
/** Messages of one connection: so many at once, then so many a second. */
const BURST_MAX = 100;
const MESSAGES_PER_SECOND = 20;
/** A connection that goes on after so many refusals is closed. */
const REFUSED_MAX = 1_000;
/** A connection with so much waiting to be read, in bytes or in packets, does not read: it is closed. */
const UNREAD_BYTES_MAX = 1024 * 1024;
const UNREAD_PACKETS_MAX = 500;
/** How often roles, sessions and unread messages are looked at, in milliseconds. */
const INSPECT_EVERY_MS = 2_000;
/** How often the organiser's mail figures are looked at while somebody watches, in milliseconds. */
const MAIL_EVERY_MS = 500;
const PUSH_EVERY_MS = 1_000 / PUSHES_PER_SECOND_MAX;

/** What is kept of a connection. */
interface Connection {
  cookie: string | undefined;
  attendeeId: string | undefined;
  /** Rooms of socket.io that a role gave, with what the role was for. */
  privileged: Map<string, { eventId: string; roomId?: string }>;
  tokens: number;
  refilledAt: number;
  refused: number;
}

type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Connection>;
type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Connection>;
type Answer = Record<string, unknown>;
type Handler = (socket: LiveSocket, message: unknown) => Promise<Answer> | Answer;

/** The live connections: who watches what, and what is pushed to them. */
@Injectable()
export class LiveServer implements OnApplicationShutdown {
  readonly #parts: Parts;
  readonly #counts: Counts;
  readonly #views: Views;
  readonly #pushes: Counter<'event'>;
  readonly #handlers: Record<keyof ClientToServerEvents, Handler>;
  readonly #coalescers: Coalescer[];
  #io: Server | undefined;
  #live: LiveNamespace | undefined;
  #timers: NodeJS.Timeout[] = [];
  #mail = '';

  constructor(@Inject(PARTS) parts: Parts, @Inject(Counts) counts: Counts, @Inject(Views) views: Views) {
    this.#parts = parts;
    this.#counts = counts;
    this.#views = views;
    const registers = [parts.metrics.registry];
    this.#pushes = new Counter({ name: 'comptoir_pushes_total', help: 'Pushes', labelNames: ['event'], registers });
    const connections = () => this.#live?.sockets.size ?? 0;
    new Gauge({
      name: 'comptoir_sockets',
      help: 'Live connections',
      registers,
      collect() {
        this.set(connections());
      },
    });
    const rooms = new Coalescer(PUSH_EVERY_MS, (roomId) => this.#pushRoom(roomId));
    const attendance = new Coalescer(PUSH_EVERY_MS, (cafeId) => this.#pushAttendance(cafeId));
    const dashboards = new Coalescer(PUSH_EVERY_MS * 2, (eventId) => this.#pushDashboard(eventId));
    this.#coalescers = [rooms, attendance, dashboards];
    counts.onChange((change) => {
      for (const roomId of change.roomIds) rooms.changed(roomId);
      for (const cafeId of change.cafeIds) if (this.#watched(`attendance:${cafeId}`)) attendance.changed(cafeId);
      for (const eventId of change.eventIds) if (this.#watched(`dashboard:${eventId}`)) dashboards.changed(eventId);
      this.#pushRegistrations(change);
    });
    this.#handlers = this.#makeHandlers();
    this.#timers.push(
      setInterval(() => this.#inspect(), INSPECT_EVERY_MS).unref(),
      setInterval(() => this.#lookAtMail(dashboards), MAIL_EVERY_MS).unref(),
    );
  }

  /** Take connections on a server that listens already or will. */
  attach(http: HttpServer): void {
    const { PUBLIC_URL, GATEWAY_URL } = this.#parts.configuration;
    const listed = [new URL(PUBLIC_URL).origin, new URL(GATEWAY_URL).origin];
    this.#io = new Server(http, {
      serveClient: false,
      maxHttpBufferSize: MESSAGE_MAX,
      perMessageDeflate: false,
      cors: { origin: listed, credentials: true },
      // A browser always says where its page is from; what is not a browser does not.
      allowRequest: (request: IncomingMessage, answer) => {
        const { origin } = request.headers;
        answer(null, origin === undefined || listed.includes(origin));
      },
    });
    this.#live = this.#io.of(LIVE_NAMESPACE) as unknown as LiveNamespace;
    this.#live.on('connection', (socket) => this.#connected(socket));
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const coalescer of this.#coalescers) coalescer.close();
    // The transport is closed, not the conversation: clients come back by themselves, elsewhere.
    await this.#io?.close();
  }

  #connected(socket: LiveSocket): void {
    const cookie = sessionCookie(socket.handshake.headers.cookie);
    const attendeeId = this.#parts.people.readSession(cookie)?.attendeeId;
    socket.data = {
      cookie,
      attendeeId,
      privileged: new Map(),
      tokens: BURST_MAX,
      refilledAt: Date.now(),
      refused: 0,
    };
    if (attendeeId) socket.join(`person:${attendeeId}`);
    socket.use(([event, ...args]) => {
      void this.#answer(socket, String(event), args);
    });
  }

  /** Every message comes through here: counted, held against its schema, answered if an answer is wanted. Never throws. */
  async #answer(socket: LiveSocket, event: string, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: Answer) => void) : () => {};
    try {
      this.#spend(socket.data);
      const handler = Object.hasOwn(this.#handlers, event)
        ? this.#handlers[event as keyof ClientToServerEvents]
        : undefined;
      if (!handler) throw new ProblemError('not-found');
      acknowledge({ ok: true, ...(await handler(socket, args[0])) });
    } catch (error) {
      acknowledge({ ok: false, code: this.#codeOf(error) });
      socket.data.refused += 1;
      if (socket.data.refused > REFUSED_MAX) socket.disconnect(true);
    }
  }

  #codeOf(error: unknown): ProblemCode {
    if (error instanceof ProblemError) return error.code;
    if (isDatabaseUnavailable(error)) return 'unavailable';
    this.#parts.logger.error({ fault: (error as Error).message }, 'a live message failed');
    return 'internal-error';
  }

  #spend(connection: Connection): void {
    const now = Date.now();
    const refill = ((now - connection.refilledAt) / 1_000) * MESSAGES_PER_SECOND;
    connection.tokens = Math.min(BURST_MAX, connection.tokens + refill);
    connection.refilledAt = now;
    if (connection.tokens < 1) throw new ProblemError('too-many-requests');
    connection.tokens -= 1;
  }

  #makeHandlers(): Record<keyof ClientToServerEvents, Handler> {
    const leave = (prefix: string) => (socket: LiveSocket, id: string) => {
      socket.data.privileged.delete(`${prefix}:${id}`);
      void socket.leave(`${prefix}:${id}`);
      return {};
    };
    return {
      'room:watch': parsed(RoomWatch, (socket, { roomId }) => {
        const seats = this.#counts.room(roomId);
        if (!seats) throw new ProblemError('room-not-found');
        this.#join(socket, `room:${roomId}`);
        return { seats };
      }),
      'room:unwatch': parsed(RoomWatch, (socket, { roomId }) => leave('room')(socket, roomId)),
      'event:watch': parsed(EventWatch, (socket, { eventId }) => {
        const rooms = this.#counts.roomsOf(eventId);
        if (!rooms) throw new ProblemError('event-not-found');
        this.#join(socket, `event:${eventId}`);
        return { rooms };
      }),
      'event:unwatch': parsed(EventWatch, (socket, { eventId }) => leave('event')(socket, eventId)),
      'cafe:watch-attendance': parsed(CafeWatch, async (socket, { cafeId }) => {
        this.#requireSession(socket);
        const cafe = await this.#parts.programme.cafe(cafeId);
        if (!cafe) throw new ProblemError('cafe-not-found');
        await this.#joinAs(socket, `attendance:${cafeId}`, { eventId: cafe.eventId, roomId: cafe.roomId });
        return { attendance: await this.#views.attendance(cafeId) };
      }),
      'cafe:unwatch-attendance': parsed(CafeWatch, (socket, { cafeId }) => leave('attendance')(socket, cafeId)),
      'dashboard:watch': parsed(EventWatch, async (socket, { eventId }) => {
        this.#requireSession(socket);
        await this.#joinAs(socket, `dashboard:${eventId}`, { eventId });
        return { dashboard: await this.#views.dashboard(eventId) };
      }),
      'dashboard:unwatch': parsed(EventWatch, (socket, { eventId }) => leave('dashboard')(socket, eventId)),
    };
  }

  #join(socket: LiveSocket, room: string): void {
    if (socket.rooms.size >= WATCHES_MAX && !socket.rooms.has(room)) throw new ProblemError('too-many-requests');
    void socket.join(room);
  }

  async #joinAs(socket: LiveSocket, room: string, scope: { eventId: string; roomId?: string }): Promise<void> {
    if (!(await this.#may(this.#requireSession(socket), scope))) throw new ProblemError('not-allowed');
    this.#join(socket, room);
    socket.data.privileged.set(room, scope);
  }

  /** Reads the cookie again: a session that was ended since counts no more. */
  #requireSession({ data }: LiveSocket): string {
    const session = this.#parts.people.readSession(data.cookie);
    if (!session) throw new ProblemError('not-signed-in');
    return session.attendeeId;
  }

  async #may(attendeeId: string, scope: { eventId: string; roomId?: string }): Promise<boolean> {
    return (await this.#parts.people.rolesOf(attendeeId)).some(
      (role) =>
        role.eventId === scope.eventId &&
        (role.role === 'organiser' || (scope.roomId !== undefined && role.roomId === scope.roomId)),
    );
  }

  #watched(room: string): boolean {
    return (this.#live?.adapter.rooms.get(room)?.size ?? 0) > 0;
  }

  #pushRoom(roomId: string): void {
    const seats = this.#counts.room(roomId);
    if (!seats) return;
    const eventId = this.#counts.eventOf(roomId);
    // One emit: a connection that watches both the room and its event gets it once.
    this.#live?.to([`room:${roomId}`, `event:${eventId}`]).emit('room:seats', seats);
    this.#pushes.inc({ event: 'room:seats' });
  }

  #pushAttendance(cafeId: string): void {
    this.#views.attendance(cafeId).then(
      (attendance) => {
        this.#live?.to(`attendance:${cafeId}`).emit('cafe:attendance', attendance);
        this.#pushes.inc({ event: 'cafe:attendance' });
      },
      (error) => this.#parts.logger.warn({ fault: (error as Error).message }, 'an attendance list was not pushed'),
    );
  }

  #pushDashboard(eventId: string): void {
    this.#views.dashboard(eventId).then(
      (dashboard) => {
        this.#live?.to(`dashboard:${eventId}`).emit('dashboard', dashboard);
        this.#pushes.inc({ event: 'dashboard' });
      },
      (error) => this.#parts.logger.warn({ fault: (error as Error).message }, 'a dashboard was not pushed'),
    );
  }

  /** To every connection of the person whose it is; read whole, so that what is pushed is never older than the commit. */
  #pushRegistrations({ registrations }: Change): void {
    for (const { registrationId, attendeeId } of registrations) {
      if (!this.#watched(`person:${attendeeId}`)) continue;
      this.#parts.seats.registration(registrationId).then(
        (registration) => {
          if (registration) this.#live?.to(`person:${attendeeId}`).emit('registration', registration);
          this.#pushes.inc({ event: 'registration' });
        },
        () => {},
      );
    }
  }

  #lookAtMail(dashboards: Coalescer): void {
    const eventIds = [...(this.#live?.adapter.rooms.keys() ?? [])].flatMap((room) =>
      room.startsWith('dashboard:') ? [room.slice('dashboard:'.length)] : [],
    );
    if (eventIds.length === 0) return;
    this.#parts.outbox.figures().then(
      (figures) => {
        const mail = JSON.stringify(figures);
        if (mail !== this.#mail) for (const eventId of eventIds) dashboards.changed(eventId);
        this.#mail = mail;
      },
      () => {},
    );
  }

  /** End what a lost role or an ended session allowed, and close connections that do not read. */
  #inspect(): void {
    for (const socket of this.#live?.sockets.values() ?? []) {
      const transport = socket.conn.transport as unknown as { socket?: { bufferedAmount?: number } };
      const unread = (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
      if (unread > UNREAD_PACKETS_MAX || (transport.socket?.bufferedAmount ?? 0) > UNREAD_BYTES_MAX) {
        socket.conn.close(true);
        continue;
      }
      if (socket.data.attendeeId && !this.#parts.people.readSession(socket.data.cookie)) {
        void socket.leave(`person:${socket.data.attendeeId}`);
        for (const room of socket.data.privileged.keys()) void socket.leave(room);
        socket.data.privileged.clear();
        socket.data.attendeeId = undefined;
      }
      for (const [room, scope] of socket.data.privileged) void this.#recheck(socket, room, scope);
    }
  }

  async #recheck(socket: LiveSocket, room: string, scope: { eventId: string; roomId?: string }): Promise<void> {
    const may = await this.#may(socket.data.attendeeId ?? '', scope).catch(() => true);
    if (may) return;
    socket.data.privileged.delete(room);
    await socket.leave(room);
  }
}

function parsed<Schema extends z.ZodMiniType>(
  schema: Schema,
  handle: (socket: LiveSocket, message: z.infer<Schema>) => Promise<Answer> | Answer,
): Handler {
  return (socket, message) => {
    const checked = schema.safeParse(message);
    if (!checked.success) throw new ProblemError('invalid-request');
    return handle(socket, checked.data);
  };
}

function sessionCookie(header: string | undefined): string | undefined {
  if (!header || header.length > 8_192) return undefined;
  const found = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;]*)`).exec(header)?.[1];
  try {
    return found && decodeURIComponent(found);
  } catch {
    return undefined;
  }
}
