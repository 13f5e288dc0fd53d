import {
  activeIn,
  cafeOf,
  freeIn,
  hasSeat,
  inTheWay,
  lineOf,
  type ModelCafe,
  type ModelRegistration,
  type ModelState,
  overlap,
  takenIn,
} from './state.ts';

/** What a rule decided, and the state after it. Where it refuses, the state is the one before. */
export interface Decided {
  outcome: string;
  state: ModelState;
}

/** Close to the start, in minutes: a freed seat is offered, not given. */
const NEAR_MINUTES = 120;
const NEAR_OFFER_MINUTES = 10;
const FAR_OFFER_MINUTES = 240;
const DAY_MINUTES = 24 * 60;

/** Run a rule on a copy: a refusal leaves no trace, and nobody sees a state half changed. */
export function decide(state: ModelState, rule: (draft: ModelState) => string, accepted: string[]): Decided {
  const draft = structuredClone(state);
  const outcome = rule(draft);
  return { outcome, state: accepted.includes(outcome) ? draft : state };
}

/** Ask for a seat: free seats go to the first who ask, the rest wait in the same order. Again: what there is already. */
export function claim(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(state, (draft) => claimOne(draft, cafeId, personId, {}), ['created']);
}

/** Seats for several people. `each`: what is possible. `all`: all of them, or all of them in line, or nothing. */
export function claimTogether(state: ModelState, cafeId: string, personIds: string[], mode: 'all' | 'each'): Decided {
  return decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const fresh = personIds.filter((personId) => !activeIn(draft, cafeId, personId));
      const asked = mode === 'all' && fresh.length > 0 && takes(draft, cafe);
      if (asked && fresh.some((personId) => inTheWay(draft, personId, cafe).length > 0)) return 'refused';
      if (asked && fresh.length > freeIn(draft, cafe)) {
        if (!cafe.waitlistOpen) return 'refused';
        const group = draft.registrations.length;
        for (const personId of fresh) join(draft, cafe, personId, { vouched: true, group });
        return 'decided';
      }
      for (const personId of personIds) claimOne(draft, cafeId, personId, { vouched: true });
      return 'decided';
    },
    ['decided'],
  );
}

/** The person proved their address: what is held for them, and is not over, is theirs, also to swap for what they wait for; so is what comes. */
export function prove(state: ModelState, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      for (const person of draft.people) if (person.id === personId) person.proved = true;
      const own = draft.registrations.filter((registration) => registration.personId === personId);
      const kept = own.filter(
        ({ cafeId, status, expiresAt }) =>
          status === 'held' && Math.min(expiresAt ?? 0, cafeOf(draft, cafeId).endsAt) > draft.now,
      );
      for (const registration of own) registration.vouched = true;
      for (const registration of kept) confirm(registration);
      moveUp(draft, linesAround(draft, kept, []));
      return 'proved';
    },
    ['proved'],
  );
}

/** Give a registration back: a seat, a place in line, or an offer, which that declines. */
export function cancel(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const registration = activeIn(draft, cafeId, personId);
      if (!registration) return 'registration-not-found';
      const around = linesAround(draft, [registration], []);
      leave(draft, registration, 'cancelled');
      moveUp(draft, around);
      return 'cancelled';
    },
    ['cancelled'],
  );
}

/** End what has run out: holds and offers, and the waiting for a Café that is over. */
export function expire(state: ModelState): Decided {
  return decide(
    state,
    (draft) => {
      const due = draft.registrations.filter(({ cafeId, status, expiresAt }) =>
        status === 'waitlisted'
          ? cafeOf(draft, cafeId).endsAt <= draft.now
          : (status === 'held' || status === 'offered') && (expiresAt ?? 0) <= draft.now,
      );
      const around = linesAround(draft, due, []);
      for (const registration of due) leave(draft, registration, 'expired');
      moveUp(draft, around);
      return 'expired';
    },
    ['expired'],
  );
}

