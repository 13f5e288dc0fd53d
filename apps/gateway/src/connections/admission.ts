import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Clients, type Configuration, originsOf } from '#platform';
import { fingerprintOf, HandshakeQueue, type WaitingHandshake } from './handshake-queue.ts';
import { TokenBucket } from './token-bucket.ts';

/** The number of connections that an address may open in a second, as a share of the number that it may have open. */
const OPENED_PER_SECOND_SHARE = 0.1;
/** The number of connections of a signed-in attendee that count for the attendee. Further ones count for the address. */
const PER_ATTENDEE_MAX = 8;
/** The maximum number of waiting handshakes, of one address and of all. */
const WAITING_PER_ADDRESS_MAX = 2_000;
const WAITING_MAX = 5_000;
/** The interval at which waiting handshakes get their turn, in milliseconds. */
const TURN_EVERY_MS = 20;
/** The size of the random sample of a holder's connections among which the cheapest one to lose is found. */
const SAMPLE = 16;
/** How long a connection may watch nothing before it is preferred to lose its place, in milliseconds. */
const IDLE_AFTER_MS = 2_000;
/** The age from which a connection is settled, in milliseconds. */
const SETTLED_AFTER_MS = 30_000;

/** Why a handshake is refused. */
export type Refusal = 'stopping' | 'origin' | 'full' | 'address';

/** The facts about an open connection that admission needs. */
export interface Admitted {
  /** Whether it watches nothing now. */
  idle(): boolean;
  /** Closes it immediately. */
  cut(): void;
}

/** The place that an open connection takes. */
export interface Place {
  readonly address: Address;
  /** The holder of the place: an address or an attendee. */
  readonly holder: Holder;
  /** The number of places of the holder with the same fingerprint (`fingerprintOf`). */
  readonly sameFingerprint: { count: number };
  /** Undefined once the connection is closed. */
  admitted: Admitted | undefined;
  /** In milliseconds since 1970. */
  openedAt: number;
  /** Its index in the places of its holder. */
  index: number;
}

/** An address or an attendee for whom places are counted. */
interface Holder {
  /** In no order. */
  places: Place[];
  /** The number of places by the fingerprint of their handshakes. */
  sameFingerprint: Map<string, { count: number }>;
}

type Answer = (refusal?: Refusal) => void;

/** A client network: its places without those of signed-in attendees, and its waiting handshakes. */
interface Address extends Holder {
  handshakes: TokenBucket;
  waiting: HandshakeQueue<Answer>;
}

/**
 * Decides which clients may open a live connection: pages of this installation, up to the limits of the gateway. Many people share the
 * address of a venue, so an address at its limit is not refused. Instead, a connection that is cheap to lose gives up its place, and
 * handshakes that arrive too fast wait for their turn.
 */
export class Admission {
  readonly #origins: string[];
  readonly #openMax: number;
  readonly #openMaxByAddress: number;
  readonly #attendeeOf: (request: IncomingMessage) => string | undefined;
  readonly #clients: Clients;
  readonly #addresses = new Map<string, Address>();
  readonly #attendees = new Map<string, Holder>();
  /** The attendee of each admitted request whose place counts for the attendee. */
  readonly #granted = new WeakMap<IncomingMessage, string | undefined>();
  #open = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param attendeeOf reads the signed-in attendee from the cookie of a handshake */
  constructor(
    configuration: Configuration,
    attendeeOf: (request: IncomingMessage) => string | undefined,
    logger?: Pick<Logger, 'warn'>,
  ) {
    const { PUBLIC_URL, GATEWAY_URL } = configuration;
    // An installation on https accepts no http page, because anyone on the network path could change such a page.
    const urls = [PUBLIC_URL, GATEWAY_URL].filter(
      (url) => url.startsWith('https:') || !PUBLIC_URL.startsWith('https:'),
    );
    this.#origins = originsOf(...urls);
    this.#openMax = configuration.SOCKETS_MAX;
    this.#openMaxByAddress = configuration.SOCKETS_PER_ADDRESS_MAX;
    this.#clients = new Clients(configuration, logger);
    this.#attendeeOf = attendeeOf;
  }

