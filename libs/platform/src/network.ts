import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';

/** The maximum length of an entry of `X-Forwarded-For`, in characters: an IPv6 address with its zone, brackets and port. */
const ENTRY_LENGTH_MAX = 100;
/** The minimum time between two warnings about untrusted proxies, in milliseconds. */
const WARN_EVERY_MS = 3_600_000;

/** The parts of a request that identify its client. */
type Arrived = Pick<IncomingMessage, 'headers' | 'socket'>;

/**
 * Returns the network by which limits count a client: its IPv4 address, or the /64 of its IPv6 address, because a household has a whole
 * /64.
 * All spellings of an address give the same network: mapped IPv4, zone, upper case, compressed zeros, brackets and a port.
 * @returns undefined for text that is not an address
 */
export function networkOf(address: string): string | undefined {
  const plain = withoutPort(address.trim());
  if (isIP(plain) === 0) return undefined;
  const parsed = ipaddr.process(plain);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = parsed.toByteArray().slice(0, 8);
  return `${network.map((byte) => byte.toString(16).padStart(2, '0')).join('')}/64`;
}

/** Removes the brackets and the port of `1.2.3.4:5678`, `[2001:db8::1]` and `[2001:db8::1]:443`. */
function withoutPort(text: string): string {
  const found = /^\[([^\]]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text);
  return found?.[1] ?? found?.[2] ?? text;
}

/** Finds the client network of a request behind the trusted proxies of the installation (`TRUSTED_PROXIES`). */
export class Clients {
  readonly #proxies: number;
  readonly #logger: Pick<Logger, 'warn'> | undefined;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({ TRUSTED_PROXIES }: { TRUSTED_PROXIES: number }, logger?: Pick<Logger, 'warn'>) {
    this.#proxies = TRUSTED_PROXIES;
    this.#logger = logger;
  }

  /**
   * Returns the network of the address that the outermost trusted proxy saw; if that is not an address, the network of the connection. Logs
   * a warning, at most once an hour, when a request comes through a proxy and no proxy is trusted: then all people count as one client.
   */
  networkOf(request: Arrived): string {
    const { headers, socket } = request;
    const forwarded = headers['x-forwarded-for'];
    if (this.#proxies === 0 && (forwarded !== undefined || headers.forwarded !== undefined)) this.#warn();
    const own = () => networkOf(socket.remoteAddress ?? '') ?? 'unknown';
    if (this.#proxies === 0 || forwarded === undefined) return own();
    // Each proxy appends the address that it saw. A list shorter than the number of proxies has no entry from an untrusted client.
    const entries = String(forwarded).split(',');
    const entry = entries.at(-this.#proxies) ?? entries[0] ?? '';
    return (entry.length <= ENTRY_LENGTH_MAX && networkOf(entry)) || own();
  }

  #warn(): void {
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#logger?.warn(
      'a request carries X-Forwarded-For or Forwarded, but TRUSTED_PROXIES is 0: all people behind that proxy count as one client; set TRUSTED_PROXIES to the number of reverse proxies in front',
    );
  }
}
