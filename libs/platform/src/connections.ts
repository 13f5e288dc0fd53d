import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, type Registry } from 'prom-client';
import type { BoundedLog } from './bounded-log.ts';
import { networkOf } from './network.ts';

/**
 * How long a new pending connection is exempt from the limit of its client, in milliseconds, because many clients may connect before the
 * server reads.
 */
const NEW_FOR_MS = 2_000;
/** How often clients are checked for too many pending connections, in milliseconds. */
const CHECK_EVERY_MS = 500;

/** Why a pending connection was closed: its client has too many, or the server is full. */
type Reason = 'client' | 'full';

/** A connection that sends nothing, sends slowly, or is idle. */
interface Pending {
  client: string;
  /** The time at which it became pending, by the clock of this process, in milliseconds. */
  since: number;
}

/**
 * Counts the TCP connections of a server from their accept on, and closes pending ones, so that other clients can connect. A connection
 * is pending until `settle`. One client (a network address) has a limit of connections that are pending for more than two seconds. When
 * the server is full, a new connection replaces the oldest pending one.
 */
export class Connections {
  readonly #max: number;
  readonly #pendingMax: number;
  readonly #countClients: boolean;
  readonly #log: BoundedLog;
  readonly #ended: Counter<'reason'>;
  readonly #open = new Set<Socket>();
  /** By client, in the order in which they became pending. */
  readonly #byClient = new Map<string, Set<Socket>>();
  readonly #pending = new Map<Socket, Pending>();

  /**
   * @param options.max the maximum number of connections
   * @param options.pendingPerClientMax the maximum number of pending connections of one client
   * @param options.countClients false behind trusted proxies: a connection has the address of a proxy until the head of a request names
   *   the client
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
      help: 'Pending connections closed: client (too many of one client), full, slow (head or body)',
      labelNames: ['reason'],
      registers: [options.registry],
    });
  }

  /** Counts the connections that a server accepts from now on. */
  watch(server: Server): void {
    const timer = setInterval(() => {
      for (const theirs of this.#byClient.values()) this.#endOldest(theirs);
    }, CHECK_EVERY_MS).unref();
    server.once('close', () => clearInterval(timer));
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

  /** Marks a connection as pending from now on, and assigns it to this client (empty: to no client). */
  await(socket: Socket, client: string): void {
    this.settle(socket);
    if (socket.destroyed) return;
    this.#pending.set(socket, { client, since: performance.now() });
    if (client === '') return;
    let theirs = this.#byClient.get(client);
    if (!theirs) {
      theirs = new Set();
      this.#byClient.set(client, theirs);
    }
    theirs.add(socket);
    this.#endOldest(theirs);
  }

  /** Marks a connection as not pending: the server handles a request on it, which other limits count. */
  settle(socket: Socket): void {
    const pending = this.#pending.get(socket);
    if (!pending) return;
    this.#pending.delete(socket);
    const theirs = this.#byClient.get(pending.client);
    theirs?.delete(socket);
    if (theirs?.size === 0) this.#byClient.delete(pending.client);
  }

  /** Counts a connection that the server itself closed, because the head or the body of a request took too long. */
  wasSlow(): void {
    this.#count('slow');
  }

  /** Closes all connections, pending or not. */
  endAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  /** Closes the oldest pending connections of a client that has too many. Connections younger than `NEW_FOR_MS` stay open. */
  #endOldest(theirs: Set<Socket>): void {
    const newSince = performance.now() - NEW_FOR_MS;
    for (const socket of theirs) {
      if (theirs.size <= this.#pendingMax || (this.#pending.get(socket)?.since ?? 0) > newSince) return;
      this.#end(socket, 'client');
    }
  }

  #end(socket: Socket | undefined, reason: Reason): void {
    if (!socket) return;
    this.settle(socket);
    this.#open.delete(socket);
    socket.destroy();
    this.#count(reason);
  }

  #count(reason: Reason | 'slow'): void {
    this.#ended.inc({ reason });
    this.#log.write('warn', { reason }, 'idle connections were closed');
  }
}