/** Say yes to an offer in time; what the person has at that time goes back. */
export function accept(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const offer = activeIn(draft, cafeId, personId);
      if (!offer) return 'registration-not-found';
      if (offer.status === 'confirmed') return 'offer-accepted';
      if (offer.status !== 'offered') return 'no-offer';
      if (Math.min(offer.expiresAt ?? 0, cafeOf(draft, cafeId).endsAt) <= draft.now) return 'offer-expired';
      const leaving = inTheWay(draft, personId, cafeOf(draft, cafeId)).filter((other) => other !== offer);
      if (leaving.some(({ present }) => present)) return 'schedule-clash';
      const around = linesAround(draft, [...leaving, offer], []);
      for (const registration of leaving) leave(draft, registration, 'cancelled');
      confirm(offer);
      moveUp(draft, around);
      return 'accepted';
    },
    ['accepted'],
  );
}

/** Take a seat elsewhere and give this one back, or change nothing. */
export function swap(state: ModelState, fromCafeId: string, toCafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const leaving = activeIn(draft, fromCafeId, personId);
      const target = cafeOf(draft, toCafeId);
      const there = activeIn(draft, toCafeId, personId);
      if (!leaving) return 'registration-not-found';
      if (target.state === 'draft') return 'cafe-not-found';
      if (fromCafeId === toCafeId) return 'same-cafe';
      if (leaving.status !== 'confirmed' || leaving.present) return 'registration-over';
      if (!takes(draft, target)) return 'cafe-not-open';
      if (there && there.status !== 'waitlisted') return 'already-registered';
      const around = linesAround(draft, [leaving], [toCafeId]);
      leave(draft, leaving, 'cancelled');
      if (freeIn(draft, target) <= 0) return 'cafe-full';
      if (inTheWay(draft, personId, target).length > 0) return 'schedule-clash';
      confirm(there ?? add(draft, target, personId));
      moveUp(draft, around);
      return 'swapped';
    },
    ['swapped'],
  );
}

/** Check a person in at the door; or undo it: then they may be offered again to swap the seat for what they wait for. */
export function checkIn(state: ModelState, cafeId: string, personId: string, present: boolean): Decided {
  return decide(
    state,
    (draft) => {
      const registration = activeIn(draft, cafeId, personId);
      if (registration?.status !== 'confirmed') return 'not-confirmed';
      if (registration.present === present) return 'done';
      registration.present = present;
      if (!present) moveUp(draft, linesAround(draft, [registration], []));
      return 'done';
    },
    ['done'],
  );
}

/** Seat a person who stands at the door. */
export function walkIn(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const there = activeIn(draft, cafeId, personId);
      const needsSeat = !there || there.status === 'waitlisted';
      if (cafe.state === 'draft') return 'cafe-not-found';
      if (cafe.state === 'cancelled' || cafe.endsAt <= draft.now) return 'cafe-not-open';
      if (there?.present) return 'already-checked-in';
      if (needsSeat && freeIn(draft, cafe) <= 0) return 'cafe-full';
      if (there?.status === 'offered' && there.overlapping) return 'schedule-clash';
      if (needsSeat && inTheWay(draft, personId, cafe).length > 0) return 'schedule-clash';
      const registration = there ?? add(draft, cafe, personId);
      if (registration.status !== 'confirmed') confirm(registration);
      registration.present = true;
      return 'checked-in';
    },
    ['checked-in'],
  );
}

export interface ModelMove {
  roomId: string;
  startsAt: number;
  endsAt: number;
  capacity: number;
  clashes?: 'swap' | 'keep' | 'cancel';
  cancelExcess: boolean;
}

