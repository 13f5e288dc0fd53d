import { ProblemError } from '#contract';
import type { Commits } from './commits.ts';
import { busyIfErased, outcomeOf } from './outcomes.ts';
import type { RegistrationReads } from './registration-reads.ts';
import type { CheckedIn, CheckInInput, OwnedRegistration, TypedName } from './types.ts';

/** Check-ins at the door of a Café. Each change is one transaction. When a call resolves, its change is on disk. */
export class CheckIns {
  readonly #commits: Commits;
  readonly #reads: RegistrationReads;

  constructor(commits: Commits, reads: RegistrationReads) {
    this.#commits = commits;
    this.#reads = reads;
  }

  /**
   * Checks an attendee in. A check-in whose `clientId` is recorded already is not recorded again, and gets the answer of the first time.
   * @throws ProblemError `registration-not-found`; `idempotency-mismatch` when the `clientId` is that of another check-in
   */
  async checkIn({ registrationId, cafeId, by, source, scannedAt, clientId, device }: CheckInInput): Promise<CheckedIn> {
    const [answer] = await this.#commits.query<{ result: string }>(
      'select seats_check_in($1, $2, $3, $4, $5, $6, $7) as result',
      [registrationId, cafeId, by, source ?? 'list', scannedAt ?? null, clientId ?? null, device ?? null],
    );
    const result: CheckedIn['result'] = outcomeOf(answer?.result, [
      'checked-in',
      'already-checked-in',
      'wrong-cafe',
      'not-confirmed',
    ]);
    const changedIds = result === 'checked-in' ? [registrationId] : [];
    return { result, registration: await this.#commits.publishAndRead(registrationId, changedIds) };
  }

  /** Undoes a check-in. Changes nothing when the attendee is not checked in. @throws ProblemError `registration-not-found` */
  async undoCheckIn(registrationId: string, by: string): Promise<OwnedRegistration> {
    const [undone] = await this.#commits.query<{ ids: string[] | null }>('select seats_undo_check_in($1, $2) as ids', [
      registrationId,
      by,
    ]);
    return this.#commits.publishAndRead(registrationId, undone?.ids);
  }

  /**
   * Gives a seat to a person at the door and checks the person in. `typed` is stored with the registration, unless the person has an own
   * registration in that Café. `clientId`: as in `checkIn`.
   * @throws ProblemError `cafe-not-found`, `cafe-not-open`, `cafe-full`, `schedule-clash`
   */
  async walkIn({
    cafeId,
    attendeeId,
    by,
    typed,
    clientId,
  }: {
    cafeId: string;
    attendeeId: string;
    by: string;
    typed?: TypedName;
    clientId?: string;
  }): Promise<CheckedIn> {
    const [walked] = await this.#commits
      .query<{ outcome: string; registration_id: string | null }>(
        // The statement that calls the function does not see a registration that the function makes.
        `with walked as materialized (select * from seats_walk_in($1, $2, $3, $6)), named as (
           insert into typed_name (registration_id, name, organisation)
           select walked.registration_id, $4::text, $5::text from walked
           where walked.outcome = 'checked-in' and $4::text is not null
             and not exists (select from registration r where r.id = walked.registration_id and not r.guest)
           on conflict do nothing
         )
         select * from walked`,
        [cafeId, attendeeId, by, typed?.name ?? null, typed?.organisation ?? null, clientId ?? null],
      )
      .catch(busyIfErased);
    const result = outcomeOf(walked?.outcome, ['checked-in', 'already-checked-in', 'schedule-clash']);
    if (result === 'schedule-clash') {
      throw new ProblemError('schedule-clash', { clashesWith: await this.#reads.clashesWith(attendeeId, cafeId) });
    }
    const id = walked?.registration_id ?? '';
    return { result, registration: await this.#commits.publishAndRead(id, result === 'checked-in' ? [id] : []) };
  }
}
