import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Clients, type Configuration, originsOf } from '#platform';
import { TokenBucket } from './token-bucket.ts';

/** How many connections an address may open in a second, as a share of what it may have open. */
const OPENED_A_SECOND_SHARE = 0.1;
/** So many connections of a signed-in person are counted by person; further ones by address. */
const PERSON_MAX = 8;
/** The most handshakes of one address, and of all, that wait for their turn. */
const WAITING_PER_ADDRESS_MAX = 2_000;
const WAITING_MAX = 5_000;
/** How often handshakes that wait are looked at, in milliseconds. */
const TURN_EVERY_MS = 20;
/** Of so many connections of an address, picked at random, the one that is cheapest to lose makes room. */
const SAMPLE = 16;
/** A connection may watch nothing for so long before that counts against it, and is settled after so long; in milliseconds. */
const IDLE_AFTER_MS = 2_000;
const SETTLED_AFTER_MS = 30_000;

/** Why a handshake is refused. */
export type Refusal = 'stopping' | 'origin' | 'full' | 'address';

/** What admission needs of a connection. */
export interface Admitted {
  /** Whether it watches nothing now. */
  idle(): boolean;
  /** End it at once. */
  cut(): void;
}

/** The place that a connection takes. */
export interface Place {
  readonly address: Address;
  /** By whom it is counted: its address, or the person. */
  readonly holder: Holder;
  readonly lookalikes: { count: number };
  admitted: Admitted | undefined;
  openedAt: number;
  /** Where it stands among the places of its holder. */
  index: number;
}

/** Whom places are counted by. */
interface Holder {
  /** In no order. */
  places: Place[];
  /** How many places have handshakes that look alike, by what they look like. */
  lookalikes: Map<string, { count: number }>;
}

interface Waiting {
  request: IncomingMessage;
  answer: (refusal?: Refusal) => void;
}

/** A client network: its places but those of signed-in people, and its handshakes that wait. */
interface Address extends Holder {
  handshakes: TokenBucket;
  /** By what they look like; each in the order of arrival. */
  waiting: Map<string, Waiting[]>;
}

/**
 * Who may open a live connection: pages of ours, as many as there is room for. Many people share an address (a venue), so an address at
 * its limit is not shut: a connection that is cheap to lose makes room, and handshakes that come too fast wait for their turn.
 */
export class Admission {
  readonly #origins: string[];
  readonly #openMax: number;
  readonly #openMaxByAddress: number;
  readonly #personOf: (request: IncomingMessage) => string | undefined;
  readonly #clients: Clients;
  readonly #addresses = new Map<string, Address>();
  readonly #persons = new Map<string, Holder>();
  /** Of requests that may open: whose place it is, where it is counted by person. */
  readonly #granted = new WeakMap<IncomingMessage, string | undefined>();
  #open = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param personOf who is signed in by the cookie of a handshake. */
  constructor(
    configuration: Configuration,
    personOf: (request: IncomingMessage) => string | undefined,
    logger?: Pick<Logger, 'warn'>,
  ) {
    const { PUBLIC_URL, GATEWAY_URL } = configuration;
    // Of an installation on https no page comes over http, where it may be anybody's on its way.
    const urls = [PUBLIC_URL, GATEWAY_URL].filter(
      (url) => url.startsWith('https:') || !PUBLIC_URL.startsWith('https:'),
    );
    this.#origins = originsOf(...urls);
    this.#openMax = configuration.SOCKETS_MAX;
    this.#openMaxByAddress = configuration.SOCKETS_PER_ADDRESS_MAX;
    this.#clients = new Clients(configuration, logger);
    this.#personOf = personOf;
  }

  /** The origins that pages may come from. */
  get origins(): string[] {
    return this.#origins;
  }