/** Move a Café, with a decision for those who would have two seats at once, and for the seats that are too many there. */
export function moveCafe(state: ModelState, cafeId: string, move: ModelMove): Decided {
  return decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const seated = () => draft.registrations.filter((each) => each.cafeId === cafeId && hasSeat(each));
      const excess = Math.max(0, takenIn(draft, cafeId) - move.capacity);
      const { roomId, startsAt, endsAt, capacity } = move;
      const stays = cafe.roomId === roomId && cafe.startsAt === startsAt && cafe.endsAt === endsAt;
      if (endsAt <= startsAt || endsAt > startsAt + DAY_MINUTES) return 'ends-before-start';
      if (endsAt <= draft.now && !stays) return 'ends-before-now';
      if (move.capacity > roomCapacity(draft, move.roomId)) return 'capacity-above-room';
      if (excess > 0 && !move.cancelExcess) return 'capacity-below-taken';
      for (const registration of excess > 0 ? seated().slice(-excess) : []) leave(draft, registration, 'cancelled');
      Object.assign(cafe, { roomId, startsAt, endsAt, capacity, target: undefined });
      if (freeIn(draft, cafe) < 0) return 'room-full';

      const tried = seated().filter(({ status, overlapping }) => !stays && !(status === 'offered' && overlapping));
      const clashing = tried.filter(({ personId }) =>
        inTheWay(draft, personId, cafe).some((other) => other.cafeId !== cafeId),
      );
      if (clashing.length > 0 && !move.clashes) return 'move-clashes';
      for (const registration of tried) registration.overlapping = clashing.includes(registration);
      for (const registration of clashing) {
        if (move.clashes === 'cancel') leave(draft, registration, 'cancelled');
        else if (move.clashes === 'swap' || registration.status === 'held') offer(draft, registration, cafe);
      }
      // An offer, or a seat kept from the line, ends no later than one made now.
      for (const registration of stays ? [] : seated()) {
        const { status, number } = registration;
        if (status !== 'offered' && !(status === 'held' && number !== undefined)) continue;
        registration.expiresAt = Math.min(registration.expiresAt ?? 0, keptUntil(draft, cafe));
      }
      moveUp(draft, first(draft, [cafe]));
      return 'moved';
    },
    ['moved'],
  );
}

// What the rules are made of.

export const roomCapacity = (state: ModelState, roomId: string) =>
  state.rooms.find(({ id }) => id === roomId)?.capacity ?? 0;
const takes = (state: ModelState, cafe: ModelCafe) => cafe.state === 'open' && cafe.endsAt > state.now;

function claimOne(state: ModelState, cafeId: string, personId: string, { vouched = false }): string {
  const cafe = cafeOf(state, cafeId);
  if (cafe.state === 'draft') return 'cafe-not-found';
  if (activeIn(state, cafeId, personId)) return 'existing';
  if (!takes(state, cafe)) return 'cafe-not-open';
  if (freeIn(state, cafe) > 0) {
    if (inTheWay(state, personId, cafe).length > 0) return 'schedule-clash';
    const registration = add(state, cafe, personId);
    if (vouched || isProved(state, personId)) confirm(registration);
    else Object.assign(registration, { status: 'held', expiresAt: state.now + state.holdMinutes, vouched: false });
    return 'created';
  }
  if (!cafe.waitlistOpen) return 'cafe-full';
  join(state, cafe, personId, { vouched: vouched || isProved(state, personId) });
  return 'created';
}

const isProved = (state: ModelState, personId: string) =>
  state.people.some(({ id, proved }) => id === personId && proved);

function add(state: ModelState, cafe: ModelCafe, personId: string): ModelRegistration {
  const registration: ModelRegistration = {
    cafeId: cafe.id,
    personId,
    status: 'confirmed',
    present: false,
    overlapping: false,
    vouched: true,
  };
  state.registrations.push(registration);
  return registration;
}

function join(
  state: ModelState,
  cafe: ModelCafe,
  personId: string,
  how: Pick<ModelRegistration, 'vouched' | 'group'>,
): void {
  cafe.lastNumber += 1;
  Object.assign(add(state, cafe, personId), { status: 'waitlisted', number: cafe.lastNumber, ...how });
}

function confirm(registration: ModelRegistration): void {
  Object.assign(registration, { status: 'confirmed', expiresAt: undefined, overlapping: false });
}

/** Keep a seat for a yes. */
function offer(state: ModelState, registration: ModelRegistration, cafe: ModelCafe): void {
  Object.assign(registration, { status: 'offered', expiresAt: keptUntil(state, cafe), present: false });
}

