import pg from 'pg';
import { ProblemError, type SeatChange } from '#contract';
import { prepared } from '#platform';
import { FOREIGN_KEY_VIOLATION, LOCK_NOT_AVAILABLE, retryOnConflict } from './query.ts';
import type * as rows from './rows.ts';
import type { ClaimAnswer, ClaimInput, OwnedRegistration } from './types.ts';

/** How long a client waits before it retries a claim that was answered `busy`, in seconds. */
export const BUSY_RETRY_AFTER_SECONDS = 2;

/**
 * The answer of the engine to a claim of a batch. `guest-registration`: nothing changed; the attendee has an open guest registration in
 * that Café, and the caller confirms it.
 */
export type BatchAnswer = ClaimAnswer | { outcome: 'guest-registration'; registration: OwnedRegistration };

/** A claim that waits for its answer. */
export interface WaitingClaim {
  input: Pick<ClaimInput, 'cafeId' | 'attendeeId' | 'typed'>;
  resolve: (answer: BatchAnswer) => void;
  reject: (error: unknown) => void;
}

/** One row answers all claims of a batch that have the same answer. Lists are in the text form of Postgres. */
interface AnswerRow {
  outcome:
    | 'created'
    | 'existing'
    | 'guest-registration'
    | 'schedule-clash'
    | 'cafe-not-found'
    | 'cafe-not-open'
    | 'cafe-full';
  /** The positions of these claims in the batch, from 1. */
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
  /** Set for guest registrations only. */
  prove_by?: string | null;
}

/** The changes of one batch. */
export interface BatchResult {
  /** The registrations that the batch created. */
  changed: SeatChange | undefined;
  /** The event of each Café that had a registration in the answers. */
  events: Map<string, string>;
}

/**
 * Decides claims in one transaction and answers each of them. When the data of one claim causes an error (its attendee was erased), the
 * other claims are decided without it. When another transaction holds the locks of some Cafés for too long, the claims for these Cafés are
 * answered `busy`, and the other claims are decided.
 *
 * @param guestHoldTtl how long a seat is held, as a Postgres interval, for claims without a session; undefined for claims with a session
 * @throws the error of the connection, when nothing was decided
 */
export async function settleBatch(
  claims: WaitingClaim[],
  connection: pg.PoolClient,
  guestHoldTtl: string | undefined,
): Promise<BatchResult> {
  let decided: AnswerRow[];
  try {
    decided = await retryOnConflict(() => decide(claims, connection, guestHoldTtl));
  } catch (error) {
    const left = await withoutRefused(claims, connection, error);
    if (left.length === 0) return { changed: undefined, events: new Map() };
    if (left.length < claims.length) return settleBatch(left, connection, guestHoldTtl);
    if (claims.length === 1) throw error;
    return settleOneByOne(claims, connection, guestHoldTtl);
  }
  const cafeIds = new Set<string>();
  const registrations: SeatChange['registrations'] = [];
  const events = new Map<string, string>();
  for (const row of decided) {
    for (const { id, cafeId, attendeeId, eventId } of answerRow(row, claims)) {
      events.set(cafeId, eventId);
      if (row.outcome !== 'created') continue;
      cafeIds.add(cafeId);
      registrations.push([id, attendeeId]);
    }
  }
  return { changed: registrations.length > 0 ? { cafeIds: [...cafeIds], registrations } : undefined, events };
}

/** Answers the claims that caused an error. @returns the other claims. @throws the error when it is not about the data of the claims. */
async function withoutRefused(
  claims: WaitingClaim[],
  connection: pg.PoolClient,
  error: unknown,
): Promise<WaitingClaim[]> {
  const { code } = (error ?? {}) as { code?: string };
  if (code === LOCK_NOT_AVAILABLE) {
    const locked = await lockedCafes(claims, connection);
    // No Café is locked any more, or the locked row was not a row of a Café: the client retries.
    const isBusy = ({ input }: WaitingClaim) => locked.size === 0 || locked.has(input.cafeId.toLowerCase());
    for (const claim of claims.filter(isBusy)) {
      claim.resolve({ outcome: 'busy', retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS });
    }
    return claims.filter((claim) => !isBusy(claim));
  }
  if (!isOfData(error)) throw error;
  if (code !== FOREIGN_KEY_VIOLATION) return claims;
  // A session can outlive its attendee.
  const ids = claims.map(({ input }) => input.attendeeId);
  const found = await connection.query<{ id: string }>('select id from attendee where id = any ($1)', [ids]);
  const known = new Set(found.rows.map(({ id }) => id));
  for (const claim of claims) if (!known.has(claim.input.attendeeId)) claim.reject(new ProblemError('not-signed-in'));
  return claims.filter(({ input }) => known.has(input.attendeeId));
}

