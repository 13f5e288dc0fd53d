import { setImmediate as others } from 'node:timers/promises';
import { Counter, type Registry } from 'prom-client';
import { LIVE_NAMESPACE, type ServerToClientEvents } from '#contract';
import type { LiveNamespace, LiveSocket } from './live-socket.ts';

/** So many connections are written to before anything else gets a turn, and before the newest state is looked at again. */
const CHUNK_SOCKETS = 250;
/** A connection that so many different states wait for is closed: it comes back and asks for what it wants. */
const LATE_MAX = 2_000;

/** What we use of an engine.io connection; its types do not tell all of it. */
interface Wire {
  transport: {
    name: string;
    /** False from a write until the system took it: what a reader does not read stays there. */
    writable: boolean;
    on(event: 'ready', listener: () => void): void;
    off(event: 'ready', listener: () => void): void;
  };
  write(packet: string, options: object): void;
  on(event: 'upgrade', listener: () => void): void;
  off(event: 'upgrade', listener: () => void): void;
}

/** A state as it goes over the wire, made once for everybody who gets it. */
interface Frame {
  packet: string;
  options: { wsPreEncodedFrame: [Buffer] };
}

/**
 * Pushes whole states to whoever watches. A state is encoded once, not once a connection. A connection has one push under way
 * at most: what comes meanwhile is kept by its key, the newest in place of an older one, and goes out when the connection
 * can take it. So a reader that is slow, or does not read, costs a map of shared frames, and sees only the newest.
 */
export class Pushes {
  readonly #namespace: LiveNamespace;
  readonly #cut: (socket: LiveSocket) => void;
  readonly #late = new WeakMap<LiveSocket, Map<string, Frame>>();
  readonly #pushes: Counter<'event'>;
  readonly #replaced: Counter;

  /** @param cut ends a connection that cannot take what waits for it. */
  constructor(namespace: LiveNamespace, registry: Registry, cut: (socket: LiveSocket) => void) {
    this.#namespace = namespace;
    this.#cut = cut;
    const registers = [registry];
    this.#pushes = new Counter({
      name: 'comptoir_pushes_total',
      help: 'States pushed',
      labelNames: ['event'],
      registers,
    });
    this.#replaced = new Counter({
      name: 'comptoir_pushes_replaced_total',
      help: 'States that a slow connection never saw, because a newer one took their place',
      registers,
    });
  }

  /** Whether anybody watches one of these rooms of socket.io. */
  watched(...rooms: string[]): boolean {
    return rooms.some((room) => this.#namespace.adapter.rooms.has(room));
  }

  /**
   * Push the newest state to everybody in these rooms of socket.io, once each. It is asked for again as the push goes on, so
   * that who comes late in a large crowd gets what is true then.
   * @param key what the state is of: a newer one takes the place of an older one of the same key.
   */
  async push<Event extends keyof ServerToClientEvents>(
    rooms: string[],
    key: string,
    event: Event,
    newest: () => Parameters<ServerToClientEvents[Event]>[0] | undefined,
  ): Promise<void> {
    let state: (object & { version?: number }) | undefined;
    let frame: Frame | undefined;
    let written = 0;
    for (const socket of this.#watching(rooms)) {
      if (written % CHUNK_SOCKETS === 0) {
        if (written > 0) await others();
        const now: (object & { version?: number }) | undefined = newest();
        if (!now) return;
        if (!frame || now.version !== state?.version) frame = frameOf(event, now);
        state = now;
      }
      written += 1;
      this.#send(socket, key, frame as Frame);
    }
    if (written > 0) this.#pushes.inc({ event });
  }

  *#watching(rooms: string[]): Iterable<LiveSocket> {
    const sets = rooms.map((room) => this.#namespace.adapter.rooms.get(room));
    for (const [place, ids] of sets.entries()) {
      for (const id of ids ?? []) {
        if (sets.slice(0, place).some((before) => before?.has(id))) continue;
        const socket = this.#namespace.sockets.get(id);
        if (socket) yield socket;
      }
    }
  }

  #send(socket: LiveSocket, key: string, frame: Frame): void {
    const wire = socket.conn as unknown as Wire;
    const late = this.#late.get(socket);
    if (late) {
      if (late.has(key)) this.#replaced.inc();
      late.set(key, frame);
      if (late.size > LATE_MAX) this.#cut(socket);
    } else if (wire.transport.writable) {
      wire.write(frame.packet, frame.options);
    } else {
      this.#late.set(socket, new Map([[key, frame]]));
      this.#sendWhenReady(socket, wire);
    }
  }

  #sendWhenReady(socket: LiveSocket, wire: Wire): void {
    const { transport } = wire;
    const ready = () => {
      transport.off('ready', ready);
      wire.off('upgrade', ready);
      this.#sendLate(socket, wire);
    };
    transport.on('ready', ready);
    // A connection may go on over another transport, and the first is never ready again.
    if (transport.name !== 'websocket') wire.on('upgrade', ready);
  }

  #sendLate(socket: LiveSocket, wire: Wire): void {
    const late = this.#late.get(socket) as Map<string, Frame>;
    for (const [key, frame] of late) {
      if (!wire.transport.writable) {
        this.#sendWhenReady(socket, wire);
        return;
      }
      late.delete(key);
      wire.write(frame.packet, frame.options);
    }
    this.#late.delete(socket);
  }
}

/** Text of one event in socket.io's protocol (5), and the WebSocket frame around it (RFC 6455, unmasked, final). */
function frameOf(event: string, message: object): Frame {
  const packet = `2${LIVE_NAMESPACE},${JSON.stringify([event, message])}`;
  const text = Buffer.from(`4${packet}`);
  const { length } = text;
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x81;
  if (head.length === 2) head[1] = length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return { packet, options: { wsPreEncodedFrame: [Buffer.concat([head, text])] } };
}
