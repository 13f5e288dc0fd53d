import {
  type CafeChange,
  type CafeMove,
  type CafeSeats,
  type NoShowRelease,
  ProblemError,
  type SeatChange,
} from '#contract';
import type { Database } from '#platform';
import { ClaimQueue } from './claim-queue.ts';
import { afterCommit, FOREIGN_KEY_VIOLATION, openQuery } from './query.ts';
import { SeatReads, seatReads } from './reads.ts';
import * as rows from './rows.ts';
import type {
  CheckedIn,
  ClaimAnswer,
  ClaimInput,
  DelegatedClaim,
  DelegationInput,
  OwnedRegistration,
  TypedName,
} from './types.ts';

/** Publishes what a commit changed, so that every screen shows it. Returns at once, never throws. */
export abstract class SeatPublisher {
  abstract publish(changed: SeatChange): void;
}

export interface SeatsOptions {
  database: Database;
  /** How long a seat is held for a guest who claims it, in minutes. */
  holdTtlMinutes: number;
  /** Called after every commit with its changes, which go to the seat feed. */
  onChanged?: (changed: SeatChange) => void;
}

/** The verbs of the seat engine. Each change is one transaction. When a call resolves, its change is on disk. */
export abstract class Seats extends SeatReads {
  /**
   * Claims a seat. A claim while signed in confirms the guest registration that the attendee has in the Café. It gives back the seats that
   * delegates took for the attendee at that time, if the attendee never confirmed them. Returns the outcome; throws when the database is
   * unavailable.
   * @throws ProblemError `not-signed-in` when the attendee does not exist
   */
  abstract claim(input: ClaimInput): Promise<ClaimAnswer>;
  /**
   * Claims seats for several people. `all`: seats for all of them, or waitlist places for all of them, or nothing. `each`: as many as there
   * are seats. People whose address is not proved, or who gave back what this delegate took for them, get guest registrations. Returns the
   * outcome of each, in the order given.
   * @throws ProblemError `cafe-not-found`, `cafe-not-open`
   */
  abstract claimTogether(input: DelegationInput): Promise<DelegatedClaim[]>;
  /**
   * Gives a registration back. The waitlist moves up in the same commit. A second call returns the same answer.
   * @throws ProblemError `registration-not-found` when the attendee has no such registration; `registration-over` when it has expired
   */
  abstract cancel(registrationId: string, attendeeId: string): Promise<OwnedRegistration>;
  /**
   * Accepts an offer. The attendee's seats at that time are given back in the same commit.
   * @throws ProblemError `registration-not-found`, `offer-expired`, `offer-accepted`, `no-offer`; `schedule-clash` when the attendee is
   *   checked in elsewhere at that time
   */
  abstract accept(registrationId: string, attendeeId: string): Promise<OwnedRegistration>;
  /** Declines an offer. The seat goes to the next person. @throws ProblemError as `accept` */
  abstract decline(registrationId: string, attendeeId: string): Promise<OwnedRegistration>;
  /**
   * Takes a seat in another Café and gives this one back in one commit, or changes nothing.
   * @throws ProblemError `registration-not-found`, `registration-over`, `cafe-not-found`, `cafe-not-open`, `same-cafe`,
   *   `already-registered`, `cafe-full`, `schedule-clash` (with the seats in the way)
   */
  abstract swap(registrationId: string, cafeId: string, attendeeId: string): Promise<OwnedRegistration>;
  /**
   * Confirms these guest registrations, whose person proved them by their mails or claim tokens. A held one is confirmed, or offered beside
   * a seat of the attendee at that time. A waiting one is confirmed when a seat is free. Other ids change nothing. Returns all
   * registrations that changed. Safe to repeat.
   */
  abstract prove(attendeeId: string, registrationIds: string[]): Promise<OwnedRegistration[]>;
  /** Confirms a guest registration of the signed-in attendee. Like `prove`, but its claim token does not show the result. */
  abstract confirmAsOwner(attendeeId: string, registrationId: string): Promise<OwnedRegistration[]>;
  /**
   * Ends the holds and offers that are over by the database's clock and moves the waitlists up. Ends waiting for Cafés that are over. Safe
   * to run in any process, at any time.
   */
  abstract expireDue(): Promise<number>;
  /** Checks a person in at the door of a Café. @throws ProblemError `registration-not-found`, `cafe-not-found` */
  abstract checkIn(input: { registrationId: string; cafeId: string; by: string }): Promise<CheckedIn>;
  /** Undoes a check-in. Changes nothing when the person is not checked in. @throws ProblemError `registration-not-found` */
  abstract undoCheckIn(registrationId: string, by: string): Promise<OwnedRegistration>;
  /**
   * Seats a person at the door, and checks them in. `typed` is stored with the registration, unless the person has one of their own there.
   * @throws ProblemError `cafe-not-found`, `cafe-not-open`, `cafe-full`, `schedule-clash`
   */
  abstract walkIn(input: { cafeId: string; attendeeId: string; by: string; typed?: TypedName }): Promise<CheckedIn>;
  /**
   * Releases the seats of these absent people to the waitlist: a pending change, applied ten seconds later.
   * @throws ProblemError `cafe-not-found`; `cafe-not-begun` and `grace-period` {from}; `not-absent` {registrationIds}: the seats that
   *   cannot be released; `more-than-wait` {chosen, waiting}: the waitlist takes fewer seats
   */
  abstract releaseNoShows(cafeId: string, registrationIds: string[], by: string): Promise<NoShowRelease>;
  /**
   * Changes the capacity, state or waitlist of a Café. More seats move the waitlist up in the same commit. A closed waitlist or Café
   * accepts no claims. In the same commit, or ten seconds later when the change is `undoable`, the places in the waitlist end, and for
   * `state: cancelled` every registration, each with its mail.
   * @throws ProblemError `cafe-not-found`; `cafe-cancelled` when a cancelled Café would get another state; `capacity-below-taken`
   *   {capacity, taken} without `asTarget`; `capacity-above-room` {capacity, roomCapacity}; `counts-changed` {taken, waitlisted} when the
   *   counts are not the expected ones
   */
  abstract changeCafe(cafeId: string, change: CafeChange, by?: string): Promise<CafeSeats>;
  /**
   * Undoes a pending change: a release, or a closing, whose state and waitlist are restored.
   * @throws ProblemError `undo-over` when the change was applied or undone already, or the Café has no such change
   */
  abstract undoChange(
    cafeId: string,
    change: { id: string; of: 'release' | 'closing' },
    by: string,
  ): Promise<CafeSeats>;
  /** Applies the pending changes whose ten seconds are over. Returns how many. Safe to run in any process, at any time. */
  abstract applyDue(): Promise<number>;
  /**
   * Moves a Café to another time, room or capacity, with a decision about people who would have two seats at once.
   * @throws ProblemError `cafe-not-found`, `room-not-found`, `ends-before-start`, `ends-before-now`, `capacity-above-room`,
   *   `capacity-below-taken`, `room-full`; `counts-changed` {taken} when the count is not the expected one; `move-clashes` when seats clash
   *   and there is no decision
   */
  abstract moveCafe(
    cafeId: string,
    move: Required<Omit<CafeMove, 'clashes' | 'expectTaken'>> & Pick<CafeMove, 'clashes' | 'expectTaken'>,
    by: string,
  ): Promise<CafeSeats>;
}