/** How long a seat is kept that nobody asked for just now: ten minutes close to the start; before that four hours, but not past the beginning of “close”. */
function keptUntil(state: ModelState, cafe: ModelCafe): number {
  return isNear(state, cafe)
    ? Math.min(state.now + NEAR_OFFER_MINUTES, cafe.endsAt)
    : Math.min(state.now + FAR_OFFER_MINUTES, Math.max(cafe.startsAt - NEAR_MINUTES, state.now + NEAR_OFFER_MINUTES));
}

const isNear = (state: ModelState, cafe: ModelCafe) => cafe.startsAt <= state.now + NEAR_MINUTES;

/** End a registration. A seat that becomes free goes to a smaller capacity first, where there is one to reach. */
export function leave(state: ModelState, registration: ModelRegistration, status: 'cancelled' | 'expired'): void {
  Object.assign(registration, { status, expiresAt: undefined, present: false, overlapping: false });
  const cafe = cafeOf(state, registration.cafeId);
  if (cafe.target === undefined) return;
  cafe.capacity = Math.max(cafe.target, takenIn(state, cafe.id));
  if (cafe.capacity === cafe.target) cafe.target = undefined;
}

/** All Cafés, these first: the order in which lines move. */
export function first(state: ModelState, cafes: ModelCafe[]): ModelCafe[] {
  return [...cafes, ...state.cafes.filter((cafe) => !cafes.includes(cafe))];
}

/** The Cafés whose lines may move when these end: theirs first, then where their people wait and what shares a room. */
function linesAround(state: ModelState, leaving: ModelRegistration[], cafeIds: string[]): ModelCafe[] {
  const freed = state.cafes.filter(({ id }) => leaving.some(({ cafeId }) => cafeId === id));
  const own = [...freed, ...state.cafes.filter(({ id }) => cafeIds.includes(id))];
  const waits = (cafe: ModelCafe) =>
    lineOf(state, cafe.id).some(({ personId }) => leaving.some((each) => each.personId === personId));
  const shares = (cafe: ModelCafe) => own.some((mine) => mine.roomId === cafe.roomId && overlap(mine, cafe));
  return [
    ...freed,
    ...state.cafes.filter((cafe) => !freed.includes(cafe) && (own.includes(cafe) || waits(cafe) || shares(cafe))),
  ];
}

/**
 * Give the free seats of these Cafés, one Café after the other, to the first in line who can take them: a person who is free
 * at that time; one with a single confirmed seat in the way, who is offered to swap it; a group that asked for `all`, when
 * there are seats for all of it and all of it is free. Whoever cannot keeps their place, and is passed over by those who can.
 */
export function moveUp(state: ModelState, cafes: ModelCafe[]): void {
  for (const cafe of cafes) {
    if (!takes(state, cafe)) continue;
    for (const unit of unitsOf(lineOf(state, cafe.id))) {
      const ways = unit.map(({ personId }) => inTheWay(state, personId, cafe));
      const isFree = ways.every((way) => way.length === 0);
      const [other, ...more] = ways[0] ?? [];
      const swaps =
        unit.length === 1 &&
        unit[0]?.group === undefined &&
        more.length === 0 &&
        other?.status === 'confirmed' &&
        !other.present;
      if (unit.length > freeIn(state, cafe) || !(isFree || swaps)) continue;
      for (const registration of unit) {
        if (!isFree) {
          offer(state, registration, cafe);
          registration.overlapping = true;
        } else if (!registration.vouched) {
          Object.assign(registration, { status: 'held', expiresAt: keptUntil(state, cafe) });
        } else if (isNear(state, cafe)) offer(state, registration, cafe);
        else confirm(registration);
      }
    }
  }
}

/** The people and groups of a line, each where its first person stands. */
function unitsOf(line: ModelRegistration[]): ModelRegistration[][] {
  const units = new Map<number | string, ModelRegistration[]>();
  for (const registration of line) {
    const key = registration.group ?? registration.personId;
    units.set(key, [...(units.get(key) ?? []), registration]);
  }
  return [...units.values()];
}
