import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Clients, type Configuration, originsOf } from '#platform';
import { TokenBucket } from './token-bucket.ts';

/** What an address may open in a second, as a share of what it may have open: all of a hall come back within ten. */
const OPENED_A_SECOND_SHARE = 0.1;

interface Address {
  open: number;
  handshakes: TokenBucket;
}

/** Who may open a live connection: pages of ours, as many as there is room for, and not all of it for one address. */
export class Admission {
  readonly #origins: string[];
  readonly #openMax: number;
  readonly #openMaxByAddress: number;
  readonly #clients: Clients;
  readonly #addresses = new Map<string, Address>();
  #open = 0;
  #closed = false;

  constructor(configuration: Configuration, logger?: Pick<Logger, 'warn'>) {
    this.#origins = originsOf(configuration.PUBLIC_URL, configuration.GATEWAY_URL);
    this.#openMax = configuration.SOCKETS_MAX;
    this.#openMaxByAddress = configuration.SOCKETS_PER_ADDRESS_MAX;
    this.#clients = new Clients(configuration, logger);
  }

  /** The origins that pages may come from. */
  get origins(): string[] {
    return this.#origins;
  }

  /** Why this handshake is refused; undefined when it is not. */
  refuses(request: IncomingMessage): string | undefined {
    const { origin } = request.headers;
    if (this.#closed) return 'stopping';
    // A browser always says where its page is from; what is not a browser does not.
    if (origin !== undefined && !this.#origins.includes(origin)) return 'origin';
    if (this.#open >= this.#openMax) return 'full';
    const address = this.#addressOf(this.key(request));
    if (address.open >= this.#openMaxByAddress || !address.handshakes.take()) return 'address';
    return undefined;
  }

  /** Count a connection that was opened. Returns what to call, once, when it is closed. */
  opened(request: IncomingMessage): () => void {
    const address = this.#addressOf(this.key(request));
    address.open += 1;
    this.#open += 1;
    return () => {
      address.open -= 1;
      this.#open -= 1;
    };
  }

  /** From now on nobody may. */
  close(): void {
    this.#closed = true;
  }

  /** Forget addresses that have nothing open and asked for nothing lately. */
  tidy(): void {
    for (const [key, { open, handshakes }] of this.#addresses) {
      if (open === 0 && handshakes.full) this.#addresses.delete(key);
    }
  }

  /** What a request is counted by: the network of its client. */
  key(request: IncomingMessage): string {
    return this.#clients.networkOf(request);
  }

  #addressOf(key: string): Address {
    let address = this.#addresses.get(key);
    if (!address) {
      address = {
        open: 0,
        handshakes: new TokenBucket({
          burst: this.#openMaxByAddress,
          perSecond: Math.max(1, this.#openMaxByAddress * OPENED_A_SECOND_SHARE),
        }),
      };
      this.#addresses.set(key, address);
    }
    return address;
  }
}