/** Decides each claim in its own transaction, so that the error of one claim does not affect the others. */
async function settleOneByOne(
  claims: WaitingClaim[],
  connection: pg.PoolClient,
  guestHoldTtl: string | undefined,
): Promise<BatchResult> {
  const cafeIds = new Set<string>();
  const registrations: SeatChange['registrations'] = [];
  const events = new Map<string, string>();
  for (const claim of claims) {
    try {
      const result = await settleBatch([claim], connection, guestHoldTtl);
      for (const cafeId of result.changed?.cafeIds ?? []) cafeIds.add(cafeId);
      registrations.push(...(result.changed?.registrations ?? []));
      for (const [cafeId, eventId] of result.events) events.set(cafeId, eventId);
    } catch (error) {
      if (!isOfData(error)) throw error;
      claim.reject(error);
    }
  }
  return { changed: registrations.length > 0 ? { cafeIds: [...cafeIds], registrations } : undefined, events };
}

/** The Cafés of these claims whose row is locked by another transaction now. */
async function lockedCafes(claims: WaitingClaim[], connection: pg.PoolClient): Promise<Set<string>> {
  const { rows } = await connection.query<{ cafe_id: string }>(
    `select s.cafe_id from cafe_seats s
     where s.cafe_id = any ($1)
       and s.cafe_id <> all (array(select f.cafe_id from cafe_seats f where f.cafe_id = any ($1) for share skip locked))`,
    [claims.map(({ input }) => input.cafeId)],
  );
  return new Set(rows.map((row) => row.cafe_id));
}

async function decide(
  claims: WaitingClaim[],
  connection: pg.PoolClient,
  guestHoldTtl: string | undefined,
): Promise<AnswerRow[]> {
  // Ids need no quotes: writing the lists as text is faster than the escaping of the driver.
  const values = [list(claims.map(({ input }) => input.cafeId)), list(claims.map(({ input }) => input.attendeeId))];
  const statement =
    guestHoldTtl === undefined
      ? prepared('select * from seats_claim($1, $2)', values)
      : prepared('select * from seats_claim_guests($1, $2, $3, p_names => $4, p_organisations => $5)', [
          ...values,
          guestHoldTtl,
          claims.map(({ input }) => input.typed?.name ?? null),
          claims.map(({ input }) => input.typed?.organisation ?? null),
        ]);
  const result = await connection.query({ ...statement, types: batchTypes });
  return result.rows;
}

/** Whether Postgres refused the data of a statement. Other errors are about the connection, or temporary. */
export function isOfData(error: unknown): boolean {
  return /^2[23]/.test((error as { code?: string })?.code ?? '');
}

const list = (values: readonly unknown[]) => `{${values.join(',')}}`;
const listed = (text: string) => text.slice(1, -1).split(',');

/** The types uuid[] and integer[] of Postgres. Their elements have no quotes, so `listed` reads them. */
const LIST_TYPES = [2951, 1007];

const instantOf = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;

/** Reads instants as ISO 8601 and leaves lists as text. */
const batchTypes = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') => {
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (text: string) => instantOf(text).toISOString();
    return LIST_TYPES.includes(oid) ? String : pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

/** Answers the claims of a row. @returns the registrations in the answers. */
function answerRow(row: AnswerRow, batch: readonly WaitingClaim[]): OwnedRegistration[] {
  const { outcome } = row;
  const places = listed(row.places);
  const claimAt = (place: string) => batch[Number(place) - 1] as WaitingClaim;
  switch (outcome) {
    case 'schedule-clash':
      for (const place of places) claimAt(place).resolve({ outcome, clashesWith: [] });
      return [];
    case 'cafe-not-found':
    case 'cafe-not-open':
    case 'cafe-full':
      for (const place of places) claimAt(place).resolve({ outcome });
      return [];
    case 'created':
    case 'existing':
    case 'guest-registration': {
      const ids = listed(row.registration_ids);
      const positions = row.waitlist_positions === null ? [] : listed(row.waitlist_positions);
      return places.map((place, index) => {
        const { input, resolve } = claimAt(place);
        const registration = registrationOf(row, input, ids[index] as string, positions[index]);
        resolve({ outcome, registration });
        return registration;
      });
    }
    default:
      throw unknownOutcome(outcome);
  }
}

/** The SQL function returned an outcome that this build does not know, because it is of another build. The claim fails. */
function unknownOutcome(outcome: never): Error {
  return new Error(`seats_claim returned an unknown outcome: ${outcome}`);
}

function registrationOf(
  row: AnswerRow,
  input: WaitingClaim['input'],
  id: string,
  position: string | undefined,
): OwnedRegistration {
  return {
    id,
    // Postgres writes ids in lower case.
    cafeId: input.cafeId.toLowerCase(),
    eventId: row.event_id,
    attendeeId: input.attendeeId,
    status: row.status,
    ...(row.prove_by !== undefined && { guest: true }),
    ...(row.status === 'waitlisted' && { waitlistPosition: Number(position) }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.prove_by && { proveBy: row.prove_by }),
    ...(row.checked_in_at !== null && { checkedInAt: row.checked_in_at }),
    createdAt: row.created_at,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  };
}
