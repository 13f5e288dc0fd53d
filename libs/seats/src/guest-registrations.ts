import type { Commits } from './commits.ts';
import type * as rows from './rows.ts';
import type { OwnedRegistration } from './types.ts';

/** Guest registrations: their person confirms them. Each change is one transaction; when it resolves, it is on disk. */
export class GuestRegistrations {
  readonly #commits: Commits;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  /**
   * Confirm the guest registrations that the person proved by a mail or a claim token. One that is held is confirmed, or offered where
   * the person has a seat at that time; one that waits is confirmed where a seat is free. Registrations that ended, and ids of anything
   * else, stay as they are. Safe to repeat.
   * @returns all registrations that changed
   */
  prove(attendeeId: string, registrationIds: string[]): Promise<OwnedRegistration[]> {
    return this.#confirm(attendeeId, registrationIds, 'claim');
  }

  /** Confirm the guest registration when its owner claims the same seat while signed in. As `prove`, but its claim token does not show it. */
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
