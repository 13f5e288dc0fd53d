import { ProblemError } from '#contract';
import type { Commits } from './commits.ts';
import { outcomeOf } from './outcomes.ts';
import type { RegistrationReads } from './registration-reads.ts';
import type * as rows from './rows.ts';
import type { OwnedRegistration } from './types.ts';

/** The most registrations that one run of `expireDue` ends. The next run ends the rest. */
const EXPIRED_MAX = 500;

/**
 * Changes of registrations by their person, and expiry. Each change is one transaction, in which the waitlist moves up. When a call
 * resolves, its change is on disk.
 */
export class RegistrationChanges {
  readonly #commits: Commits;
  readonly #reads: RegistrationReads;

  constructor(commits: Commits, reads: RegistrationReads) {
    this.#commits = commits;
    this.#reads = reads;
  }

  /**
   * Gives a registration back. A second call returns the same answer.
   * @throws ProblemError `registration-not-found` when the attendee has no such registration; `registration-over` when it has expired
   */
  async cancel(registrationId: string, attendeeId: string): Promise<OwnedRegistration> {
    const before = await this.#reads.registration(registrationId);
    if (before?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
    if (before.status === 'expired') throw new ProblemError('registration-over');
    return this.#end(registrationId, 'attendee');
  }

  /**
   * Accepts an offer. The other seats of the person at that time are given back in the same commit.
   * @throws ProblemError `registration-not-found`, `offer-expired`, `offer-accepted`, `no-offer`; `schedule-clash` when the person is
   *   checked in to another Café at that time
   */
  async accept(registrationId: string, attendeeId: string): Promise<OwnedRegistration> {
    const [accepted] = await this.#commits.query<{ outcome: string; registration_ids: string[] | null }>(
      'select * from seats_accept($1, $2)',
      [registrationId, attendeeId],
    );
    if (outcomeOf(accepted?.outcome, ['accepted', 'schedule-clash']) === 'schedule-clash') {
      const offer = await this.#reads.registration(registrationId);
      throw new ProblemError('schedule-clash', {
        clashesWith: await this.#reads.clashesWith(attendeeId, offer?.cafeId ?? ''),
      });
    }
    return this.#commits.publishAndRead(registrationId, accepted?.registration_ids);
  }

  /** Declines an offer. The next person of the waitlist gets the seat. @throws ProblemError as `accept` */
  async decline(registrationId: string, attendeeId: string): Promise<OwnedRegistration> {
    const before = await this.#reads.registration(registrationId);
    if (before?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
    if (before.status === 'expired') throw new ProblemError('offer-expired');
    if (before.status === 'confirmed') throw new ProblemError('offer-accepted');
    if (before.status !== 'offered') throw new ProblemError('no-offer');
    return this.#end(registrationId, 'declined');
  }

  /**
   * Takes a seat in another Café and gives this one back in one commit, or changes nothing.
   * @throws ProblemError `registration-not-found`, `registration-over`, `cafe-not-found`, `cafe-not-open`, `same-cafe`,
   *   `already-registered`, `cafe-full`, `schedule-clash` (with the seats in the way)
   */
  async swap(registrationId: string, cafeId: string, attendeeId: string): Promise<OwnedRegistration> {
    const [swapped] = await this.#commits.query<{
      outcome: string;
      registration_id: string | null;
      registration_ids: string[] | null;
    }>('select * from seats_swap(array[$1::uuid], $2, $3)', [registrationId, cafeId, attendeeId]);
    if (outcomeOf(swapped?.outcome, ['swapped', 'schedule-clash']) === 'schedule-clash') {
      const clashes = await this.#reads.clashesWith(attendeeId, cafeId);
      throw new ProblemError('schedule-clash', {
        clashesWith: clashes.filter((clash) => clash.registrationId !== registrationId),
      });
    }
    return this.#commits.publishAndRead(swapped?.registration_id ?? '', swapped?.registration_ids);
  }

  /**
   * Ends the holds and offers that have expired by the clock of the database, and the places in the waitlists of Cafés that are over. Safe
   * to run in any process, at any time.
   * @returns the number of expired registrations
   */
  async expireDue(): Promise<number> {
    const due = await this.#commits.query<{ any: boolean }>('select exists (select from seats_due(1)) as any', []);
    if (!due[0]?.any) return 0;
    const changed = await this.#commits.query<rows.ChangedRow>('select * from seats_expire_due($1)', [EXPIRED_MAX]);
    this.#commits.publish(changed);
    const found = await this.#commits.registrations(changed.map((row) => row.registration_id));
    return found.filter(({ status }) => status === 'expired').length;
  }

  async #end(registrationId: string, cause: 'attendee' | 'declined'): Promise<OwnedRegistration> {
    const changed = await this.#commits.query<rows.ChangedRow>(`select * from seats_end($1, 'cancelled', $2, null)`, [
      [registrationId],
      cause,
    ]);
    this.#commits.publish(changed);
    const registration = await this.#commits.registration(registrationId);
    // The offer was accepted before that statement.
    if (cause === 'declined' && registration?.status === 'confirmed') throw new ProblemError('offer-accepted');
    // The registration expired before that statement.
    if (registration?.status !== 'cancelled') throw new ProblemError('registration-over');
    return registration;
  }
}
