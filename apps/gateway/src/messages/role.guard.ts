import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { CafeWatch, clientMessages, EventWatch, ProblemError } from '#contract';
import { Programme } from '#programme';
import { LiveAccess } from '../connections/access.ts';
import type { LiveSocket } from '../connections/live-socket.ts';
import { attendanceRoom, dashboardRoom } from '../connections/rooms.ts';

/** Requires the role that the contract declares for a message (`who`). All clients may send messages without `who`. */
@Injectable()
export class RoleGuard implements CanActivate {
  readonly #access: LiveAccess;
  readonly #programme: Programme;

  constructor(access: LiveAccess, programme: Programme) {
    this.#access = access;
    this.#programme = programme;
  }

  /** @throws ProblemError `invalid-request`, `not-signed-in`, `not-allowed`, `cafe-not-found` */
  async canActivate(context: ExecutionContext): Promise<true> {
    const ws = context.switchToWs();
    const message = clientMessages[ws.getPattern() as keyof typeof clientMessages];
    if (!('who' in message)) return true;
    if (message.who === 'host') await this.#requireHost(ws.getClient(), ws.getData());
    else await this.#requireOrganiser(ws.getClient(), ws.getData());
    return true;
  }

  async #requireHost(socket: LiveSocket, data: unknown): Promise<void> {
    const { cafeId } = parse(CafeWatch, data);
    this.#access.requireSession(socket);
    const cafe = await this.#programme.cafe(cafeId);
    if (!cafe) throw new ProblemError('cafe-not-found');
    const { id, roomId, eventId } = cafe;
    await this.#access.requireRole(socket, attendanceRoom(cafeId), { eventId, cafe: { id, roomId } });
  }

  async #requireOrganiser(socket: LiveSocket, data: unknown): Promise<void> {
    const { eventId } = parse(EventWatch, data);
    await this.#access.requireRole(socket, dashboardRoom(eventId), { eventId });
  }
}

/** Guards run before pipes, so the guard parses the message itself. */
function parse<Message>(schema: { safeParse(data: unknown): { data?: Message } }, data: unknown): Message {
  const { data: message } = schema.safeParse(data);
  if (message === undefined) throw new ProblemError('invalid-request');
  return message;
}
