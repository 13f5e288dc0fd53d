import type { Commits } from './commits.ts';
import type * as rows from './rows.ts';
import type { OwnedRegistration } from './types.ts';

/** Confirms guest registrations for their person. Each change is one transaction. When a call resolves, its change is on disk. */
export class GuestRegistrations {
  readonly #commits: Commits;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  /**
   * Confirms the guest registrations that the person proved by a mail or a claim token. A held one is confirmed, or offered when the person
   * has another seat at that time. A waiting one is confirmed when a seat is free. Registrations that ended, and other ids, do not change.
   * Safe to repeat.
   * @returns all registrations that changed
   */
  prove(attendeeId: string, registrationIds: string[]): Promise<OwnedRegistration[]> {
    return this.#confirm(attendeeId, registrationIds, 'claim');
  }

  /**
   * Confirms the guest registration when its person claims the same seat while signed in. Works like `prove`, but the claim token does not
   * show the result.
   */
  confirmAsOwner(attendeeId: string, registrationId: string): Promise<OwnedRegistration[]> {
    return this.#confirm(attendeeId, [registrationId], 'owner');
  }

  async #confirm(attendeeId: string, ids: string[], by: 'claim' | 'owner'): Promise<OwnedRegistration[]> {
    if (ids.length === 0) return [];
    const changed = await this.#commits.query<rows.ChangedRow>('select * from seats_prove($1, $2, $3)', [
      attendeeId,
      ids,
      by === 'claim',
    ]);
    this.#commits.publish(changed);
    return this.#commits.registrations(changed.map((row) => row.registration_id));
  }
}