  /** Answer a handshake, now or in its turn: without a refusal it may open. */
  ask(request: IncomingMessage, answer: (refusal?: Refusal) => void): void {
    const { origin } = request.headers;
    const address = this.#addressOf(this.key(request));
    const person = this.#personOf(request);
    const ownPlace = person !== undefined && (this.#persons.get(person)?.places.length ?? 0) < PERSON_MAX;
    if (this.#closed) answer('stopping');
    // A browser always says where its page is from; what is not a browser does not.
    else if (origin !== undefined && !this.#origins.includes(origin)) answer('origin');
    else if (ownPlace) answer(this.#grant(request, address, person));
    else if (address.waiting.size === 0 && address.handshakes.take()) answer(this.#grant(request, address));
    else this.#wait(address, { request, answer });
  }

  /** Count a connection that was opened, by the request that opened it. */
  opened(request: IncomingMessage, admitted: Admitted): Place {
    const address = this.#addressOf(this.key(request));
    const person = this.#granted.get(request);
    const holder = person === undefined ? address : this.#holderOf(person);
    const look = lookOf(request);
    const lookalikes = holder.lookalikes.get(look) ?? { count: 0 };
    holder.lookalikes.set(look, lookalikes);
    const index = holder.places.length;
    const place = { address, holder, lookalikes, admitted, openedAt: Date.now(), index };
    holder.places.push(place);
    lookalikes.count += 1;
    this.#open += 1;
    return place;
  }

  /** A connection was closed; said twice, it counts once. */
  closed(place: Place): void {
    if (place.admitted === undefined) return;
    place.admitted = undefined;
    this.#open -= 1;
    place.lookalikes.count -= 1;
    const { places } = place.holder;
    const last = places.pop() as Place;
    if (last !== place) {
      places[place.index] = last;
      last.index = place.index;
    }
  }

  /** Whether more than half of the places of its address, or of all, are taken: then nobody keeps one who watches nothing. */
  crowded({ address }: Place): boolean {
    return address.places.length * 2 > this.#openMaxByAddress || this.#open * 2 > this.#openMax;
  }

  /** From now on nobody may. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { waiting } of this.#addresses.values()) {
      for (const { answer } of [...waiting.values()].flat()) answer('stopping');
      waiting.clear();
    }
  }

  /** Forget people who have nothing open, and addresses that have nothing open and asked for nothing lately. */
  tidy(): void {
    for (const [person, { places }] of this.#persons) if (places.length === 0) this.#persons.delete(person);
    for (const [key, { places, lookalikes, waiting, handshakes }] of this.#addresses) {
      for (const [look, { count }] of lookalikes) if (count === 0) lookalikes.delete(look);
      if (places.length === 0 && waiting.size === 0 && handshakes.full) this.#addresses.delete(key);
    }
  }

  /** What a request is counted by: the network of its client. */
  key(request: IncomingMessage): string {
    return this.#clients.networkOf(request);
  }

  #grant(request: IncomingMessage, address: Address, person?: string): Refusal | undefined {
    if (person === undefined && address.places.length >= this.#openMaxByAddress) this.#makeRoom(address);
    if (this.#open >= this.#openMax) {
      const fullest = this.#fullest();
      const own = person === undefined ? address : this.#holderOf(person);
      // Nobody loses a place to somebody who has as many.
      if (!fullest || (fullest !== own && fullest.places.length <= own.places.length + 1)) return 'full';
      this.#makeRoom(fullest);
    }
    this.#granted.set(request, person);
    return undefined;
  }

  /**
   * End the connection of an address or person that is cheapest to lose: one that watches nothing; else one of those that look alike and are more
   * than half of all; else one that opened lately, where most did not. Picked by chance, because a crowd that is unlike in nothing cannot
   * be told from a flood, and each of its members then loses a place seldom.
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
      (place.lookalikes.count * 2 > places.length ? 2 : 0) +
      (!mostSettled && !settled(place) ? 1 : 0);
    let cheapest: Place | undefined;
    for (const place of sample) if (!cheapest || cheapness(place) > cheapness(cheapest)) cheapest = place;
    const admitted = cheapest?.admitted;
    if (!cheapest || !admitted) return;
    this.closed(cheapest);
    admitted.cut();
  }

  /** The address or the person with the most places. */
  #fullest(): Holder | undefined {
    let fullest: Holder | undefined;
    for (const holders of [this.#addresses, this.#persons]) {
      for (const holder of holders.values()) {
        if (holder.places.length > (fullest?.places.length ?? 0)) fullest = holder;
      }
    }
    return fullest;
  }

  #wait(address: Address, waiting: Waiting): void {
    const count = () => [...address.waiting.values()].reduce((sum, { length }) => sum + length, 0);
    if (this.#waiting >= WAITING_MAX || count() >= WAITING_PER_ADDRESS_MAX) this.#forgetGone();
    const look = lookOf(waiting.request);
    const alike = address.waiting.get(look) ?? [];
    address.waiting.set(look, alike);
    alike.push(waiting);
    this.#waiting += 1;
    if (this.#waiting > WAITING_MAX || count() > WAITING_PER_ADDRESS_MAX) this.#refuseOne(address);
    this.#timer ??= setInterval(() => this.#giveTurns(), TURN_EVERY_MS).unref();
  }

  /** Of the handshakes that wait and look alike, where they are most, the last one waits in vain. */
  #refuseOne(address: Address): void {
    const most = [...address.waiting].reduce((one, other) => (other[1].length > one[1].length ? other : one));
    most[1].pop()?.answer('address');
    if (most[1].length === 0) address.waiting.delete(most[0]);
    this.#waiting -= 1;
  }

  #forgetGone(): void {
    for (const { waiting } of this.#addresses.values()) {
      for (const [look, all] of waiting) {
        const there = all.filter(({ request }) => !request.socket.destroyed);
        this.#waiting -= all.length - there.length;
        if (there.length > 0) waiting.set(look, there);
        else waiting.delete(look);
      }
    }
  }

  /** Each address as often as its rate allows; within it each kind of handshake in turn, and each kind in the order of arrival. */
  #giveTurns(): void {
    for (const address of this.#addresses.values()) {
      for (let next = first(address.waiting); next; next = first(address.waiting)) {
        const [look, alike] = next;
        const gone = alike[0]?.request.socket.destroyed;
        if (!gone && !address.handshakes.take()) break;
        const { request, answer } = alike.shift() as Waiting;
        this.#waiting -= 1;
        address.waiting.delete(look);
        if (alike.length > 0) address.waiting.set(look, alike);
        if (!gone) answer(this.#grant(request, address));
      }
    }
    if (this.#waiting > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #holderOf(person: string): Holder {
    const holder = this.#persons.get(person) ?? { places: [], lookalikes: new Map() };
    this.#persons.set(person, holder);
    return holder;
  }

  #addressOf(key: string): Address {
    let address = this.#addresses.get(key);
    if (!address) {
      address = {
        places: [],
        lookalikes: new Map(),
        waiting: new Map(),
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

function first<Key, Value>(map: Map<Key, Value>): [Key, Value] | undefined {
  return map.entries().next().value;
}

/** What the browser that opens a connection looks like: programs that open many look alike. */
function lookOf({ headers, rawHeaders }: IncomingMessage): string {
  const names = rawHeaders.filter((_, place) => place % 2 === 0).join();
  return `${headers['user-agent']}|${headers['accept-language']}|${names}`.toLowerCase().slice(0, 600);
}
