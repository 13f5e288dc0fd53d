import { StandardSchemaValidationPipe, UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import * as z from 'zod/mini';
import { clientMessages, LIVE_NAMESPACE, ProblemError } from '#contract';
import { LiveAccess } from '../connections/access.ts';
import { Inspector } from '../connections/inspector.ts';
import type { LiveNamespace, LiveSocket } from '../connections/live-socket.ts';
import { attendanceRoom, attendeeRoom, dashboardRoom, eventRoom, roomRoom } from '../connections/rooms.ts';
import { TokenBucket } from '../connections/token-bucket.ts';
import { Counts } from '../counts/counts.ts';
import { Pushes } from '../pushes/pushes.ts';
import { Views } from '../views/views.ts';
import { RefusalFilter } from './refusal.filter.ts';
import { RoleGuard } from './role.guard.ts';

/** The rate limit for messages of one connection. */
const MESSAGES = { burst: 100, perSecond: 20 };
/** The maximum number of rooms, events and lists that one connection may watch. */
const WATCHES_MAX = 200;

type Event = keyof typeof clientMessages;
type Message<E extends Event> = z.infer<(typeof clientMessages)[E]['message']>;
type Answer<E extends Event> = z.infer<(typeof clientMessages)[E]['answer']>;

/** The message of a live event, checked against its schema in the contract. */
const Checked = (event: Event) => MessageBody({ schema: clientMessages[event].message });

/**
 * The handlers of the live messages in the contract. The returned object is acknowledged with `ok: true`, an error with its problem code.
 */
@WebSocketGateway({ namespace: LIVE_NAMESPACE })
@UseGuards(RoleGuard)
@UsePipes(new StandardSchemaValidationPipe({ exceptionFactory: () => new ProblemError('invalid-request') }))
@UseFilters(RefusalFilter)
export class LiveGateway implements OnGatewayInit<LiveNamespace>, OnGatewayConnection<LiveSocket> {
  readonly #access: LiveAccess;
  readonly #inspector: Inspector;
  readonly #counts: Counts;
  readonly #views: Views;
  readonly #pushes: Pushes;

  constructor(access: LiveAccess, inspector: Inspector, counts: Counts, views: Views, pushes: Pushes) {
    this.#access = access;
    this.#inspector = inspector;
    this.#counts = counts;
    this.#views = views;
    this.#pushes = pushes;
  }

  afterInit(namespace: LiveNamespace): void {
    this.#pushes.attach(namespace);
    this.#inspector.start(namespace);
  }

  /** Stores the attendee who opened the connection, until it closes. */
  handleConnection(socket: LiveSocket): void {
    const { cookie, attendeeId } = this.#access.ownerOf(socket.request);
    socket.data = {
      cookie,
      attendeeId,
      privileged: undefined,
      idleSince: undefined,
      messages: new TokenBucket(MESSAGES),
    };
    if (attendeeId) void socket.join(attendeeRoom(attendeeId));
    forgetHandshake(socket);
  }

  @SubscribeMessage('room:watch')
  watchRoom(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('room:watch') { roomId }: Message<'room:watch'>,
  ): Answer<'room:watch'> {
    const seats = this.#known(this.#counts.room(roomId), 'room-not-found');
    watch(socket, roomRoom(roomId));
    return { seats };
  }

  @SubscribeMessage('room:unwatch')
  unwatchRoom(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('room:unwatch') { roomId }: Message<'room:unwatch'>,
  ): Answer<'room:unwatch'> {
    return unwatch(socket, roomRoom(roomId));
  }

  @SubscribeMessage('event:watch')
  watchEvent(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('event:watch') { eventId }: Message<'event:watch'>,
  ): Answer<'event:watch'> {
    const rooms = this.#known(this.#counts.roomsOf(eventId), 'event-not-found');
    watch(socket, eventRoom(eventId));
    return { rooms, changedMsAgo: this.#counts.programmeChangedMsAgo(eventId) };
  }

  @SubscribeMessage('event:unwatch')
  unwatchEvent(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('event:unwatch') { eventId }: Message<'event:unwatch'>,
  ): Answer<'event:unwatch'> {
    return unwatch(socket, eventRoom(eventId));
  }

  @SubscribeMessage('cafe:watch-attendance')
  async watchAttendance(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('cafe:watch-attendance') { cafeId }: Message<'cafe:watch-attendance'>,
  ): Promise<Answer<'cafe:watch-attendance'>> {
    watch(socket, attendanceRoom(cafeId));
    return { attendance: await this.#views.attendance(cafeId) };
  }

  @SubscribeMessage('cafe:unwatch-attendance')
  unwatchAttendance(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('cafe:unwatch-attendance') { cafeId }: Message<'cafe:unwatch-attendance'>,
  ): Answer<'cafe:unwatch-attendance'> {
    return unwatch(socket, attendanceRoom(cafeId));
  }

  @SubscribeMessage('dashboard:watch')
  async watchDashboard(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('dashboard:watch') { eventId }: Message<'dashboard:watch'>,
  ): Promise<Answer<'dashboard:watch'>> {
    watch(socket, dashboardRoom(eventId));
    return { dashboard: await this.#views.dashboard(eventId) };
  }

  @SubscribeMessage('dashboard:unwatch')
  unwatchDashboard(
    @ConnectedSocket() socket: LiveSocket,
    @Checked('dashboard:unwatch') { eventId }: Message<'dashboard:unwatch'>,
  ): Answer<'dashboard:unwatch'> {
    return unwatch(socket, dashboardRoom(eventId));
  }

  /**
   * @throws ProblemError `code` for an unknown id; `unavailable` while the gateway has not reached the database yet, because the id may
   * exist
   */
  #known<State>(state: State | undefined, code: 'room-not-found' | 'event-not-found'): State {
    if (state === undefined) throw new ProblemError(this.#counts.loaded ? code : 'unavailable');
    return state;
  }
}

/** @throws ProblemError `too-many-requests` if the connection watches the maximum number */
function watch(socket: LiveSocket, room: string): void {
  if (socket.rooms.size >= WATCHES_MAX && !socket.rooms.has(room)) {
    socket.data.privileged?.delete(room);
    throw new ProblemError('too-many-requests');
  }
  void socket.join(room);
}

function unwatch(socket: LiveSocket, room: string): Record<string, never> {
  socket.data.privileged?.delete(room);
  void socket.leave(room);
  return {};
}

/** Drops the request that opened the connection. It is half of the memory of a connection, and a gateway has thousands. */
function forgetHandshake(socket: LiveSocket): void {
  Object.assign(socket.conn, { request: undefined });
  Object.assign(socket, { handshake: undefined });
}
