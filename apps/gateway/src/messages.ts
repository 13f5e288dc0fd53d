import { Inject, Injectable } from '@nestjs/common';
import * as z from 'zod/mini';
import { clientMessages, ProblemError } from '#contract';
import { Counts } from './counts.ts';
import type { LiveSocket, Scope } from './live-socket.ts';
import { PARTS, type Parts } from './parts.ts';
import { Rights } from './rights.ts';
import { Views } from './views.ts';

/** The most things that one connection may watch. */
const WATCHES_MAX = 200;

type Events = typeof clientMessages;
type Answer = Record<string, unknown>;
type Handlers = {
  [Event in keyof Events]: (
    socket: LiveSocket,
    message: z.infer<Events[Event]['message']>,
  ) => Promise<z.infer<Events[Event]['answer']>> | z.infer<Events[Event]['answer']>;
};

/** What each message of the contract does. */
@Injectable()
export class Messages {
  readonly #handlers: Handlers;
  readonly #parts: Parts;
  readonly #counts: Counts;
  readonly #rights: Rights;

  constructor(
    @Inject(PARTS) parts: Parts,
    @Inject(Counts) counts: Counts,
    @Inject(Views) views: Views,
    @Inject(Rights) rights: Rights,
  ) {
    this.#parts = parts;
    this.#counts = counts;
    this.#rights = rights;
    this.#handlers = {
      'room:watch': (socket, { roomId }) => {
        const seats = this.#known(counts.room(roomId), 'room-not-found');
        join(socket, `room:${roomId}`);
        return { seats };
      },
      'room:unwatch': (socket, { roomId }) => leave(socket, `room:${roomId}`),
      'event:watch': (socket, { eventId }) => {
        const rooms = this.#known(counts.roomsOf(eventId), 'event-not-found');
        join(socket, `event:${eventId}`);
        return { rooms, changedMsAgo: counts.programmeChangedMsAgo(eventId) };
      },
      'event:unwatch': (socket, { eventId }) => leave(socket, `event:${eventId}`),
      'cafe:watch-attendance': async (socket, { cafeId }) => {
        this.#rights.requireSession(socket);
        const cafe = await this.#parts.programme.cafe(cafeId);
        if (!cafe) throw new ProblemError('cafe-not-found');
        await this.#joinAs(socket, `attendance:${cafeId}`, {
          eventId: cafe.eventId,
          cafe: { id: cafe.id, roomId: cafe.roomId },
        });
        return { attendance: await views.attendance(cafeId) };
      },
      'cafe:unwatch-attendance': (socket, { cafeId }) => leave(socket, `attendance:${cafeId}`),
      'dashboard:watch': async (socket, { eventId }) => {
        await this.#joinAs(socket, `dashboard:${eventId}`, { eventId });
        return { dashboard: await views.dashboard(eventId) };
      },
      'dashboard:unwatch': (socket, { eventId }) => leave(socket, `dashboard:${eventId}`),
    };
  }

  /**
   * Do what a message asks for, after holding it against its schema.
   * @throws ProblemError `not-found` for an event that is none, `invalid-request`, and those that the contract names for it.
   */
  async answer(socket: LiveSocket, event: string, message: unknown): Promise<Answer> {
    if (!Object.hasOwn(this.#handlers, event)) throw new ProblemError('not-found');
    const name = event as keyof Events;
    const checked = clientMessages[name].message.safeParse(message);
    if (!checked.success) throw new ProblemError('invalid-request');
    return (this.#handlers[name] as (socket: LiveSocket, message: unknown) => Answer)(socket, checked.data);
  }

  /** What is not known is nowhere to be found, but for a gateway that never reached the database: it cannot say. */
  #known<State>(state: State | undefined, code: 'room-not-found' | 'event-not-found'): State {
    if (state === undefined) throw new ProblemError(this.#counts.loaded ? code : 'unavailable');
    return state;
  }

  async #joinAs(socket: LiveSocket, room: string, scope: Scope): Promise<void> {
    await this.#rights.require(socket, room, scope);
    join(socket, room);
    socket.data.privileged ??= new Map();
    socket.data.privileged.set(room, scope);
  }
}

function join(socket: LiveSocket, room: string): void {
  if (socket.rooms.size >= WATCHES_MAX && !socket.rooms.has(room)) throw new ProblemError('too-many-requests');
  void socket.join(room);
}

function leave(socket: LiveSocket, room: string): Record<string, never> {
  socket.data.privileged?.delete(room);
  void socket.leave(room);
  return {};
}
