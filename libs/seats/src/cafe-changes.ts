import { type CafeChange, type CafeMove, type CafeSeats, ProblemError } from '#contract';
import type { Commits } from './commits.ts';
import { outcomeOf } from './outcomes.ts';

/** The answer of `seats_change_cafe` and of `seats_move_cafe`. */
interface ChangeRow {
  outcome: string;
  taken: number;
  /** Set by `seats_change_cafe` only. */
  waitlisted?: number;
  room_capacity: number;
  registration_ids: string[] | null;
}

/** The outcomes of `seats_change_cafe` and `seats_move_cafe` that are not codes of problems, or that need numbers with the code. */
const changeOutcomes = [
  'changed',
  'moved',
  'has-registrations',
  'counts-changed',
  'capacity-below-taken',
  'capacity-above-room',
] as const;

/** Changes of a Café by an organiser. Each change is one transaction. When a call resolves, its change is on disk. */
export class CafeChanges {
  readonly #commits: Commits;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  /**
   * Changes the capacity, the state or the waitlist of a Café. Added seats go to the waitlist in the same commit. A closed waitlist or Café
   * accepts no claims. In the same commit, or ten seconds later when the change is `undoable`, the places in the waitlist end, and for the
   * state `cancelled` every registration, each with its mail.
   * @throws ProblemError `cafe-not-found`; `cafe-cancelled` when a cancelled Café would get another state; `capacity-below-taken`
   *   {capacity, taken} without `asTarget`; `capacity-above-room` {capacity, roomCapacity}; `counts-changed` {taken, waitlisted} when the
   *   counts are not those that `change` expects
   */
  async changeCafe(cafeId: string, change: CafeChange, by?: string): Promise<CafeSeats> {
    const { capacity, asTarget, state, waitlistOpen, undoable, expectTaken, expectWaitlisted } = change;
    const [answer] = await this.#commits.query<ChangeRow>(
      'select * from seats_change_cafe($1, $2, $3, $4, $5, $6, $7, $8, $9)',
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
      ],
    );
    refuseNumbers(answer, capacity);
    return this.#commits.publishAndCount(cafeId, answer?.registration_ids);
  }

  /**
   * Moves a Café to another time, room or capacity. `clashes` decides about people who would have two seats at once.
   * @throws ProblemError `cafe-not-found`, `room-not-found`, `ends-before-start`, `ends-before-now`, `capacity-above-room`,
   *   `capacity-below-taken`, `room-full`; `counts-changed` {taken} when `expectTaken` is another number; `move-clashes` when seats would
   *   clash and `clashes` is missing
   */
  async moveCafe(
    cafeId: string,
    move: Required<Omit<CafeMove, 'clashes' | 'expectTaken'>> & Pick<CafeMove, 'clashes' | 'expectTaken'>,
    by: string,
  ): Promise<CafeSeats> {
    const { roomId, startsAt, endsAt, capacity, clashes, excess, expectTaken } = move;
    const [answer] = await this.#commits.query<ChangeRow>(
      'select * from seats_move_cafe($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [cafeId, roomId, startsAt, endsAt, capacity, clashes ?? null, excess === 'cancel', by, expectTaken ?? null],
    );
    refuseNumbers(answer, capacity);
    return this.#commits.publishAndCount(cafeId, answer?.registration_ids);
  }
}

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
