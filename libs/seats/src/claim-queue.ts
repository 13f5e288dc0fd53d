import { setImmediate as turnEnd } from 'node:timers/promises';
import type pg from 'pg';
import type { SeatChange } from '#contract';
import { type BatchAnswer, BUSY_RETRY_AFTER_SECONDS, isOfData, settleBatch, type WaitingClaim } from './claim-batch.ts';

/** The most claims that one transaction decides. Larger batches gain little (docs/benchmarks.md). */
const BATCH_CLAIMS_MAX = 500;
/** The most claims that wait for one Café in one process. Further claims are answered `busy` and do not reach the database. */
const WAITING_A_CAFE_MAX = 5_000;
/** The most claims that wait for one attendee. A batch takes one of each attendee, so more would delay the others. */
const WAITING_AN_ATTENDEE_MAX = 8;
/** The most claims that wait in one process: the limit of its memory. */
const WAITING_CLAIMS_MAX = 20_000;
/**
 * The most batches of one queue that are at the database at the same time. Both queues together leave two of the eight connections free.
 */
const BATCHES_AT_ONCE_MAX = 3;
/**
 * A batch that takes longer than this is slow, in milliseconds: it probably waits for a lock. The claims of its event for other Cafés then
 * go into another batch. A batch of 500 claims takes about 40 ms.
 */
const SLOW_BATCH_MS = 150;
/** The most Cafés whose event a queue remembers. */
const KNOWN_CAFES_MAX = 10_000;
/** The key of the lane of Cafés whose event is not known. */
const UNKNOWN_EVENT = '';

/**
 * The queue of claims. While a batch is at the database, later claims of the same event wait in the order of arrival, and the next batch
 * takes all of them (natural batching, docs/adr/0013). Batches of different events run side by side, up to a limit. A batch that waits for
 * a lock delays only claims for its own Cafés. Between processes, the row locks of the Cafés order the batches.
 *
 * Claims without a session have a queue of their own, so that claims with a session never wait behind them.
 */
export class ClaimQueue {
  readonly #pool: pg.Pool;
  readonly #guestHoldTtl: string | undefined;
  readonly #onChanged: ((changed: SeatChange) => void) | undefined;
  /** By event; Cafés whose event is not known share a lane, so that those of one room are decided in the order of arrival. */
  readonly #lanes = new Map<string, Lane>();
  /** The event of each Café, known from answers. */
  readonly #eventOf = new Map<string, string>();
  /** Lanes that have a batch to send and wait for a runner. */
  readonly #ready: Lane[] = [];
  #runners = 0;
  #waitingClaims = 0;

  /** @param options.guestHoldTtl how long a seat is held, as a Postgres interval; set for the queue of claims without a session */
  constructor(options: { pool: pg.Pool; guestHoldTtl?: string; onChanged?: (changed: SeatChange) => void }) {
    this.#pool = options.pool;
    this.#guestHoldTtl = options.guestHoldTtl;
    this.#onChanged = options.onChanged;
  }

  /** Claims a seat. Resolves after the commit; rejects when the database is unavailable. */
  claim(input: WaitingClaim['input']): Promise<BatchAnswer> {
    const lane = this.#laneOf(input.cafeId);
    if (this.#waitingClaims >= WAITING_CLAIMS_MAX || lane.isFull(input)) {
      return Promise.resolve({ outcome: 'busy', retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS });
    }
    return new Promise((resolve, reject) => {
      lane.add({ input, resolve, reject });
      this.#waitingClaims += 1;
      this.#start(lane);
    });
  }