  /** The origins of the pages that may connect. */
  get origins(): string[] {
    return this.#origins;
  }

  /** Answers a handshake, immediately or when it gets its turn. Without a refusal, the connection may open. */
  ask(request: IncomingMessage, answer: Answer): void {
    const { origin } = request.headers;
    const address = this.#addressOf(this.key(request));
    const attendeeId = this.#attendeeOf(request);
    const hasOwnPlace =
      attendeeId !== undefined && (this.#attendees.get(attendeeId)?.places.length ?? 0) < PER_ATTENDEE_MAX;
    if (this.#closed) answer('stopping');
    // Browsers always send the origin of their page; other programs send none.
    else if (origin !== undefined && !this.#origins.includes(origin)) answer('origin');
    else if (hasOwnPlace) answer(this.#grant(request, address, attendeeId));
    else if (address.waiting.length === 0 && address.handshakes.take()) answer(this.#grant(request, address));
    else this.#wait(address, { request, answer });
  }

  /** Counts an opened connection by the request that opened it. */
  opened(request: IncomingMessage, admitted: Admitted): Place {
    const address = this.#addressOf(this.key(request));
    const attendeeId = this.#granted.get(request);
    const holder = attendeeId === undefined ? address : this.#holderOf(attendeeId);
    const fingerprint = fingerprintOf(request);
    const sameFingerprint = holder.sameFingerprint.get(fingerprint) ?? { count: 0 };
    holder.sameFingerprint.set(fingerprint, sameFingerprint);
    const index = holder.places.length;
    const place = { address, holder, sameFingerprint, admitted, openedAt: Date.now(), index };
    holder.places.push(place);
    sameFingerprint.count += 1;
    this.#open += 1;
    return place;
  }

  /** Releases the place of a closed connection. A second call has no effect. */
  closed(place: Place): void {
    if (place.admitted === undefined) return;
    place.admitted = undefined;
    this.#open -= 1;
    place.sameFingerprint.count -= 1;
    const { places } = place.holder;
    const last = places.pop() as Place;
    if (last !== place) {
      places[place.index] = last;
      last.index = place.index;
    }
  }

  /**
   * Whether more than half of the places of its address, or of all places, are taken. In that case, a connection that watches nothing loses
   * its place.
   */
  crowded({ address }: Place): boolean {
    return address.places.length * 2 > this.#openMaxByAddress || this.#open * 2 > this.#openMax;
  }

  /** Refuses the waiting handshakes, and all later ones. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { waiting } of this.#addresses.values()) {
      for (const { answer } of waiting.takeAll()) answer('stopping');
    }
  }

  /** Removes attendees without connections, and addresses without connections and recent handshakes. */
  tidy(): void {
    for (const [id, { places }] of this.#attendees) if (places.length === 0) this.#attendees.delete(id);
    for (const [key, { places, sameFingerprint, waiting, handshakes }] of this.#addresses) {
      for (const [fingerprint, { count }] of sameFingerprint) if (count === 0) sameFingerprint.delete(fingerprint);
      if (places.length === 0 && waiting.length === 0 && handshakes.full) this.#addresses.delete(key);
    }
  }

  /** The client network that a request counts for. */
  key(request: IncomingMessage): string {
    return this.#clients.networkOf(request);
  }

  #grant(request: IncomingMessage, address: Address, attendeeId?: string): Refusal | undefined {
    if (attendeeId === undefined && address.places.length >= this.#openMaxByAddress) this.#makeRoom(address);
    if (this.#open >= this.#openMax) {
      const fullest = this.#fullest();
      const own = attendeeId === undefined ? address : this.#holderOf(attendeeId);
      // A holder loses a place only to a holder with fewer places.
      if (!fullest || (fullest !== own && fullest.places.length <= own.places.length + 1)) return 'full';
      this.#makeRoom(fullest);
    }
    this.#granted.set(request, attendeeId);
    return undefined;
  }

  /**
   * Closes the connection of a holder that is cheapest to lose: one that watches nothing; otherwise one of a fingerprint that more than
   * half of its connections have; otherwise a new one, if most are settled. The sample is random, because a crowd with one fingerprint
   * cannot be distinguished from a flood. Each member of a crowd then rarely loses a place.
   */
  #makeRoom({ places }: Holder): void {
    const now = Date.now();
    const sample =
      places.length <= SAMPLE
        ? [...places]
        : Array.from({ length: SAMPLE }, () => places[Math.floor(Math.random() * places.length)] as Place);
    const settled = (place: Place) => now - place.openedAt > SETTLED_AFTER_MS;
    const mostSettled = sample.filter(settled).length * 2 > sample.length;
    const cheapness = (place: Place) =>
      (place.admitted?.idle() && now - place.openedAt > IDLE_AFTER_MS ? 4 : 0) +
      (place.sameFingerprint.count * 2 > places.length ? 2 : 0) +
      (!mostSettled && !settled(place) ? 1 : 0);
    let cheapest: Place | undefined;
    for (const place of sample) if (!cheapest || cheapness(place) > cheapness(cheapest)) cheapest = place;
    const admitted = cheapest?.admitted;
    if (!cheapest || !admitted) return;
    this.closed(cheapest);
    admitted.cut();
  }

  /** The address or the attendee with the most places. */
  #fullest(): Holder | undefined {
    let fullest: Holder | undefined;
    for (const holders of [this.#addresses, this.#attendees]) {
      for (const holder of holders.values()) {
        if (holder.places.length > (fullest?.places.length ?? 0)) fullest = holder;
      }
    }
    return fullest;
  }

  #wait(address: Address, handshake: WaitingHandshake<Answer>): void {
    const { waiting } = address;
    if (this.#waiting >= WAITING_MAX || waiting.length >= WAITING_PER_ADDRESS_MAX) this.#dropClosed();
    waiting.add(handshake);
    this.#waiting += 1;
    if (this.#waiting > WAITING_MAX || waiting.length > WAITING_PER_ADDRESS_MAX) {
      waiting.takeMostCommon()?.answer('address');
      this.#waiting -= 1;
    }
    this.#timer ??= setInterval(() => this.#giveTurns(), TURN_EVERY_MS).unref();
  }

  #dropClosed(): void {
    for (const { waiting } of this.#addresses.values()) {
      this.#waiting -= waiting.length;
      waiting.dropClosed();
      this.#waiting += waiting.length;
    }
  }

  /** Gives each address as many turns as its rate allows. */
  #giveTurns(): void {
    for (const address of this.#addresses.values()) {
      const { waiting, handshakes } = address;
      this.#waiting -= waiting.length;
      for (let next = waiting.take(() => handshakes.take()); next; next = waiting.take(() => handshakes.take())) {
        next.answer(this.#grant(next.request, address));
      }
      this.#waiting += waiting.length;
    }
    if (this.#waiting > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #holderOf(attendeeId: string): Holder {
    const holder = this.#attendees.get(attendeeId) ?? { places: [], sameFingerprint: new Map() };
    this.#attendees.set(attendeeId, holder);
    return holder;
  }

  #addressOf(key: string): Address {
    let address = this.#addresses.get(key);
    if (!address) {
      address = {
        places: [],
        sameFingerprint: new Map(),
        waiting: new HandshakeQueue(),
        handshakes: new TokenBucket({
          burst: this.#openMaxByAddress,
          perSecond: Math.max(1, this.#openMaxByAddress * OPENED_PER_SECOND_SHARE),
        }),
      };
      this.#addresses.set(key, address);
    }
    return address;
  }
}
