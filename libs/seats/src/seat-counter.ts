import pg from 'pg';
import { type CafeSeats, ProblemError, type SeatFeedMessage } from '#contract';
import { again } from './query.ts';
import * as rows from './rows.ts';
import type { ClaimAnswer, ClaimInput } from './types.ts';

/** The most claims that one transaction decides: the gain of a larger batch is small above this (docs/benchmarks.md). */
const BATCH_CLAIMS_MAX = 500;
/** The most claims that wait for one Café in one process; beyond it the answer is `busy`, and the database sees nothing of it. */
const WAITING_A_CAFE_MAX = 5_000;
/** The most that wait for all of them: what a process has memory for. */
const WAITING_CLAIMS_MAX = 20_000;
/** What a person who meets a full queue is asked to wait, in seconds. */
const BUSY_RETRY_AFTER_SECONDS = 2;
/** What Postgres calls a registration of somebody who does not exist. */
const FOREIGN_KEY_VIOLATION = '23503';

interface WaitingClaim {
  input: ClaimInput;
  resolve: (answer: ClaimAnswer) => void;
  reject: (fault: unknown) => void;
}

interface ClaimRow {
  place: number;
  outcome: 'created' | 'existing' | 'schedule-clash' | 'cafe-not-found' | 'cafe-not-open' | 'cafe-full';
  registration_id: string | null;
  status: rows.RegistrationRow['status'];
  waitlist_position: number | null;
  expires_at: Date | null;
  checked_in_at: Date | null;
  created_at: Date;
  // Of the Café, with its first claim of the batch.
  event_id: string | null;
  starts_at: Date;
  ends_at: Date;
  version: string;
  capacity: number;
  taken: number;
  waitlisted: number;
  present: number;
}

/** What the answers of one Café's claims share. */
interface CafeFacts {
  eventId: string;
  startsAt: string;
  endsAt: string;
  seats: CafeSeats;
}

/**
 * The counter at which claims queue up. While one batch is at the database, later claims wait in the order in which they
 * came; the next batch takes all of them (natural batching). An idle system adds no wait, a busy one fills its batches,
 * and a hundred Cafés share a commit as one does. Two processes may each have a batch under way: the Cafés' row locks
 * put them in line.
 */
export class SeatCounter {
  private waiting: WaitingClaim[] = [];
  /** How many of them wait for each Café. */
  private readonly waitingFor = new Map<string, number>();
  private running = false;
  private readonly pool: pg.Pool;
  private readonly holdTtl: string;
  private readonly onChanged: ((changed: SeatFeedMessage) => void) | undefined;

  constructor(options: { pool: pg.Pool; holdTtl: string; onChanged?: (changed: SeatFeedMessage) => void }) {
    this.pool = options.pool;
    this.holdTtl = options.holdTtl;
    this.onChanged = options.onChanged;
  }

  claim(input: ClaimInput): Promise<ClaimAnswer> {
    const ahead = this.waitingFor.get(input.cafeId) ?? 0;
    if (ahead >= WAITING_A_CAFE_MAX || this.waiting.length >= WAITING_CLAIMS_MAX) {
      return Promise.resolve({ outcome: 'busy', retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS });
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      this.waitingFor.set(input.cafeId, ahead + 1);
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) await this.decide(this.takeBatch());
    this.running = false;
  }

  /** The next claims in order; a second one of the same person waits for the next batch, so that a batch has each once. */
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
    this.waiting = later.concat(this.waiting.slice(index));
    for (const { input } of batch) {
      const left = (this.waitingFor.get(input.cafeId) ?? 1) - 1;
      if (left > 0) this.waitingFor.set(input.cafeId, left);
      else this.waitingFor.delete(input.cafeId);
    }
    return batch;
  }

  /** Never throws: every claim of the batch gets its answer or its fault. */
  private async decide(batch: WaitingClaim[]): Promise<void> {
    let decided: ClaimRow[];
    try {
      decided = await this.ask(batch);
    } catch (fault) {
      // A fault of the data (not of the connection) may be one claim's alone: the others must not suffer for it.
      if (batch.length > 1 && /^(22|23)/.test((fault as { code?: string }).code ?? '')) {
        for (const claim of batch) await this.decide([claim]);
      } else if (batch.length === 1 && (fault as { code?: string }).code === FOREIGN_KEY_VIOLATION) {
        // The session outlived its person.
        batch[0]?.reject(new ProblemError('not-signed-in'));
      } else {
        for (const claim of batch) claim.reject(fault);
      }
      return;
    }
    const cafes = new Map<string, CafeFacts>();
    const answers = decided.map((row, index) => answer(row, batch[index]?.input as ClaimInput, cafes));
    batch.forEach((claim, index) => {
      claim.resolve(answers[index] as ClaimAnswer);
    });
    this.publish(answers);
  }

  private async ask(batch: WaitingClaim[]): Promise<ClaimRow[]> {
    const values = [
      batch.map(({ input }) => input.cafeId),
      batch.map(({ input }) => input.attendeeId),
      batch.map(({ input }) => input.proved),
      batch.map(({ input }) => input.challengeId ?? null),
      this.holdTtl,
    ];
    const result = await again(() =>
      this.pool.query({
        name: 'claim',
        text: 'select * from seats_claim($1, $2, $3, $4, $5)',
        values,
        types: { getTypeParser: parserOnce() },
      }),
    );
    return result.rows;
  }

  private publish(answers: ClaimAnswer[]): void {
    if (!this.onChanged) return;
    const changed: SeatFeedMessage = { seats: [], registrations: [] };
    const cafes = new Set<string>();
    for (const each of answers) {
      if (each.outcome !== 'created') continue;
      changed.registrations.push({ registrationId: each.registration.id, attendeeId: each.registration.attendeeId });
      if (!cafes.has(each.seats.cafeId)) changed.seats.push(each.seats);
      cafes.add(each.seats.cafeId);
    }
    if (changed.seats.length > 0) this.onChanged(changed);
  }
}

/**
 * Parsers for the rows of one batch. Its instants are few (the batch's own, the Café's start and end) and told in every
 * row, and reading one costs more than the rest of the row: each is read once.
 */
function parserOnce(): typeof pg.types.getTypeParser {
  const read = new Map<string, Date>();
  const parse = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;
  const instant = (text: string) => {
    let known = read.get(text);
    if (!known) {
      known = parse(text);
      read.set(text, known);
    }
    return known;
  };
  return ((oid: number, format: 'text' | 'binary') =>
    oid === pg.types.builtins.TIMESTAMPTZ
      ? instant
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;
}

function answer(row: ClaimRow, { cafeId, attendeeId }: ClaimInput, cafes: Map<string, CafeFacts>): ClaimAnswer {
  if (row.event_id !== null) {
    cafes.set(cafeId, {
      eventId: row.event_id,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      seats: rows.seats({ ...row, cafe_id: cafeId }),
    });
  }
  if (row.outcome === 'schedule-clash') return { outcome: 'schedule-clash', clashesWith: [] };
  if (row.outcome !== 'created' && row.outcome !== 'existing') return { outcome: row.outcome };
  const { eventId, startsAt, endsAt, seats } = cafes.get(cafeId) as CafeFacts;
  return {
    outcome: row.outcome,
    registration: {
      id: row.registration_id as string,
      cafeId,
      eventId,
      attendeeId,
      status: row.status,
      ...rows.registrationMoments(row),
      startsAt,
      endsAt,
    },
    seats,
  };
}
