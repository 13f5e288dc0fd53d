import { seatConstants } from './constants.ts';
import { cafesFrom, type Decided, decide, leave, moveUp, roomCapacity } from './rules.ts';
import {
  activeIn,
  cafeOf,
  findPooled,
  freeIn,
  isActive,
  type ModelCafe,
  type ModelPending,
  type ModelRegistration,
  type ModelState,
  takenIn,
  waitlistOf,
} from './state.ts';

/** How long after the start of a Café its hosts must wait before they release the seats of absent people, in minutes. */
const GRACE_MINUTES = 10;

/**
 * Releases the seats of these absent people to the waitlist, after ten seconds. This release and the pending ones together release no more
 * seats than the waitlist takes.
 */
export function releaseNoShows(state: ModelState, cafeId: string, personIds: string[]): Decided {
  return decide(
    state,
    (draft) => {
      const { startsAt } = cafeOf(draft, cafeId);
      if (startsAt > draft.now) return 'cafe-not-begun';
      if (startsAt + GRACE_MINUTES > draft.now) return 'grace-period';
      const pending = draft.pending.flatMap((change) =>
        change.cafeId === cafeId ? absent(draft, cafeId, change.personIds) : [],
      );
      const chosen = absent(draft, cafeId, personIds);
      if (chosen.length < personIds.length || chosen.some((each) => pending.includes(each))) return 'not-absent';
      const together = [...pending, ...chosen];
      if (waitlistWouldTake(draft, cafeId, together) < together.length) return 'more-than-wait';
      draft.pending.push({
        cafeId,
        cause: 'no-show',
        personIds,
        appliesAt: draft.now + seatConstants.seats_undo_window,
      });
      return 'pending';
    },
    ['pending'],
  );
}

export interface ModelChange {
  capacity?: number;
  asTarget?: boolean;
  state?: ModelCafe['state'];
  waitlistOpen?: boolean;
  /** Whether the change ends registrations after ten seconds. */
  undoable?: boolean;
}

/**
 * Changes a Café. Added seats go to the waitlist. A closed waitlist or Café accepts no claims. The places in the waitlist, and the seats of
 * a cancelled Café, end at once, or after ten seconds when the change is undoable.
 */
export function changeCafe(state: ModelState, cafeId: string, change: ModelChange): Decided {
  return decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const before = { state: cafe.state, waitlistOpen: cafe.waitlistOpen };
      if (before.state === 'cancelled' && change.state && change.state !== 'cancelled') return 'cafe-cancelled';
      const taken = takenIn(draft, cafeId);
      const { capacity, asTarget = false, undoable = false } = change;
      if (capacity !== undefined && capacity > roomCapacity(draft, cafe.roomId)) return 'capacity-above-room';
      if (capacity !== undefined && capacity < taken && !asTarget && change.state !== 'cancelled') {
        return 'capacity-below-taken';
      }
      if (change.state === 'draft' && taken + waitlistOf(draft, cafeId).length > 0) return 'has-registrations';
      if (capacity !== undefined) {
        cafe.capacity = Math.max(capacity, taken);
        cafe.target = capacity < taken ? capacity : undefined;
        findPooled(draft, [cafe.roomId]);
        if (change.state !== 'cancelled') moveUp(draft, [cafe]);
      }
      cafe.state = change.state ?? cafe.state;
      cafe.waitlistOpen = change.waitlistOpen ?? cafe.waitlistOpen;
      const ending = endLater(draft, cafe, before, undoable);
      if (ending && !undoable) apply(draft, ending);
      moveUp(draft, cafesFrom(draft, [cafe]));
      return 'changed';
    },
    ['changed'],
  );
}

/**
 * Undoes the last release or the closing of a Café. The undo of a closing restores the state of the Café. The places in the waitlist have
 * not ended before that.
 */
export function undo(state: ModelState, cafeId: string, what: 'no-show' | 'closing'): Decided {
  return decide(
    state,
    (draft) => {
      const change = draft.pending.findLast(
        ({ cafeId: of, cause }) => of === cafeId && (cause === 'no-show') === (what === 'no-show'),
      );
      if (!change || change.appliesAt <= draft.now) return 'undo-over';
      drop(draft, change);
      if (what === 'closing') {
        const cafe = cafeOf(draft, cafeId);
        Object.assign(cafe, change.before);
        moveUp(draft, cafesFrom(draft, [cafe]));
      }
      return 'undone';
    },
    ['undone'],
  );
}