/** The most registrations that one run of `expireDue` ends; the next run takes the rest. */
const EXPIRED_MAX = 500;

/** The most pending changes that one run of `applyDue` applies; the next run takes the rest. */
const APPLIED_MAX = 50;

/** How often a claim is decided again when it finds a guest registration of its attendee, which may end at that moment. */
const TAKE_OVER_TRIES = 3;

/** The answer of seats_claim_together about one person. */
interface DelegatedRow {
  attendee_id: string;
  outcome: string;
  registration_id: string | null;
}

/** The outcomes of the functions that are codes of problems. */
const refusals = [
  'registration-not-found',
  'registration-over',
  'cafe-not-found',
  'cafe-not-open',
  'cafe-full',
  'room-not-found',
  'room-full',
  'ends-before-start',
  'ends-before-now',
  'move-clashes',
  'same-cafe',
  'already-registered',
  'offer-expired',
  'offer-accepted',
  'no-offer',
  'undo-over',
  'cafe-cancelled',
] as const;

const delegatedOutcomes = [
  'created',
  'existing',
  'schedule-clash',
  'not-all',
  'cafe-full',
  'too-many-unproved',
] as const satisfies DelegatedClaim['outcome'][];

/** @throws ProblemError for an outcome that is a problem by itself */
function refuse(outcome: string | undefined): void {
  const refusal = refusals.find((code) => code === outcome);
  if (refusal) throw new ProblemError(refusal);
}

