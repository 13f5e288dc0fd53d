import { setImmediate as turnEnd } from 'node:timers/promises';
import pg from 'pg';
import { ProblemError, type SeatChange } from '#contract';
import { prepared } from '#platform';
import { again, FOREIGN_KEY_VIOLATION } from './query.ts';
import * as rows from './rows.ts';
import type { ClaimAnswer, ClaimInput, OwnedRegistration } from './types.ts';

/** The most claims that one transaction decides: the gain of a larger batch is small above this (docs/benchmarks.md). */
const BATCH_CLAIMS_MAX = 500;
/** The most claims that wait for one Café in one process; beyond it the answer is `busy`, and the database sees nothing of it. */
const WAITING_A_CAFE_MAX = 5_000;
/** The most that wait for one person: a batch takes one of each, so that more would keep the others waiting. */
const WAITING_A_PERSON_MAX = 8;
/** The most that wait for all of them: what a process has memory for. */
const WAITING_CLAIMS_MAX = 20_000;
/** What a person who meets a full queue is asked to wait, in seconds. */
const BUSY_RETRY_AFTER_SECONDS = 2;

type Claim = Pick<ClaimInput, 'cafeId' | 'attendeeId' | 'typed'>;

/** What a batch answers. `guest-registration`: nothing changed; the person has an open one there, to be confirmed as their own. */
export type CounterAnswer = ClaimAnswer | { outcome: 'guest-registration'; registration: OwnedRegistration };

interface WaitingClaim {
  input: Claim;
  resolve: (answer: CounterAnswer) => void;
  reject: (fault: unknown) => void;
}

/** The answer of all claims of a batch that are answered alike; lists as Postgres writes them. The times where there are registrations. */
interface AlikeRow {
  outcome:
    | 'created'
    | 'existing'
    | 'guest-registration'
    | 'schedule-clash'
    | 'cafe-not-found'
    | 'cafe-not-open'
    | 'cafe-full';
  places: string;
  registration_ids: string;
  waitlist_positions: string | null;
  status: rows.RegistrationRow['status'];
  expires_at: string | null;
  checked_in_at: string | null;
  created_at: string;
  event_id: string;
  starts_at: string;
  ends_at: string;
  /** Of guest registrations only. */
  prove_by?: string | null;
}

/**
 * The counter at which claims queue up. While a batch is at the database, later claims wait in the order in which they
 * came; the next batch takes all of them (natural batching, docs/adr/0013). An idle system adds no wait but the rest of a turn of the event loop, a busy one fills its
 * batches, and a hundred Cafés share a commit as one does. Between processes the Cafés' row locks put batches in line.
 *
 * Claims without a session queue at a counter of their own: however many there are, those who are signed in do not wait behind them.
 */
export class SeatCounter {
  private waiting: WaitingClaim[] = [];
  /** How many of them wait for each Café, and how many each person has. */
  private waitingFor = new Map<string, number>();
  private waitingOf = new Map<string, number>();
  private running = false;
  private readonly pool: pg.Pool;
  private readonly guestHoldTtl: string | undefined;
  private readonly onChanged: ((changed: SeatChange) => void) | undefined;

  /** @param options.guestHoldTtl how long a seat is held; given to the counter of claims without a session. */
  constructor(options: { pool: pg.Pool; guestHoldTtl?: string; onChanged?: (changed: SeatChange) => void }) {
    this.pool = options.pool;
    this.guestHoldTtl = options.guestHoldTtl;
    this.onChanged = options.onChanged;
  }