/** Applies the pending changes whose ten seconds are over. */
export function applyDue(state: ModelState): Decided {
  return decide(
    state,
    (draft) => {
      const due = draft.pending.filter(({ appliesAt }) => appliesAt <= draft.now);
      for (const change of due.toSorted((one, other) => one.appliesAt - other.appliesAt)) apply(draft, change);
      return 'applied';
    },
    ['applied'],
  );
}

function apply(state: ModelState, change: ModelPending): void {
  drop(state, change);
  const ending = change.cause === 'no-show' ? releasable(state, change) : losing(state, change);
  for (const registration of ending) leave(state, registration, 'cancelled');
  moveUp(state, cafesFrom(state, [cafeOf(state, change.cafeId)]));
}

/** The registrations of those chosen people who have a confirmed seat and are not present. */
function absent(state: ModelState, cafeId: string, personIds: string[]): ModelRegistration[] {
  return personIds.flatMap((personId) => {
    const registration = activeIn(state, cafeId, personId);
    return registration?.status === 'confirmed' && !registration.present ? [registration] : [];
  });
}

/** How many of these seats the waitlist would take if they ended now. */
function waitlistWouldTake(state: ModelState, cafeId: string, seats: ModelRegistration[]): number {
  const trial = structuredClone(state);
  const cafe = cafeOf(trial, cafeId);
  const [freeBefore, waitingBefore] = [freeIn(trial, cafe), waitlistOf(trial, cafeId).length];
  for (const { personId } of seats) {
    leave(trial, activeIn(trial, cafeId, personId) as ModelRegistration, 'cancelled');
  }
  moveUp(trial, [cafe]);
  return Math.max(0, waitingBefore - waitlistOf(trial, cafeId).length - freeBefore);
}

/** The seats that a due release ends. People who came keep their seats. When fewer people wait now, the people chosen last keep theirs. */
function releasable(state: ModelState, { cafeId, personIds }: ModelPending): ModelRegistration[] {
  let seats = absent(state, cafeId, personIds);
  for (;;) {
    const takes = waitlistWouldTake(state, cafeId, seats);
    if (takes >= seats.length) return seats;
    seats = seats.slice(0, takes);
  }
}

/** The registrations that a due closing ends. */
function losing(state: ModelState, { cafeId, cause }: ModelPending): ModelRegistration[] {
  return state.registrations.filter(
    (registration) =>
      registration.cafeId === cafeId &&
      isActive(registration) &&
      (registration.status === 'waitlisted' || cause === 'cafe-cancelled'),
  );
}

/** Updates the pending closing of a Café to the current state of the Café. After a change that is not undoable it is due. */
function endLater(
  state: ModelState,
  cafe: ModelCafe,
  before: ModelPending['before'],
  undoable: boolean,
): ModelPending | undefined {
  const change = state.pending.find(({ cafeId, cause }) => cafeId === cafe.id && cause !== 'no-show');
  const cause = causeOfEnd(state, cafe);
  const appliesAt = undoable ? state.now + seatConstants.seats_undo_window : state.now;
  if (!cause) {
    drop(state, change);
    return undefined;
  }
  const changed = cafe.state !== before?.state || cafe.waitlistOpen !== before.waitlistOpen;
  if (change && !changed && undoable) return change;
  // A new change, so that an undo of the earlier one does not undo this one.
  drop(state, change);
  const made: ModelPending = {
    cafeId: cafe.id,
    cause,
    personIds: [],
    before: change ? change.before : before,
    coversEarlier: change !== undefined,
    appliesAt,
  };
  state.pending.push(made);
  return made;
}

/** The reason why people of this Café lose a place; undefined when no person loses one. */
function causeOfEnd(state: ModelState, cafe: ModelCafe): Exclude<ModelPending['cause'], 'no-show'> | undefined {
  const waiting = waitlistOf(state, cafe.id).length;
  if (cafe.state === 'cancelled' && takenIn(state, cafe.id) + waiting > 0) return 'cafe-cancelled';
  if (waiting === 0) return undefined;
  if (cafe.state === 'closed') return 'cafe-closed';
  return cafe.waitlistOpen ? undefined : 'line-closed';
}

function drop(state: ModelState, change: ModelPending | undefined): void {
  state.pending = state.pending.filter((each) => each !== change);
}
