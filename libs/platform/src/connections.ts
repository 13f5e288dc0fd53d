import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, type Registry } from 'prom-client';
import type { BoundedLog } from './bounded-log.ts';
import { networkOf } from './network.ts';

/** Why a connection was ended before it had done anything. */
type Reason = 'client' | 'full';

/** A connection that has nothing to show yet: it is silent, sends slowly, or is idle. */
interface Pending {
  client: string;
}

/**
 * Counts the TCP connections of a server from the moment that they are accepted, and ends those that take places of others: a connection
 * is pending until `settle`; of one client (a network address) at most so many are pending, and where the server is full, the oldest
 * pending connection of all makes room for a new one.
 */
export class Connections {
  readonly #max: number;
  readonly #pendingMax: number;
  readonly #countClients: boolean;
  readonly #log: BoundedLog;
  readonly #ended: Counter<'reason'>;
  readonly #open = new Set<Socket>();
  /** By client, in the order in which they began to be pending. */
  readonly #byClient = new Map<string, Set<Socket>>();
  readonly #pending = new Map<Socket, Pending>();

  /**
   * @param options.max the most connections.
   * @param options.pendingPerClientMax the most pending connections of one client.
   * @param options.countClients false where proxies of ours stand in front: there all connections are theirs, until a request says whose.
   */
  constructor(options: {
    max: number;
    pendingPerClientMax: number;
    countClients: boolean;
    registry: Registry;
    log: BoundedLog;
  }) {
    this.#max = options.max;
    this.#pendingMax = options.pendingPerClientMax;
    this.#countClients = options.countClients;
    this.#log = options.log;
    this.#ended = new Counter({
      name: 'comptoir_connections_ended_total',
      help: 'Connections ended before they did anything: client (too many of one client), full, slow (head or body)',
      labelNames: ['reason'],
      registers: [options.registry],
    });
  }

  /** Count what a server accepts from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.settle(socket);
      });
      this.await(socket, this.#countClients ? (networkOf(socket.remoteAddress ?? '') ?? '') : '');
      if (this.#open.size > this.#max) this.#end(this.#pending.keys().next().value, 'full');
    });
  }

  /** The connection is pending, from now on, as one of this client. */
  await(socket: Socket, client: string): void {
    this.settle(socket);
    if (socket.destroyed) return;
    this.#pending.set(socket, { client });
    if (client === '') return;
    let theirs = this.#byClient.get(client);
    if (!theirs) {
      theirs = new Set();
      this.#byClient.set(client, theirs);
    }
    theirs.add(socket);
    if (theirs.size > this.#pendingMax) this.#end(theirs.values().next().value, 'client');
  }

  /** The connection does what it is for: others count it. */
  settle(socket: Socket): void {
    const pending = this.#pending.get(socket);
    if (!pending) return;
    this.#pending.delete(socket);
    const theirs = this.#byClient.get(pending.client);
    theirs?.delete(socket);
    if (theirs?.size === 0) this.#byClient.delete(pending.client);
  }

  /** Say that the server itself ended one, because its head or its body took too long. */
  wasSlow(): void {
    this.#say('slow');
  }

  /** End all, pending or not. */
  endAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #end(socket: Socket | undefined, reason: Reason): void {
    if (!socket) return;
    this.settle(socket);
    this.#open.delete(socket);
    socket.destroy();
    this.#say(reason);
  }

  #say(reason: Reason | 'slow'): void {
    this.#ended.inc({ reason });
    this.#log.write('warn', { reason }, 'connections that did nothing were ended');
  }
}
