import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type CafeSeats, type SeatChange, SeatFeedMessage } from '#contract';
import { checkRedis, openRedis, warnOfRedis, within } from '#platform';

/** The Redis channel on which the changes of all commits are published. Every gateway subscribes to it. */
export const SEAT_CHANNEL = 'comptoir:seats';
/**
 * The maximum number of changed registrations that wait while Redis is slow or unavailable. Further changes reach the gateways only as
 * counts, from Postgres.
 */
const WAITING_MAX = 10_000;

/**
 * The pause between two messages, in milliseconds. A busy API commits every few milliseconds, and a message about one commit costs the API,
 * Redis and the gateways as much as a message about many. Gateways push at most ten times a second.
 */
const PUBLISH_EVERY_MS = 25;
/** The pause after an error before the next attempt, in milliseconds. */
const RETRY_EVERY_MS = 500;
/** How long the read of the counts may take, and the command to Redis, in milliseconds. */
const ATTEMPT_WITHIN_MS = 5_000;
/** How long `close` waits for the last message, in milliseconds. */
const LAST_MESSAGE_WITHIN_MS = 500;

/** The feed of committed changes over Redis. Redis loses messages for a disconnected subscriber; gateways detect that by versions. */
export abstract class SeatFeed {
  /**
   * Publishes the changes of a commit: immediately after a quiet period, otherwise together with the changes of the next 25 ms. Returns
   * immediately, never throws.
   */
  abstract publish(change: SeatChange): void;
  /** Subscribes to the changes of all processes. Call it once. */
  abstract subscribe(listener: SeatFeedListener): void;
  /** Rejects while Redis does not answer, or with a `PartError` while it does not keep its data (see `checkRedis`). */
  abstract ping(): Promise<void>;
  /** Publishes the waiting changes if that takes no longer than half a second, and disconnects. */
  abstract close(): Promise<void>;
}

/** The callbacks of a subscriber of the feed. */
export interface SeatFeedListener {
  onMessage(message: SeatFeedMessage): void;
  /** The connection was lost, or is new and not yet subscribed: messages are lost until `onBack`. */
  onGap(): void;
  /** From now on, all messages arrive. */
  onBack(): void;
}

/** Reads the newest counts of Cafés. */
export abstract class CountsReader {
  abstract countsOf(cafeIds: string[]): Promise<CafeSeats[]>;
}

/**
 * Connects to the seat feed.
 * @param options.secret the secret of the installation. Each message carries an HMAC-SHA-256 (RFC 2104) with a key derived from it, so that
 * a client that only reaches Redis cannot forge counts. A replayed message has no effect, because its versions are not newer.
 * @param options.counts reads the counts of Cafés, once for each message, so that they are never older than the commits in it
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
    commandTimeout: ATTEMPT_WITHIN_MS,
  });
  if (logger) warnOfRedis(publisher, logger);
  let subscriber: ReturnType<typeof openRedis> | undefined;
  /** The changed Cafés and registrations that wait for the next message. */
  let cafeIds = new Set<string>();
  let registrations: SeatFeedMessage['registrations'] = [];
  let publishing: Promise<void> | undefined;
  let failing = false;
  const closing = new AbortController();

  /** Publishes messages until no change waits. All changes during one pause are in one message. */
  async function publishWaiting(): Promise<void> {
    while (cafeIds.size + registrations.length > 0) {
      const changedIds = [...cafeIds];
      let message: SeatFeedMessage = { seats: [], registrations: [] };
      cafeIds = new Set();
      try {
        const seats = await within(ATTEMPT_WITHIN_MS, counts(changedIds), 'the counts could not be read in time');
        // The counts may include commits that were made during the read. Their registrations must be in this message, not a later one.
        message = { seats, registrations };
        registrations = [];
        await publisher.publish(SEAT_CHANNEL, seals.seal(JSON.stringify(message)));
        await untilNext(PUBLISH_EVERY_MS);
        failing = false;
      } catch (error) {
        if (!failing) logger?.warn({ error: (error as Error).message }, 'changes were not published; retrying');
        failing = true;
        if (closing.signal.aborted) break;
        // The changes keep their order, because gateways compare versions: after a newer message of another process, they would ignore
        // these changes.
        const since = registrations;
        registrations = message.registrations;
        add({ cafeIds: changedIds, registrations: since });
        await untilNext(RETRY_EVERY_MS);
      }
    }
    publishing = undefined;
  }

  /** Waits for a number of milliseconds, or until `close`. */
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
      if (cafeIds.size + registrations.length > 0) publishing ??= publishWaiting();
    },

    subscribe({ onMessage, onGap, onBack }) {
      const connection = openRedis(redisUrl, { name: 'comptoir-feed-reader', logger });
      subscriber = connection;
      connection.on('close', onGap);
      connection.on('ready', () => {
        onGap();
        connection.subscribe(SEAT_CHANNEL).then(onBack, (error: Error) => {
          logger?.warn({ error: error.message }, 'the gateway cannot subscribe to the seat feed');
        });
      });
      let rejected = 0;
      connection.on('message', (_channel, text) => {
        const payload = seals.open(text);
        const message = payload === undefined ? undefined : SeatFeedMessage.safeParse(parsed(payload));
        if (message?.success) onMessage(message.data);
        // Logged for the first, the tenth and the hundredth message, because a client may send many.
        else if (Number.isInteger(Math.log10(++rejected))) {
          logger?.warn(
            { rejected },
            'the seat feed carries messages that this installation did not publish; they are ignored',
          );
        }
      });
    },

    async ping() {
      await checkRedis(publisher);
    },

    async close() {
      closing.abort();
      await Promise.race([publishing, pause(LAST_MESSAGE_WITHIN_MS, undefined, { ref: false })]);
      publisher.disconnect();
      subscriber?.disconnect();
    },
  };
}

/** The length of an HMAC-SHA-256 in base64url. */
const SEAL_CHARACTERS = 43;

/** Prefixes a text with its HMAC-SHA-256 in base64url, and checks it. */
class Seals {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'comptoir', 'seat-feed', 32));
  }

  seal(text: string): string {
    return this.#hmac(text).toString('base64url') + text;
  }

  /** Returns the text, or undefined if the HMAC does not match. */
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
