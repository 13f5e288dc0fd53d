import { randomBytes } from 'node:crypto';
import net from 'node:net';

/**
 * A number of screens in one process. They use as little processor time as possible, because they share processors with the measured
 * server. Each screen is a TCP connection with only the parts of WebSocket and socket.io that it needs to watch one room. It records the
 * time and the version of every push. The process gets commands over IPC, one after the other, and answers each when it is done.
 */
export type WatchersOrder =
  /** Opens more screens: over socket.io when there is a room, otherwise over bare WebSockets. */
  | { do: 'open'; port: number; sockets: number; roomId?: string }
  | { do: 'record' }
  /** Stops recording, and compares the pushes with the commits. Each commit has its version and its time (milliseconds since 1970). */
  | { do: 'report'; commits: [version: number, at: number][] }
  | { do: 'close' };

/** The time from commit to client over every pair of a commit and a screen, in milliseconds. */
export interface WatchersReport {
  pairs: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  pushes: number;
  /** Screens whose last version is not that of the last commit. */
  behind: number;
}

const OPENING_AT_ONCE = 200;
const PUSHES_MAX = 4_000_000;
const LATENCY_MAX_MS = 10_000;
/** The position of the version in a push: after the name of the event and the id of the room. */
const VERSION_AT = '42/live,["room:seats",{"roomId":"01a20b7e-760b-743e-bc7b-1c99d05743ad","version":'.length;

const pushed = { at: new Float64Array(PUSHES_MAX), from: new Int32Array(PUSHES_MAX), to: new Int32Array(PUSHES_MAX) };
let pushes = 0;
let recording = false;
const screens: Screen[] = [];
const shared = Buffer.allocUnsafe(64 * 1024);

class Screen {
  version = 0;
  readonly opened: Promise<void>;
  readonly #socket: net.Socket;
  readonly #roomId: string | undefined;
  readonly #open: () => void;
  #upgraded = false;
  #rest: Buffer | undefined;

  constructor(port: number, roomId: string | undefined) {
    this.#roomId = roomId;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.opened = promise;
    this.#open = resolve;
    this.#socket = net.connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: shared,
        callback: (length, bytes) => {
          this.#read(Buffer.from(bytes.buffer, bytes.byteOffset, length));
          return true;
        },
      },
    });
    this.#socket.on('error', reject);
    this.#socket.on('close', () => reject(new Error('a screen was closed')));
    this.#socket.write(
      `GET ${roomId ? '/socket.io/?EIO=4&transport=websocket' : '/'} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    if (!this.#upgraded) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end >= 0) {
        if (!bytes.toString('latin1', 0, 12).endsWith('101')) throw new Error(bytes.toString('latin1'));
        this.#upgraded = true;
        if (!this.#roomId) this.#open();
        bytes = bytes.subarray(end + 4);
      }
    }
    if (this.#upgraded) bytes = this.#frames(bytes);
    // The chunk is shared with other frames, so the rest of a frame is copied.
    if (bytes.length > 0) this.#rest = Buffer.from(bytes);
  }

  /** Takes every whole frame. Returns the rest. */
  #frames(bytes: Buffer): Buffer {
    let at = 0;
    while (bytes.length - at >= 2) {
      let length = (bytes[at + 1] as number) & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) throw new Error('a frame is larger than any of ours');
      if (bytes.length < start + length) break;
      this.#frame(bytes, start, start + length);
      at = start + length;
    }
    return bytes.subarray(at);
  }

  #frame(bytes: Buffer, start: number, end: number): void {
    const [type, kind] = [bytes[start], bytes[start + 1]];
    if (type === 0x34 && kind === 0x32) {
      this.#push(digits(bytes, start + VERSION_AT));
    } else if (type === 0x32) {
      this.#send('3');
    } else if (type === 0x30) {
      this.#send('40/live,');
    } else if (type === 0x34 && kind === 0x30) {
      this.#send(`42/live,0["room:watch",{"roomId":"${this.#roomId}"}]`);
    } else if (type === 0x34 && kind === 0x33) {
      const text = bytes.toString('latin1', start, end);
      if (!text.includes('"ok":true')) throw new Error(`a screen may not watch: ${text}`);
      this.version = Number(/"version":(\d+)/.exec(text)?.[1]);
      this.#open();
    }
  }

  #push(version: number): void {
    if (recording) {
      if (pushes === PUSHES_MAX) throw new Error('more pushes than there is room for');
      pushed.at[pushes] = performance.timeOrigin + performance.now();
      pushed.from[pushes] = this.version;
      pushed.to[pushes] = version;
      pushes += 1;
    }
    this.version = version;
  }

  /** A masked frame, as clients must send; a mask of zeros changes nothing. */
  #send(text: string): void {
    const head = Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]);
    if (text.length > 125) throw new Error('too long for a short frame');
    this.#socket.write(Buffer.concat([head, Buffer.from(text)]));
  }
}

function digits(bytes: Buffer, start: number): number {
  let number = 0;
  for (let at = start; ; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return number;
    number = number * 10 + digit;
  }
}

function report(commits: [number, number][]): WatchersReport {
  const at = new Map(commits);
  const counts = new Uint32Array(LATENCY_MAX_MS + 1);
  let pairs = 0;
  let maxMs = 0;
  for (let push = 0; push < pushes; push++) {
    const to = pushed.to[push] as number;
    for (let version = (pushed.from[push] as number) + 1; version <= to; version++) {
      const committed = at.get(version);
      if (committed === undefined) continue;
      const ms = Math.max(0, (pushed.at[push] as number) - committed);
      const bucket = Math.min(LATENCY_MAX_MS, Math.floor(ms));
      counts[bucket] = (counts[bucket] as number) + 1;
      maxMs = Math.max(maxMs, ms);
      pairs += 1;
    }
  }
  const quantile = (share: number) => {
    let left = pairs * share;
    return counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
  };
  const last = commits.at(-1)?.[0];
  return {
    pairs,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: Math.round(maxMs),
    pushes,
    behind: screens.filter(({ version }) => version !== last).length,
  };
}

async function obey(order: WatchersOrder): Promise<unknown> {
  if (order.do === 'open') {
    for (let opened = 0; opened < order.sockets; ) {
      const some = Array.from({ length: Math.min(OPENING_AT_ONCE, order.sockets - opened) }, () => {
        return new Screen(order.port, order.roomId);
      });
      await Promise.all(some.map((screen) => screen.opened));
      screens.push(...some);
      opened += some.length;
    }
  } else if (order.do === 'record') {
    pushes = 0;
    recording = true;
  } else if (order.do === 'report') {
    recording = false;
    return report(order.commits);
  } else {
    for (const screen of screens.splice(0)) screen.close();
  }
  return undefined;
}

process.on('message', (order: WatchersOrder) => {
  obey(order).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
