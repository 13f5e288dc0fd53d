import { type CafeSeats, type NoShowRelease, ProblemError } from '#contract';
import { refuseOtherVersion } from './cafe-settings.ts';
import type { Commits } from './commits.ts';
import { outcomeOf } from './outcomes.ts';
import type * as rows from './rows.ts';

/** The most pending changes that one run of `applyDue` applies. The next run applies the rest. */
const APPLIED_MAX = 50;

interface ReleaseRow {
  outcome: string;
  change_id: string | null;
  ms_left: number;
  releasable_from: Date | null;
  takes: number | null;
  refused_ids: string[];
}

/**
 * Changes that wait ten seconds, in which they can be undone (docs/adr/0016): the release of no-shows, and the closing of a Café or its
 * waitlist. `CafeChanges.changeCafe` starts a closing.
 */
export class PendingChanges {
  readonly #commits: Commits;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  /**
   * Releases the seats of these no-shows to the waitlist: writes a pending change that is applied ten seconds later. Their messages contain
   * `reason`.
   * @throws ProblemError `cafe-not-found`; `cafe-not-begun` and `grace-period` {from}; `not-absent` {registrationIds}: the seats that
   *   cannot be released; `more-than-wait` {chosen, waiting}: fewer people can take a seat
   */
  async releaseNoShows(cafeId: string, registrationIds: string[], by: string, reason?: string): Promise<NoShowRelease> {
    const [answer] = await this.#commits.query<ReleaseRow>(
      `select r.*, extract(epoch from seats_undo_window())::integer * 1000 as ms_left from seats_release_no_shows($1, $2, $3, $4) r`,
      [cafeId, registrationIds, by, reason ?? null],
    );
    refuseRelease(answer, registrationIds);
    this.#commits.publish([], [cafeId]);
    return { id: answer?.change_id ?? '', msLeft: answer?.ms_left ?? 0, registrationIds };
  }

  /**
   * Undoes a pending change. The undo of a closing restores the state and the waitlist.
   * @param change.expectVersion the version that the Café must have
   * @throws ProblemError `version-changed` {version, current}; `undo-over` when the change was applied or undone before, or the Café has no
   *   such change
   */
  async undoChange(
    cafeId: string,
    { id, of, expectVersion }: { id: string; of: 'release' | 'closing'; expectVersion?: number },
    by: string,
  ): Promise<CafeSeats> {
    const [undone] = await this.#commits.query<{ outcome: string; registration_ids: string[] | null }>(
      'select * from seats_undo_change($1, $2, $3, $4, $5)',
      [cafeId, id, of === 'closing', by, expectVersion ?? null],
    );
    if (undone?.outcome === 'version-changed')
      await refuseOtherVersion(this.#commits.query, cafeId, ['state', 'waitlistOpen']);
    outcomeOf(undone?.outcome, ['undone']);
    return this.#commits.publishAndCount(cafeId, undone?.registration_ids);
  }

  /**
   * Applies the pending changes whose ten seconds are over. Safe to run in any process, at any time.
   * @returns the number of applied changes
   */
  async applyDue(): Promise<number> {
    const { query } = this.#commits;
    const due = await query<{ id: string }>('select id from seats_changes_due($1) as d (id)', [APPLIED_MAX]);
    for (const { id } of due) {
      this.#commits.publish(await query<rows.ChangedRow>('select * from seats_apply_change($1)', [id]));
    }
    return due.length;
  }
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