/**
 * Checks that the outcome of a function is one of `known`.
 * @throws ProblemError for a refusal
 * @throws Error for any other outcome: the function is of another build, and an unknown outcome must not be answered as a success
 */
function outcomeOf<Outcome extends string>(outcome: string | undefined, known: readonly Outcome[]): Outcome {
  refuse(outcome);
  const found = known.find((each) => each === outcome);
  if (!found) throw new Error(`a seat function returned an unknown outcome: ${outcome}`);
  return found;
}

/** Answers `busy` when an attendee was erased during the call: a retry creates the attendee again. @throws ProblemError `busy` */
function busyIfErased(error: { code?: string }): never {
  throw error.code === FOREIGN_KEY_VIOLATION ? new ProblemError('busy', {}, 1) : error;
}

/** Opens the reads of the seat engine. */
export function openSeatReads({ database }: { database: Database }): SeatReads {
  return seatReads(openQuery(database.pool));
}

/** Opens the seat engine on a database. */
export function openSeats({ database, holdTtlMinutes, onChanged }: SeatsOptions): Seats {
  const holdTtl = `${holdTtlMinutes} minutes`;
  const claims = new ClaimQueue({ pool: database.pool, onChanged });
  const guestClaims = new ClaimQueue({ pool: database.pool, guestHoldTtl: holdTtl, onChanged });
  const query = openQuery(database.pool);
  const reads = seatReads(query);

  /** Publishes these changed registrations and Cafés. */
  function publish(changed: rows.ChangedRow[], cafeIds: string[] = []): void {
    const ids = [...new Set([...changed.map((row) => row.cafe_id), ...cafeIds])];
    if (ids.length === 0) return;
    onChanged?.({ cafeIds: ids, registrations: changed.map((row) => [row.registration_id, row.attendee_id]) });
  }

  async function publishRegistrations(ids: string[] | null | undefined, cafeIds: string[] = []): Promise<void> {
    publish((await afterCommit(() => reads.registrations(ids ?? []))).map(rows.changedRow), cafeIds);
  }

  async function after(registrationId: string, changedIds: string[] | null | undefined): Promise<OwnedRegistration> {
    const [registration] = await Promise.all([
      afterCommit(() => reads.registration(registrationId)),
      publishRegistrations(changedIds),
    ]);
    if (!registration) throw new ProblemError('registration-not-found');
    return registration;
  }

  async function afterOf(cafeId: string, changedIds: string[] | null | undefined): Promise<CafeSeats> {
    await publishRegistrations(changedIds, [cafeId]);
    const [counts] = await afterCommit(() => reads.countsOf([cafeId]));
    if (!counts) throw new ProblemError('cafe-not-found');
    return counts;
  }

  async function end(registrationId: string, cause: 'attendee' | 'declined'): Promise<OwnedRegistration> {
    const changed = await query<rows.ChangedRow>(`select * from seats_end($1, 'cancelled', $2, null)`, [
      [registrationId],
      cause,
    ]);
    publish(changed);
    const registration = await afterCommit(() => reads.registration(registrationId));
    // The offer ended by its time before this statement.
    if (cause === 'declined' && registration?.status === 'confirmed') throw new ProblemError('offer-accepted');
    if (registration?.status !== 'cancelled') throw new ProblemError('registration-over');
    return registration;
  }

  async function confirm(attendeeId: string, ids: string[], by: 'claim' | 'owner'): Promise<OwnedRegistration[]> {
    if (ids.length === 0) return [];
    const changed = await query<rows.ChangedRow>('select * from seats_prove($1, $2, $3)', [
      attendeeId,
      ids,
      by === 'claim',
    ]);
    publish(changed);
    return afterCommit(() => reads.registrations(changed.map((row) => row.registration_id)));
  }

  /** Reads a registration whole, because the answer of a batch has not all of its fields. */
  async function existing(registration: OwnedRegistration): Promise<OwnedRegistration> {
    return (await afterCommit(() => reads.registration(registration.id))) ?? registration;
  }

  /** The attendee's own claim replaces the seats that delegates took for them at that time, when no other seat is in the way. */
  async function replaceDelegated({ attendeeId, cafeId }: Omit<ClaimInput, 'guest'>) {
    const [swapped] = await query<{
      outcome: string;
      registration_id: string | null;
      registration_ids: string[] | null;
    }>('select * from seats_swap(delegated_seats_in_the_way($1, $2), $2, $1)', [attendeeId, cafeId]);
    return swapped?.outcome === 'swapped' ? after(swapped.registration_id ?? '', swapped.registration_ids) : undefined;
  }

  return {
    ...reads,

    async claim({ guest, ...input }) {
      for (let attempt = 0; attempt < TAKE_OVER_TRIES; attempt++) {
        const answer = await (guest ? guestClaims : claims).claim(input);
        if (answer.outcome === 'schedule-clash') {
          const registration = await replaceDelegated(input);
          if (registration) return { outcome: 'created', registration };
          return { outcome: 'schedule-clash', clashesWith: await reads.clashesWith(input.attendeeId, input.cafeId) };
        }
        if (answer.outcome === 'existing' && !guest)
          return { ...answer, registration: await existing(answer.registration) };
        if (answer.outcome !== 'guest-registration') return answer;
        const { id } = answer.registration;
        const registration = (await confirm(input.attendeeId, [id], 'owner')).find((changed) => changed.id === id);
        if (registration) return { outcome: 'existing', registration };
        // The guest registration ended, or another request of the person changed it: the claim is decided again.
      }
      return { outcome: 'busy', retryAfterSeconds: 1 };
    },

    async claimTogether({ cafeId, attendeeIds, mode, by, typed }) {
      const names = attendeeIds.map((id) => typed?.get(id)?.name ?? null);
      const organisations = attendeeIds.map((id) => typed?.get(id)?.organisation ?? null);
      const decided = await query<DelegatedRow>('select * from seats_claim_together($1, $2, $3, $4, $5, $6, $7)', [
        cafeId,
        attendeeIds,
        mode,
        by,
        holdTtl,
        names,
        organisations,
      ]).catch(busyIfErased);
      for (const { outcome } of decided) if (outcome !== 'cafe-full' && outcome !== 'schedule-clash') refuse(outcome);
      const ids = decided.flatMap((row) => row.registration_id ?? []);
      const found = await afterCommit(() => reads.registrations(ids));
      const byId = new Map(found.map((registration) => [registration.id, registration]));
      const answers = attendeeIds.map((attendeeId) => {
        const row = decided.find((each) => each.attendee_id === attendeeId);
        // Without a row the attendee does not exist.
        const outcome = outcomeOf(row?.outcome ?? 'not-all', delegatedOutcomes);
        return { outcome, registration: byId.get(row?.registration_id ?? '') };
      });
      const created = answers.flatMap(({ outcome, registration }) =>
        outcome === 'created' && registration ? [rows.changedRow(registration)] : [],
      );
      publish(created);
      return answers;
    },

    async cancel(registrationId, attendeeId) {
      const before = await reads.registration(registrationId);
      if (before?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
      if (before.status === 'expired') throw new ProblemError('registration-over');
      return end(registrationId, 'attendee');
    },

    async accept(registrationId, attendeeId) {
      const [accepted] = await query<{ outcome: string; registration_ids: string[] | null }>(
        'select * from seats_accept($1, $2)',
        [registrationId, attendeeId],
      );
      if (outcomeOf(accepted?.outcome, ['accepted', 'schedule-clash']) === 'schedule-clash') {
        const offer = await reads.registration(registrationId);
        throw new ProblemError('schedule-clash', {
          clashesWith: await reads.clashesWith(attendeeId, offer?.cafeId ?? ''),
        });
      }
      return after(registrationId, accepted?.registration_ids);
    },

    async decline(registrationId, attendeeId) {
      const before = await reads.registration(registrationId);
      if (before?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
      if (before.status === 'expired') throw new ProblemError('offer-expired');
      if (before.status === 'confirmed') throw new ProblemError('offer-accepted');
      if (before.status !== 'offered') throw new ProblemError('no-offer');
      return end(registrationId, 'declined');
    },

    async swap(registrationId, cafeId, attendeeId) {
      const [swapped] = await query<{
        outcome: string;
        registration_id: string | null;
        registration_ids: string[] | null;
      }>('select * from seats_swap(array[$1::uuid], $2, $3)', [registrationId, cafeId, attendeeId]);
      if (outcomeOf(swapped?.outcome, ['swapped', 'schedule-clash']) === 'schedule-clash') {
        const clashes = await reads.clashesWith(attendeeId, cafeId);
        throw new ProblemError('schedule-clash', {
          clashesWith: clashes.filter((clash) => clash.registrationId !== registrationId),
        });
      }
      return after(swapped?.registration_id ?? '', swapped?.registration_ids);
    },

    prove: (attendeeId, registrationIds) => confirm(attendeeId, registrationIds, 'claim'),
    confirmAsOwner: (attendeeId, registrationId) => confirm(attendeeId, [registrationId], 'owner'),

    async expireDue() {
      const due = await query<{ any: boolean }>('select exists (select from seats_due(1)) as any', []);
      if (!due[0]?.any) return 0;
      const changed = await query<rows.ChangedRow>('select * from seats_expire_due($1)', [EXPIRED_MAX]);
      publish(changed);
      const found = await afterCommit(() => reads.registrations(changed.map((row) => row.registration_id)));
      return found.filter(({ status }) => status === 'expired').length;
    },

    async checkIn({ registrationId, cafeId, by }) {
      const [answer] = await query<{ result: string }>('select seats_check_in($1, $2, $3) as result', [
        registrationId,
        cafeId,
        by,
      ]);
      const result: CheckedIn['result'] = outcomeOf(answer?.result, [
        'checked-in',
        'already-checked-in',
        'wrong-cafe',
        'not-confirmed',
      ]);
      return { result, registration: await after(registrationId, result === 'checked-in' ? [registrationId] : []) };
    },

    async undoCheckIn(registrationId, by) {
      const [undone] = await query<{ ids: string[] | null }>('select seats_undo_check_in($1, $2) as ids', [
        registrationId,
        by,
      ]);
      return after(registrationId, undone?.ids);
    },

    async walkIn({ cafeId, attendeeId, by, typed }) {
      const [walked] = await query<{ outcome: string; registration_id: string | null }>(
        // The statement that calls the function does not see the new registration.
        `with walked as materialized (select * from seats_walk_in($1, $2, $3)), named as (
           insert into typed_name (registration_id, name, organisation)
           select walked.registration_id, $4::text, $5::text from walked
           where walked.outcome = 'checked-in' and $4::text is not null
             and not exists (select from registration r where r.id = walked.registration_id and not r.guest)
           on conflict do nothing
         )
         select * from walked`,
        [cafeId, attendeeId, by, typed?.name ?? null, typed?.organisation ?? null],
      ).catch(busyIfErased);
      const result = outcomeOf(walked?.outcome, ['checked-in', 'already-checked-in', 'schedule-clash']);
      if (result === 'schedule-clash') {
        throw new ProblemError('schedule-clash', { clashesWith: await reads.clashesWith(attendeeId, cafeId) });
      }
      const id = walked?.registration_id ?? '';
      return { result, registration: await after(id, result === 'checked-in' ? [id] : []) };
    },

    async releaseNoShows(cafeId, registrationIds, by) {
      const [answer] = await query<ReleaseRow>(
        `select r.*, extract(epoch from seats_undo_window())::integer * 1000 as ms_left from seats_release_no_shows($1, $2, $3) r`,
        [cafeId, registrationIds, by],
      );
      refuseRelease(answer, registrationIds);
      publish([], [cafeId]);
      return { id: answer?.change_id ?? '', msLeft: answer?.ms_left ?? 0, registrationIds };
    },

    async undoChange(cafeId, { id, of }, by) {
      const [undone] = await query<{ outcome: string; registration_ids: string[] | null }>(
        'select * from seats_undo_change($1, $2, $3, $4)',
        [cafeId, id, of === 'closing', by],
      );
      outcomeOf(undone?.outcome, ['undone']);
      return afterOf(cafeId, undone?.registration_ids);
    },

    async applyDue() {
      const due = await query<{ id: string }>('select id from seats_changes_due($1) as d (id)', [APPLIED_MAX]);
      for (const { id } of due) publish(await query<rows.ChangedRow>('select * from seats_apply_change($1)', [id]));
      return due.length;
    },

    async changeCafe(cafeId, change, by) {
      const { capacity, asTarget, state, waitlistOpen, undoable, expectTaken, expectWaitlisted } = change;
      const [answer] = await query<ChangeRow>('select * from seats_change_cafe($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
        cafeId,
        capacity ?? null,
        asTarget ?? false,
        state ?? null,
        waitlistOpen ?? null,
        by ?? null,
        expectTaken ?? null,
        expectWaitlisted ?? null,
        undoable ?? false,
      ]);
      refuseNumbers(answer, capacity);
      return afterOf(cafeId, answer?.registration_ids);
    },

    async moveCafe(cafeId, { roomId, startsAt, endsAt, capacity, clashes, excess, expectTaken }, by) {
      const [answer] = await query<ChangeRow>('select * from seats_move_cafe($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
        cafeId,
        roomId,
        startsAt,
        endsAt,
        capacity,
        clashes ?? null,
        excess === 'cancel',
        by,
        expectTaken ?? null,
      ]);
      refuseNumbers(answer, capacity);
      return afterOf(cafeId, answer?.registration_ids);
    },
  };
}

