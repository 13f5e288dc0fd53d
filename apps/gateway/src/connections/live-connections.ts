import type { IncomingMessage } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AppServer, BoundedLog, Metrics } from '#platform';
import { Admission, type Place } from './admission.ts';
import { type LiveSocket, terminate, type Wire, watchesNothing } from './live-socket.ts';
import { TokenBucket } from './token-bucket.ts';

/** The limit for packets of one connection, of any kind, valid or not. A connection over the limit is closed. */
const PACKETS = { burst: 1_500, perSecond: 100 };
/**
 * A connection with more unread output than this, in bytes or in packets, is closed, because it does not read the answers to its own
 * messages.
 */
const UNREAD_BYTES_MAX = 1024 * 1024;
const UNREAD_PACKETS_MAX = 200;
/** How long a connection may watch nothing while places are scarce, in milliseconds. */
const IDLE_MAX_MS = 10_000;

/**
 * Why the gateway closes a connection. `replaced`: by another connection of its address or attendee; `late`: it did not read a push in
 * time.
 */
export type CutReason = 'flood' | 'unread' | 'late' | 'idle' | 'replaced';

/** The open connections: registers their places, counts their packets, and closes those that exceed a limit. */
@Injectable()
export class LiveConnections {
  readonly #admission: Admission;
  readonly #tcp: AppServer['connections'];
  readonly #log: BoundedLog;
  readonly #cuts: Counter<'reason'>;
  readonly #places = new WeakMap<Wire, Place>();
  readonly #socketOf = new WeakMap<Wire, LiveSocket>();

  constructor(admission: Admission, { connections }: AppServer, log: BoundedLog, { registry }: Metrics) {
    this.#admission = admission;
    this.#tcp = connections;
    this.#log = log;
    this.#cuts = new Counter({
      name: 'comptoir_sockets_cut_total',
      help: 'Live connections cut: flood, unread, late (pushes), idle, replaced (by another of its address or person)',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  /** Registers the place of a connection that engine.io opened, until it closes. */
  opened(wire: Wire): void {
    const { request } = wire as unknown as { request: IncomingMessage };
    let socket: LiveSocket | undefined;
    const place = this.#admission.opened(request, {
      idle: () => {
        socket ??= this.#socketOf.get(wire);
        return socket === undefined || watchesNothing(socket);
      },
      cut: () => this.cut(wire, 'replaced'),
    });
    this.#places.set(wire, place);
    wire.once('close', () => this.#admission.closed(place));
    wire.on('upgrade', ({ socket: upgraded }: { socket?: { _socket?: TcpSocket } }) => {
      if (upgraded?._socket) this.#tcp.settle(upgraded._socket);
    });
    const packets = new TokenBucket(PACKETS);
    wire.on('packet', () => packets.take() || this.cut(wire, 'flood'));
  }

  /** Stores the socket of a connection that joined the namespace. */
  joined(socket: LiveSocket): void {
    this.#socketOf.set(socket.conn, socket);
  }

  /** Closes a connection immediately, counts it and logs it. */
  cut(wire: Wire, reason: CutReason): void {
    this.#cuts.inc({ reason });
    this.#log.write('warn', { reason }, 'live connections were closed');
    terminate(wire);
  }

  /** Returns the reason to close a connection at an inspection; undefined for most connections. */
  cutReasonOf(socket: LiveSocket): 'unread' | 'idle' | undefined {
    if (isUnread(socket)) return 'unread';
    return this.#isIdleTooLong(socket) ? 'idle' : undefined;
  }

  /** When places are scarce, a connection loses its place if it watches nothing at two inspections that are `IDLE_MAX_MS` apart. */
  #isIdleTooLong(socket: LiveSocket): boolean {
    const place = this.#places.get(socket.conn);
    if (!place || !watchesNothing(socket) || !this.#admission.crowded(place)) {
      socket.data.idleSince = undefined;
      return false;
    }
    socket.data.idleSince ??= Date.now();
    return Date.now() - socket.data.idleSince >= IDLE_MAX_MS;
  }
}

/** Whether the client does not read the answers to its own messages. (At most one push is among the unread packets, see `Pushes`.) */
function isUnread({ conn }: LiveSocket): boolean {
  const { transport, writeBuffer } = conn as unknown as {
    transport: { socket?: { bufferedAmount?: number } };
    writeBuffer: unknown[];
  };
  return writeBuffer.length > UNREAD_PACKETS_MAX || (transport.socket?.bufferedAmount ?? 0) > UNREAD_BYTES_MAX;
}
