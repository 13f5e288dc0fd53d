import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type CafeSeats, type SeatChange, SeatFeedMessage } from '#contract';
import { openRedis, within } from '#platform';

/** The one channel that every commit is told on and every gateway listens to. */
export const SEAT_CHANNEL = 'comptoir:seats';
/** How many changes wait while Redis is slow or away; of older ones gateways see the counts alone, by their looks at Postgres. */
const WAITING_MAX = 10_000;

/**
 * The pause from one message to the next, in milliseconds. A busy API commits every few milliseconds, and a message of one commit costs
 * it, Redis and every gateway as much as a message of many; gateways push ten times a second at most.
 */
const MESSAGES_EVERY_MS = 25;
/** The pause after a message whose counts could not be read, or that Redis did not take, and how long each of both may take, in milliseconds. */
const TRY_EVERY_MS = 500;
const TAKEN_WITHIN_MS = 5_000;
/** How long an end waits for the last message. */
const LAST_MESSAGE_MS = 500;

/** The feed of committed changes over Redis. Whoever was away from Redis missed messages: readers heal by versions. */
export abstract class SeatFeed {
  /** Tell of what a commit changed: at once after a quiet time, or with what else comes within moments. Returns at once, never throws. */
  abstract publish(change: SeatChange): void;
  /** Hear what anybody tells. */
  abstract subscribe(listener: SeatFeedListener): void;
  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}

export interface SeatFeedListener {
  onMessage(message: SeatFeedMessage): void;
  /** The connection was lost, or is there (again) and nothing came over it yet: messages are missed until `onBack`. */
  onGap(): void;
  /** From here on every message is heard. */
  onBack(): void;
}

/** Reads the newest counts of Cafés. */
export abstract class CountsReader {
  abstract countsOf(cafeIds: string[]): Promise<CafeSeats[]>;
}

/**
 * @param options.secret the secret of the installation. Every message carries an HMAC-SHA-256 (RFC 2104) with a key derived from it, so
 * that nobody who only reaches Redis can show counts. A message that is repeated is harmless: its versions are not newer.
 * @param options.counts reads the counts of Cafés: once a message, so never older than the commits that it tells of.
 */
export function openSeatFeed(options: {
  redisUrl: string;
  secret: string;
  counts: (cafeIds: string[]) => Promise<CafeSeats[]>;
  logger?: Pick<Logger, 'warn' | 'info'>;
}): SeatFeed {
  const { redisUrl, secret, counts, logger } = options;
  const seals = new Seals(secret);
  const publisher = openRedis(redisUrl, {
    name: 'comptoir-feed',
    logger,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: TAKEN_WITHIN_MS,
  });
  let subscriber: ReturnType<typeof openRedis> | undefined;
  /** The Cafés and registrations that wait for the next message. */
  let cafeIds = new Set<string>();
  let registrations: SeatFeedMessage['registrations'] = [];
  let sending: Promise<void> | undefined;
  let failing = false;
  const closing = new AbortController();

  /** One message, then none for a moment: what comes meanwhile waits and goes together. */
  async function send(): Promise<void> {
    while (cafeIds.size + registrations.length > 0) {
      const telling = [...cafeIds];
      let message: SeatFeedMessage = { seats: [], registrations: [] };
      cafeIds = new Set();
      try {
        const seats = await within(TAKEN_WITHIN_MS, counts(telling), 'the counts could not be read in time');
        // What was committed while they were read may be counted in them: it is told with them, and not after them.
        message = { seats, registrations };
        registrations = [];
        await publisher.publish(SEAT_CHANNEL, seals.seal(JSON.stringify(message)));
        await untilNext(MESSAGES_EVERY_MS);
        failing = false;
      } catch (fault) {
        if (!failing) logger?.warn({ fault: (fault as Error).message }, 'changes were not told; trying again');
        failing = true;
        if (closing.signal.aborted) break;
        // Kept: a newer message of another process could hide it from a gateway's look at versions.
        const since = registrations;
        registrations = message.registrations;
        add({ cafeIds: telling, registrations: since });
        await untilNext(TRY_EVERY_MS);
      }
    }
    sending = undefined;
  }

  /** At an end nothing is waited for. */
  function untilNext(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: closing.signal }).catch(() => {});
  }

  function add(change: SeatChange): void {
    for (const cafeId of change.cafeIds) cafeIds.add(cafeId);
    registrations = registrations.concat(change.registrations).slice(-WAITING_MAX);
  }

  return {
    publish(change) {
      add(change);
      if (cafeIds.size + registrations.length > 0) sending ??= send();
    },

    subscribe({ onMessage, onGap, onBack }) {
      const connection = openRedis(redisUrl, { name: 'comptoir-feed-reader', logger });
      subscriber = connection;
      connection.on('close', onGap);
      connection.on('ready', () => {
        onGap();
        connection.subscribe(SEAT_CHANNEL).then(onBack, (fault: Error) => {
          logger?.warn({ fault: fault.message }, 'the seat feed cannot be heard');
        });
      });
      let rejected = 0;
      connection.on('message', (_channel, text) => {
        const payload = seals.open(text);
        const message = payload === undefined ? undefined : SeatFeedMessage.safeParse(parsed(payload));
        if (message?.success) onMessage(message.data);
        // The first, the tenth, the hundredth: whoever sends such messages sends many.
        else if (Number.isInteger(Math.log10(++rejected))) {
          logger?.warn(
            { rejected },
            'the seat feed carries messages that this installation did not publish; they are ignored',
          );
        }
      });
    },

    async ping() {
      await publisher.ping();
    },

    async close() {
      closing.abort();
      await Promise.race([sending, pause(LAST_MESSAGE_MS, undefined, { ref: false })]);
      publisher.disconnect();
      subscriber?.disconnect();
    },
  };
}

const SEAL_CHARACTERS = 43;

/** Puts an HMAC-SHA-256 in base64url in front of a text, and checks it. */
class Seals {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'comptoir', 'seat-feed', 32));
  }

  seal(text: string): string {
    return this.#hmac(text).toString('base64url') + text;
  }

  /** The text; undefined where the HMAC is not the one that this key makes. */
  open(sealed: string): string | undefined {
    const text = sealed.slice(SEAL_CHARACTERS);
    const [given, made] = [Buffer.from(sealed.slice(0, SEAL_CHARACTERS), 'base64url'), this.#hmac(text)];
    return given.length === made.length && timingSafeEqual(given, made) ? text : undefined;
  }

  #hmac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