interface ReleaseRow {
  outcome: string;
  change_id: string | null;
  ms_left: number;
  releasable_from: Date | null;
  takes: number | null;
  refused_ids: string[];
}

function refuseRelease(answer: ReleaseRow | undefined, registrationIds: string[]): void {
  const known = ['pending', 'cafe-not-begun', 'grace-period', 'not-absent', 'more-than-wait'] as const;
  const outcome = outcomeOf(answer?.outcome, known);
  switch (outcome) {
    case 'cafe-not-begun':
    case 'grace-period':
      throw new ProblemError(outcome, { from: answer?.releasable_from?.toISOString() });
    case 'not-absent':
      throw new ProblemError('not-absent', { registrationIds: answer?.refused_ids });
    case 'more-than-wait':
      throw new ProblemError('more-than-wait', { chosen: registrationIds.length, waiting: answer?.takes ?? 0 });
  }
}

interface ChangeRow {
  outcome: string;
  taken: number;
  /** Set by `seats_change_cafe` only. */
  waitlisted?: number;
  room_capacity: number;
  registration_ids: string[] | null;
}

/** The outcomes of `seats_change_cafe` and `seats_move_cafe` that need more data than a code. */
const changeOutcomes = [
  'changed',
  'moved',
  'has-registrations',
  'counts-changed',
  'capacity-below-taken',
  'capacity-above-room',
] as const;

/** @throws ProblemError for a refusal of a change or a move of a Café, with the numbers that explain it */
function refuseNumbers(answer: ChangeRow | undefined, capacity: number | undefined): void {
  const outcome = outcomeOf(answer?.outcome, changeOutcomes);
  switch (outcome) {
    case 'counts-changed':
      throw new ProblemError(outcome, {
        taken: answer?.taken,
        ...(answer?.waitlisted !== undefined && { waitlisted: answer.waitlisted }),
      });
    case 'capacity-below-taken':
      throw new ProblemError(outcome, { capacity, taken: answer?.taken });
    case 'capacity-above-room':
      throw new ProblemError(outcome, { capacity, roomCapacity: answer?.room_capacity });
    case 'has-registrations':
      throw new ProblemError('invalid-request', {
        errors: [{ path: 'state', message: 'a Café with registrations cannot become a draft' }],
      });
  }
}