  /** Returns the lane of a Café. A Café stays in its lane while the lane has claims for it, so that these claims keep their order. */
  #laneOf(cafeId: string): Lane {
    const isThere = this.#lanes.get(UNKNOWN_EVENT)?.hasClaimsFor(cafeId);
    const key = (!isThere && this.#eventOf.get(cafeId)) || UNKNOWN_EVENT;
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = new Lane(key);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  /** Serves a lane when it may send a batch now and a runner is free; otherwise marks the lane as ready. */
  #start(lane: Lane): void {
    if (lane.isStarting || !lane.maySend()) return;
    if (this.#runners >= BATCHES_AT_ONCE_MAX) {
      if (!this.#ready.includes(lane)) this.#ready.push(lane);
      return;
    }
    this.#runners += 1;
    lane.isStarting = true;
    void this.#run(lane);
  }

  /** Serves one lane after the other over one connection, until no lane has a batch to send. */
  async #run(first: Lane): Promise<void> {
    // Claims that arrive in one turn of the event loop make one batch. Otherwise the first claim would go alone, and all others would wait
    // for it.
    await turnEnd();
    let lane: Lane | undefined = first;
    while (lane) lane = await this.#serve(lane);
    this.#runners -= 1;
    // A lane that became ready after this runner checked.
    const left = this.#ready.shift();
    if (left) this.#start(left);
  }