  claim(input: Claim): Promise<CounterAnswer> {
    const ahead = this.waitingFor.get(input.cafeId) ?? 0;
    const own = this.waitingOf.get(input.attendeeId) ?? 0;
    if (ahead >= WAITING_A_CAFE_MAX || own >= WAITING_A_PERSON_MAX || this.waiting.length >= WAITING_CLAIMS_MAX) {
      return Promise.resolve({ outcome: 'busy', retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS });
    }
    return new Promise((resolve, reject) => {
      this.add({ input, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private add(claim: WaitingClaim): void {
    const { cafeId, attendeeId } = claim.input;
    this.waiting.push(claim);
    this.waitingFor.set(cafeId, (this.waitingFor.get(cafeId) ?? 0) + 1);
    this.waitingOf.set(attendeeId, (this.waitingOf.get(attendeeId) ?? 0) + 1);
  }

  /** Answer claims for as long as there are any; without a connection each is told so. */
  private async run(): Promise<void> {
    this.running = true;
    // Claims that are read in one turn of the event loop make one batch; else the first would go alone, and all others wait for it.
    await turnEnd();
    while (this.waiting.length > 0) {
      try {
        await this.serve(await this.pool.connect());
      } catch (fault) {
        for (const claim of this.takeBatch()) claim.reject(fault);
      }
    }
    this.running = false;
  }

  /** Decide batch after batch over a connection, until no claim is left or it failed. */
  private async serve(connection: pg.PoolClient): Promise<void> {
    const lost: Error[] = [];
    const onError = (fault: Error) => lost.push(fault);
    connection.on('error', onError);
    while (this.waiting.length > 0 && lost.length === 0) {
      const batch = this.takeBatch();
      await this.settle(batch, connection).catch((fault) => {
        for (const claim of batch) claim.reject(fault);
        // A server that stops says so to one batch, and only then closes: nothing more is sent to it.
        if (!isOfData(fault)) lost.push(fault);
      });
    }
    connection.off('error', onError);
    connection.release(lost[0]);
  }

  /**
   * The next claims in order; a second one of the same person waits for the next batch, so that a batch has each once. Where few are
   * left they are counted anew: a Map that is filled and emptied all the time leaves a trail of tables, each kept by the one before it
   * until V8 collects everything.
   */
  private takeBatch(): WaitingClaim[] {
    const people = new Set<string>();
    const batch: WaitingClaim[] = [];
    const later: WaitingClaim[] = [];
    let index = 0;
    for (; index < this.waiting.length && batch.length < BATCH_CLAIMS_MAX; index++) {
      const claim = this.waiting[index] as WaitingClaim;
      if (people.has(claim.input.attendeeId)) {
        later.push(claim);
      } else {
        people.add(claim.input.attendeeId);
        batch.push(claim);
      }
    }
    const left = later.concat(this.waiting.slice(index));
    if (left.length < batch.length) {
      this.waiting = [];
      this.waitingFor = new Map();
      this.waitingOf = new Map();
      for (const claim of left) this.add(claim);
    } else {
      this.waiting = left;
      for (const { input } of batch) {
        countDown(this.waitingFor, input.cafeId);
        countDown(this.waitingOf, input.attendeeId);
      }
    }
    return batch;
  }

  /** Answer these claims, or throw what went wrong for all of them. A fault of the data may be one claim's alone: the others must not suffer for it. */
  private async settle(claims: WaitingClaim[], connection: pg.PoolClient): Promise<void> {
    let decided: AlikeRow[];
    try {
      decided = await again(() => this.ask(claims, connection));
    } catch (fault) {
      if (!isOfData(fault)) throw fault;
      const there = fault.code === FOREIGN_KEY_VIOLATION ? await this.known(claims, connection) : claims;
      // Sessions that outlived their person.
      for (const claim of claims) if (!there.includes(claim)) claim.reject(new ProblemError('not-signed-in'));
      if (there.length === 0) return;
      if (there.length < claims.length) return this.settle(there, connection);
      if (claims.length === 1) throw fault;
      for (const claim of claims) {
        await this.settle([claim], connection).catch((own) => {
          if (!isOfData(own)) throw own;
          claim.reject(own);
        });
      }
      return;
    }
    const cafeIds = new Set<string>();
    const registrations: SeatChange['registrations'] = [];
    for (const row of decided) {
      for (const { id, cafeId, attendeeId } of answerAlike(row, claims)) {
        cafeIds.add(cafeId);
        registrations.push([id, attendeeId]);
      }
    }
    if (registrations.length > 0) this.onChanged?.({ cafeIds: [...cafeIds], registrations });
  }

  /** The claims of those who exist. */
  private async known(claims: WaitingClaim[], connection: pg.PoolClient): Promise<WaitingClaim[]> {
    const ids = claims.map(({ input }) => input.attendeeId);
    const found = await connection.query<{ id: string }>('select id from attendee where id = any ($1)', [ids]);
    const known = new Set(found.rows.map(({ id }) => id));
    return claims.filter(({ input }) => known.has(input.attendeeId));
  }

  private async ask(claims: WaitingClaim[], connection: pg.PoolClient): Promise<AlikeRow[]> {
    // Lists in the form in which Postgres reads them: ids need no quoting, and going through each would cost more
    // than the rest of the call.
    const values = [list(claims.map(({ input }) => input.cafeId)), list(claims.map(({ input }) => input.attendeeId))];
    const statement =
      this.guestHoldTtl === undefined
        ? prepared('select * from seats_claim($1, $2)', values)
        : prepared('select * from seats_claim_guests($1, $2, $3, p_names => $4, p_organisations => $5)', [
            ...values,
            this.guestHoldTtl,
            claims.map(({ input }) => input.typed?.name ?? null),
            claims.map(({ input }) => input.typed?.organisation ?? null),
          ]);
    const result = await connection.query({ ...statement, types: batchTypes });
    return result.rows;
  }
}

/** Whether Postgres refused what a statement says, and not the connection or the moment it came over. */
function isOfData(fault: unknown): fault is pg.DatabaseError {
  return /^2[23]/.test((fault as { code?: string })?.code ?? '');
}

function countDown(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

const list = (values: readonly unknown[]) => `{${values.join(',')}}`;
const listed = (text: string) => text.slice(1, -1).split(',');

/** What Postgres calls uuid[] and integer[]: taken apart here, where it is known that nothing in them is quoted. */
const LIST_TYPES = [2951, 1007];

const instantOf = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;

/** How the rows of a batch are read: instants to their ISO form, lists as they are. */
const batchTypes = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') => {
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (text: string) => instantOf(text).toISOString();
    return LIST_TYPES.includes(oid) ? String : pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

/** Answer the claims of a row. Returns the registrations that it made. */
function answerAlike(row: AlikeRow, batch: readonly WaitingClaim[]): OwnedRegistration[] {
  const { outcome, status } = row;
  const places = listed(row.places);
  if (outcome !== 'created' && outcome !== 'existing' && outcome !== 'guest-registration') {
    const answer: ClaimAnswer = outcome === 'schedule-clash' ? { outcome, clashesWith: [] } : { outcome };
    for (const place of places) batch[Number(place) - 1]?.resolve(answer);
    return [];
  }
  const ids = listed(row.registration_ids);
  const positions = row.waitlist_positions === null ? [] : listed(row.waitlist_positions);
  const registrations = places.map((place, index): OwnedRegistration => {
    const { input, resolve } = batch[Number(place) - 1] as WaitingClaim;
    const registration: OwnedRegistration = {
      id: ids[index] as string,
      // As Postgres writes ids.
      cafeId: input.cafeId.toLowerCase(),
      eventId: row.event_id,
      attendeeId: input.attendeeId,
      status,
      ...(row.prove_by !== undefined && { guest: true }),
      ...(status === 'waitlisted' && { waitlistPosition: Number(positions[index]) }),
      ...(row.expires_at !== null && { expiresAt: row.expires_at }),
      ...(row.prove_by && { proveBy: row.prove_by }),
      ...(row.checked_in_at !== null && { checkedInAt: row.checked_in_at }),
      createdAt: row.created_at,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
    };
    resolve({ outcome, registration });
    return registration;
  });
  return outcome === 'created' ? registrations : [];
}
