import { type CafeChange, type CafeMove, type CafeSeats, type CurrentCafe, ProblemError } from '#contract';
import { refuseOtherVersion } from './cafe-settings.ts';
import type { Commits } from './commits.ts';
import { outcomeOf } from './outcomes.ts';

/** The result of `seats_change_cafe` and of `seats_move_cafe`. */
interface ChangeRow {
  outcome: string;
  taken: number;
  /** Only in results of `seats_change_cafe`. */
  waitlisted?: number;
  /** Only in results of `seats_move_cafe`: the capacity that the Café would have. */
  capacity?: number;
  room_capacity: number;
  registration_ids: string[] | null;
}

/** The outcomes of `seats_change_cafe` and `seats_move_cafe` that are not problem codes, or whose problem needs more members. */
const changeOutcomes = [
  'changed',
  'moved',
  'has-registrations',
  'counts-changed',
  'capacity-below-taken',
  'capacity-above-room',
] as const;

/** The fields of the Café that a move is compared with. A move sets all of them, because omitted values stay as they are. */
const MOVED = ['roomId', 'startsAt', 'endsAt', 'capacity', 'targetCapacity'] as const;

/** The version of the Café that the caller saw (`Cafe.version`). Another version is refused. */
interface ExpectedVersion {
  expectVersion?: number;
}

/** Changes of a Café by an organiser. Each change is one transaction; when it resolves, it is on disk. */
export class CafeChanges {
  readonly #commits: Commits;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  /**
   * Changes the capacity, the state or the waitlist of a Café. Added seats go to the waitlist in the same commit. A closed waitlist or Café
   * accepts no claims from then on. Its registrations in the waitlist end in the same commit, each with a message; so do all registrations
   * when the new state is `cancelled`. With `undoable`, they end ten seconds later.
   * @param change.expectVersion the version that the Café must have
   * @throws ProblemError `cafe-not-found`; `version-changed` {version, current}; `cafe-cancelled` when the change gives a cancelled Café
   *   another state; `capacity-below-taken` {capacity, taken} unless `asTarget`; `capacity-above-room` {capacity, roomCapacity};
   *   `counts-changed` {taken, waitlisted} when the counts differ from those that `change` expects
   */
  async changeCafe(cafeId: string, change: CafeChange & ExpectedVersion, by?: string): Promise<CafeSeats> {
    const { capacity, asTarget, state, waitlistOpen, undoable, expectTaken, expectWaitlisted, expectVersion, reason } =
      change;
    const [answer] = await this.#commits.query<ChangeRow>(
      'select * from seats_change_cafe($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [
        cafeId,
        capacity ?? null,
        asTarget ?? false,
        state ?? null,
        waitlistOpen ?? null,
        by ?? null,
        expectTaken ?? null,
        expectWaitlisted ?? null,
        undoable ?? false,
        expectVersion ?? null,
        reason ?? null,
      ],
    );
    const named = (['capacity', 'state', 'waitlistOpen'] as const).filter((name) => change[name] !== undefined);
    await this.#refuse(cafeId, answer, capacity, capacity === undefined ? named : [...named, 'targetCapacity']);
    return this.#commits.publishAndCount(cafeId, answer?.registration_ids);
  }

  /**
   * Moves a Café to another time, room or capacity. Omitted values stay as they are, but the capacity is lowered to that of the room.
   * `clashes` decides about the people who would have two seats at the same time.
   * @param move.expectVersion the version that the Café must have
   * @throws ProblemError `cafe-not-found`, `version-changed` {version, current}, `room-not-found`, `ends-before-start`, `ends-before-now`,
   *   `capacity-above-room`, `capacity-below-taken`, `room-full`; `counts-changed` {taken} when `expectTaken` is another number;
   *   `move-clashes` when seats would overlap and `clashes` is not given
   */
  async moveCafe(cafeId: string, move: CafeMove & ExpectedVersion, by: string): Promise<CafeSeats> {
    const { roomId, startsAt, endsAt, capacity, clashes, excess, expectTaken, expectVersion, reason } = move;
    const [answer] = await this.#commits.query<ChangeRow>(
      'select * from seats_move_cafe($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [
        cafeId,
        roomId ?? null,
        startsAt ?? null,
        endsAt ?? null,
        capacity ?? null,
        clashes ?? null,
        excess === 'cancel',
        by,
        expectTaken ?? null,
        expectVersion ?? null,
        reason ?? null,
      ],
    );
    await this.#refuse(cafeId, answer, answer?.capacity, MOVED);
    return this.#commits.publishAndCount(cafeId, answer?.registration_ids);
  }

  /** Publishes what libs/programme committed: Cafés that changed, and the registrations that changed with them. */
  async publish(cafeIds: string[], registrationIds: string[] = []): Promise<void> {
    await this.#commits.publishIds(registrationIds, cafeIds);
  }

  /** @throws ProblemError when a change or a move is refused; `names`: the fields that the client wanted to change */
  async #refuse(
    cafeId: string,
    answer: ChangeRow | undefined,
    capacity: number | undefined,
    names: readonly (keyof CurrentCafe)[],
  ): Promise<void> {
    if (answer?.outcome === 'version-changed') await refuseOtherVersion(this.#commits.query, cafeId, names);
    refuseNumbers(answer, capacity);
  }
}

/** @throws ProblemError when a change or a move of a Café is refused, with the numbers that explain the refusal */
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