  /**
   * Sends batches over one connection until no batch is left or the connection failed.
   * @returns the lane to continue with over another connection
   */
  async #serve(first: Lane): Promise<Lane | undefined> {
    let connection: pg.PoolClient;
    try {
      connection = await this.#pool.connect();
    } catch (error) {
      const batch = this.#take(first);
      if (batch) refuse(first, batch, error);
      return this.#next(first);
    }
    const lost: Error[] = [];
    const onError = (error: Error) => lost.push(error);
    connection.on('error', onError);
    let lane: Lane | undefined = first;
    while (lane && lost.length === 0) {
      const batch = this.#take(lane);
      if (batch) await this.#send(lane, batch, connection).catch((error) => lost.push(error));
      lane = this.#next(lane);
    }
    connection.off('error', onError);
    connection.release(lost[0]);
    return lane;
  }

  /**
   * Decides one batch. Rejects when the connection must not be used again: a server that stops reports this once, and closes the connection
   * later.
   */
  async #send(lane: Lane, batch: Batch, connection: pg.PoolClient): Promise<void> {
    const slow = setTimeout(() => {
      batch.isSlow = true;
      this.#start(lane);
    }, SLOW_BATCH_MS);
    try {
      const { changed, events } = await settleBatch(batch.claims, connection, this.#guestHoldTtl);
      this.#learn(events);
      if (changed) this.#onChanged?.(changed);
      lane.end(batch);
    } catch (error) {
      refuse(lane, batch, error);
      if (!isOfData(error)) throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  /** Takes the next batch of a lane out of its waiting claims. */
  #take(lane: Lane): Batch | undefined {
    lane.isStarting = false;
    const batch = lane.take();
    this.#waitingClaims -= batch?.claims.length ?? 0;
    return batch;
  }

  /** The lane that a runner serves next. Lanes take turns. */
  #next(lane: Lane): Lane | undefined {
    if (lane.isIdle()) this.#lanes.delete(lane.key);
    else if (lane.maySend() && !lane.isStarting && !this.#ready.includes(lane)) this.#ready.push(lane);
    for (;;) {
      const next = this.#ready.shift();
      if (!next || (next.maySend() && !next.isStarting)) {
        if (next) next.isStarting = true;
        return next;
      }
    }
  }

  #learn(events: Map<string, string>): void {
    for (const [cafeId, eventId] of events) {
      if (this.#eventOf.has(cafeId)) continue;
      const [oldest] = this.#eventOf.keys();
      if (this.#eventOf.size >= KNOWN_CAFES_MAX && oldest) this.#eventOf.delete(oldest);
      this.#eventOf.set(cafeId, eventId);
    }
  }
}

/** The claims of one transaction, at most one of each attendee. */
interface Batch {
  claims: WaitingClaim[];
  cafeIds: Set<string>;
  attendeeIds: Set<string>;
  /** Whether the batch has been at the database for longer than `SLOW_BATCH_MS`. */
  isSlow: boolean;
}

/** Answers all claims of a batch with an error. Claims that have an answer keep it. */
function refuse(lane: Lane, batch: Batch, error: unknown): void {
  for (const claim of batch.claims) claim.reject(error);
  lane.end(batch);
}

/** The claims of one event, or of Cafés whose event is not known, in the order of arrival. */
class Lane {
  readonly key: string;
  /** Whether a runner is about to serve this lane. */
  isStarting = false;
  #waiting: WaitingClaim[] = [];
  #waitingByCafe = new Map<string, number>();
  #waitingByAttendee = new Map<string, number>();
  readonly #sent = new Set<Batch>();

  constructor(key: string) {
    this.key = key;
  }

  isFull({ cafeId, attendeeId }: WaitingClaim['input']): boolean {
    return (
      (this.#waitingByCafe.get(cafeId) ?? 0) >= WAITING_A_CAFE_MAX ||
      (this.#waitingByAttendee.get(attendeeId) ?? 0) >= WAITING_AN_ATTENDEE_MAX
    );
  }

  hasClaimsFor(cafeId: string): boolean {
    if ((this.#waitingByCafe.get(cafeId) ?? 0) > 0) return true;
    for (const batch of this.#sent) if (batch.cafeIds.has(cafeId)) return true;
    return false;
  }

  isIdle(): boolean {
    return this.#waiting.length === 0 && this.#sent.size === 0 && !this.isStarting;
  }

  /**
   * Whether another batch may start now: no batch is at the database; or all of them are slow, and there is a waiting claim that none of
   * them delays.
   */
  maySend(): boolean {
    if (this.#waiting.length === 0) return false;
    if (this.#sent.size === 0) return true;
    for (const batch of this.#sent) if (!batch.isSlow) return false;
    return this.#waiting.some((claim) => !this.#isDelayed(claim));
  }

  add(claim: WaitingClaim): void {
    const { cafeId, attendeeId } = claim.input;
    this.#waiting.push(claim);
    this.#waitingByCafe.set(cafeId, (this.#waitingByCafe.get(cafeId) ?? 0) + 1);
    this.#waitingByAttendee.set(attendeeId, (this.#waitingByAttendee.get(attendeeId) ?? 0) + 1);
  }

  /**
   * Takes the next claims in order: one of each attendee, and none for a Café or an attendee of a batch that is at the database. When few
   * claims are left, the Maps of counts are rebuilt: V8 keeps the old tables of a Map that is filled and emptied until a full collection.
   */
  take(): Batch | undefined {
    if (!this.maySend()) return undefined;
    const batch: Batch = { claims: [], cafeIds: new Set(), attendeeIds: new Set(), isSlow: false };
    const later: WaitingClaim[] = [];
    let index = 0;
    for (; index < this.#waiting.length && batch.claims.length < BATCH_CLAIMS_MAX; index++) {
      const claim = this.#waiting[index] as WaitingClaim;
      const { cafeId, attendeeId } = claim.input;
      if (batch.attendeeIds.has(attendeeId) || this.#isDelayed(claim)) {
        later.push(claim);
      } else {
        batch.claims.push(claim);
        batch.cafeIds.add(cafeId);
        batch.attendeeIds.add(attendeeId);
      }
    }
    this.#sent.add(batch);
    this.#keep(later.concat(this.#waiting.slice(index)), batch);
    return batch;
  }

  end(batch: Batch): void {
    this.#sent.delete(batch);
  }

  /** Returns the claims that a batch did not take to the lane. */
  #keep(left: WaitingClaim[], { claims }: Batch): void {
    if (left.length < claims.length) {
      this.#waiting = [];
      this.#waitingByCafe = new Map();
      this.#waitingByAttendee = new Map();
      for (const claim of left) this.add(claim);
      return;
    }
    this.#waiting = left;
    for (const { input } of claims) {
      countDown(this.#waitingByCafe, input.cafeId);
      countDown(this.#waitingByAttendee, input.attendeeId);
    }
  }

  #isDelayed({ input }: WaitingClaim): boolean {
    for (const { cafeIds, attendeeIds } of this.#sent) {
      if (cafeIds.has(input.cafeId) || attendeeIds.has(input.attendeeId)) return true;
    }
    return false;
  }
}

function countDown(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
