import type { Database } from '#platform';
import { ClaimQueue } from './claim-queue.ts';
import type { Commits, SeatPublisher } from './commits.ts';
import type { GuestRegistrations } from './guest-registrations.ts';
import { busyIfErased, outcomeOf, refuse } from './outcomes.ts';
import type { RegistrationReads } from './registration-reads.ts';
import * as rows from './rows.ts';
import type { ClaimAnswer, ClaimInput, DelegatedClaim, DelegationInput, OwnedRegistration } from './types.ts';

/** How often a claim is decided again when it finds a guest registration of its person that ends at the same moment. */
const CONFIRM_TRIES_MAX = 3;

/** The answer of seats_claim_together about one attendee. */
interface DelegatedRow {
  attendee_id: string;
  outcome: string;
  registration_id: string | null;
}

const delegatedOutcomes = [
  'created',
  'existing',
  'schedule-clash',
  'not-all',
  'cafe-full',
  'too-many-unproved',
] as const satisfies DelegatedClaim['outcome'][];

export interface SeatClaimsOptions {
  database: Database;
  /** How long a seat of a guest registration is held, in minutes. */
  holdTtlMinutes: number;
  publisher?: SeatPublisher;
  commits: Commits;
  guests: GuestRegistrations;
  reads: RegistrationReads;
}

/** Claims of seats. Each is decided in one transaction. When a call resolves, its result is on disk. */
export class SeatClaims {
  readonly #holdTtl: string;
  readonly #commits: Commits;
  readonly #guests: GuestRegistrations;
  readonly #reads: RegistrationReads;
  /** A queue of its own, so that claims with a session never wait behind claims without one. */
  readonly #ownClaims: ClaimQueue;
  readonly #guestClaims: ClaimQueue;

  constructor({ database: { pool }, holdTtlMinutes, publisher, commits, guests, reads }: SeatClaimsOptions) {
    this.#holdTtl = `${holdTtlMinutes} minutes`;
    this.#commits = commits;
    this.#guests = guests;
    this.#reads = reads;
    const onChanged = publisher?.publish.bind(publisher);
    this.#ownClaims = new ClaimQueue({ pool, onChanged });
    this.#guestClaims = new ClaimQueue({ pool, guestHoldTtl: this.#holdTtl, onChanged });
  }

  /**
   * Claims a seat. A claim with a session confirms a guest registration that the person has in that Café. It also gives back the seats that
   * delegates took for the person at that time and that the person never accepted.
   * @returns the outcome
   * @throws ProblemError `not-signed-in` when the attendee does not exist
   * @throws Error when the database is unavailable
   */
  async claim({ guest, ...input }: ClaimInput): Promise<ClaimAnswer> {
    const queue = guest ? this.#guestClaims : this.#ownClaims;
    for (let attempt = 0; attempt < CONFIRM_TRIES_MAX; attempt++) {
      const answer = await queue.claim(input);
      if (answer.outcome === 'schedule-clash') return this.#decideClash(input);
      if (answer.outcome === 'existing' && !guest) {
        // The answer of a batch does not have all fields of a registration.
        const registration = await this.#commits.registration(answer.registration.id);
        return { ...answer, registration: registration ?? answer.registration };
      }
      if (answer.outcome !== 'guest-registration') return answer;
      const { id } = answer.registration;
      const confirmed = await this.#guests.confirmAsOwner(input.attendeeId, id);
      const registration = confirmed.find((changed) => changed.id === id);
      if (registration) return { outcome: 'existing', registration };
      // The guest registration ended, or another request of the person confirmed it: the claim is decided again.
    }
    return { outcome: 'busy', retryAfterSeconds: 1 };
  }

  /** The person's own claim replaces the seats that delegates took for the person at that time, when no other seat overlaps. */
  async #decideClash({ attendeeId, cafeId }: Omit<ClaimInput, 'guest'>): Promise<ClaimAnswer> {
    const [swapped] = await this.#commits.query<{
      outcome: string;
      registration_id: string | null;
      registration_ids: string[] | null;
    }>('select * from seats_swap(delegated_seats_in_the_way($1, $2), $2, $1)', [attendeeId, cafeId]);
    if (swapped?.outcome !== 'swapped') {
      return { outcome: 'schedule-clash', clashesWith: await this.#reads.clashesWith(attendeeId, cafeId) };
    }
    const registration = await this.#commits.publishAndRead(swapped.registration_id ?? '', swapped.registration_ids);
    return { outcome: 'created', registration };
  }

  /**
   * Claims seats for several people. `all`: seats for all of them, or waitlist places for all of them, or nothing; `each`: as many as there
   * are seats. Attendees whose address is not proved, or who gave back a seat that this delegate took for them, get guest registrations.
   * @returns the outcome of each attendee, in the given order
   * @throws ProblemError `cafe-not-found`, `cafe-not-open`
   */
  async claimTogether({ cafeId, attendeeIds, mode, by, typed }: DelegationInput): Promise<DelegatedClaim[]> {
    const decided = await this.#commits
      .query<DelegatedRow>('select * from seats_claim_together($1, $2, $3, $4, $5, $6, $7)', [
        cafeId,
        attendeeIds,
        mode,
        by,
        this.#holdTtl,
        attendeeIds.map((id) => typed?.get(id)?.name ?? null),
        attendeeIds.map((id) => typed?.get(id)?.organisation ?? null),
      ])
      .catch(busyIfErased);
    for (const { outcome } of decided) if (outcome !== 'cafe-full' && outcome !== 'schedule-clash') refuse(outcome);
    const found = await this.#commits.registrations(decided.flatMap((row) => row.registration_id ?? []));
    const answers = answerEach(attendeeIds, decided, found);
    this.#commits.publish(
      answers.flatMap(({ outcome, registration }) =>
        outcome === 'created' && registration ? [rows.changedRow(registration)] : [],
      ),
    );
    return answers;
  }
}

function answerEach(attendeeIds: string[], decided: DelegatedRow[], found: OwnedRegistration[]): DelegatedClaim[] {
  const byId = new Map(found.map((registration) => [registration.id, registration]));
  return attendeeIds.map((attendeeId) => {
    const row = decided.find((each) => each.attendee_id === attendeeId);
    // An attendee without a row does not exist.
    const outcome = outcomeOf(row?.outcome ?? 'not-all', delegatedOutcomes);
    return { outcome, registration: byId.get(row?.registration_id ?? '') };
  });
}
