import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';

/** An entry of `X-Forwarded-For` is no longer: an IPv6 address with its zone, brackets and port. */
const ENTRY_LENGTH_MAX = 100;
/** How often the warning about proxies that are not trusted is logged at most, in milliseconds. */
const WARN_EVERY_MS = 3_600_000;

/** The parts of a request that say where it comes from. */
type Arrived = Pick<IncomingMessage, 'headers' | 'socket'>;

/**
 * The network that a client is counted by: its IPv4 address, or the /64 of its IPv6 address, because a household has a whole /64.
 * Every spelling of an address gives the same key: mapped IPv4, zone, upper case, compressed zeros, brackets and a port.
 * @returns undefined for text that is not an address.
 */
export function networkOf(address: string): string | undefined {
  const plain = withoutPort(address.trim());
  if (isIP(plain) === 0) return undefined;
  const parsed = ipaddr.process(plain);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = parsed.toByteArray().slice(0, 8);
  return `${network.map((byte) => byte.toString(16).padStart(2, '0')).join('')}/64`;
}

/** `1.2.3.4:5678`, `[2001:db8::1]` and `[2001:db8::1]:443` as the address alone. */
function withoutPort(text: string): string {
  const found = /^\[([^\]]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text);
  return found?.[1] ?? found?.[2] ?? text;
}

/** Finds the client of a request, behind as many proxies as the installation has (`TRUSTED_PROXIES`). */
export class Clients {
  readonly #proxies: number;
  readonly #logger: Pick<Logger, 'warn'> | undefined;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({ TRUSTED_PROXIES }: { TRUSTED_PROXIES: number }, logger?: Pick<Logger, 'warn'>) {
    this.#proxies = TRUSTED_PROXIES;
    this.#logger = logger;
  }

  /**
   * The network of a client: of the address that the outermost trusted proxy saw, or of the connection where that is no address.
   * Logs a warning, once an hour at most, when a proxy stands in front and none is trusted: every person is one client then.
   */
  networkOf(request: Arrived): string {
    const { headers, socket } = request;
    const forwarded = headers['x-forwarded-for'];
    if (this.#proxies === 0 && (forwarded !== undefined || headers.forwarded !== undefined)) this.#warn();
    const own = () => networkOf(socket.remoteAddress ?? '') ?? 'unknown';
    if (this.#proxies === 0 || forwarded === undefined) return own();
    // Each proxy adds the address that it saw at the end. A shorter list was written by our proxies alone.
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
