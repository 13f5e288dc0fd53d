import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LiveAccess } from './access.ts';
import { Admission } from './admission.ts';
import { LiveConnections } from './live-connections.ts';
import type { LiveNamespace, LiveSocket } from './live-socket.ts';

/**
 * The interval at which all connections are inspected, in milliseconds. Roles and sessions are cached for 3 s, so the end of a role or
 * session takes effect within 5 s.
 */
const INSPECT_EVERY_MS = 2_000;
/** The maximum number of connections that are inspected in one turn of the event loop. */
const SOCKETS_PER_TURN = 500;

/**
 * Inspects all connections at an interval: removes what ended sessions and lost roles allowed, and closes connections that exceed a limit.
 */
@Injectable()
export class Inspector implements OnApplicationShutdown {
  readonly #access: LiveAccess;
  readonly #admission: Admission;
  readonly #connections: LiveConnections;
  #timer: NodeJS.Timeout | undefined;
  #inspecting = false;

  constructor(access: LiveAccess, admission: Admission, connections: LiveConnections) {
    this.#access = access;
    this.#admission = admission;
    this.#connections = connections;
  }

  start(namespace: LiveNamespace): void {
    this.#timer = setInterval(() => void this.#inspect(namespace), INSPECT_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async #inspect(namespace: LiveNamespace): Promise<void> {
    if (this.#inspecting) return;
    this.#inspecting = true;
    const privileged: LiveSocket[] = [];
    let inspected = 0;
    for (const socket of namespace.sockets.values()) {
      if (++inspected % SOCKETS_PER_TURN === 0) await nextTurn();
      const reason = this.#connections.cutReasonOf(socket);
      if (reason) {
        this.#connections.cut(socket.conn, reason);
        continue;
      }
      this.#access.endSession(socket);
      if (socket.data.privileged?.size) privileged.push(socket);
    }
    await this.#access.endLostRoles(privileged);
    this.#admission.tidy();
    this.#inspecting = false;
  }
}
