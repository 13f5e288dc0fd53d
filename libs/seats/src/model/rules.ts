import { seatConstants } from './constants.ts';
import {
  activeIn,
  cafeOf,
  findPooled,
  freeForGuestsIn,
  freeIn,
  guestIn,
  hasSeat,
  heldFor,
  inTheWay,
  isActive,
  isOpenGuest,
  type ModelCafe,
  type ModelRegistration,
  type ModelState,
  mailboxOf,
  overlap,
  takenIn,
  takesMinutes,
  waitlistOf,
} from './state.ts';

/** The outcome of a rule, and the state after it. A refusal leaves the state unchanged. */
export interface Decided {
  outcome: string;
  state: ModelState;
}

/** Runs a rule on a copy of the state, so that a refusal changes nothing. */
export function decide(state: ModelState, rule: (draft: ModelState) => string, accepted: string[]): Decided {
  const draft = structuredClone(state);
  const outcome = rule(draft);
  return { outcome, state: accepted.includes(outcome) ? draft : state };
}

/**
 * Claims a seat, signed in. Free seats go to the first claims; later claims join the waitlist. A second claim returns the existing
 * registration. An open guest registration of the person becomes the person's own.
 */
export function claim(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const guest = guestIn(draft, cafeId, personId);
      const takesOver = cafeOf(draft, cafeId).state !== 'draft' && !activeIn(draft, cafeId, personId);
      if (!guest || !takesOver || !isOpenGuest(draft, guest)) return claimOne(draft, cafeId, personId);
      proveGuests(draft, [guest]);
      return 'guest-registration';
    },
    ['created', 'guest-registration'],
  );
}

/** Claims a seat without a session, in the name of a person. The person's own registrations have no influence. */
export function claimAsGuest(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(state, (draft) => claimOneAsGuest(draft, cafeId, personId), ['created']);
}

/**
 * Claims seats for several people. `each`: as many as there are seats. `all`: seats for all of them, or waitlist places for all of them, or
 * nothing. People whose address is not proved, or who gave back a seat that the delegate took for them, get guest registrations, after the
 * others. The first person of the state is the delegate.
 */
export function claimTogether(state: ModelState, cafeId: string, personIds: string[], mode: 'all' | 'each'): Decided {
  const decided = decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const refused = (personId: string) =>
        draft.registrations.some((each) => each.personId === personId && each.delegated && each.refused);
      const unproved = personIds.filter((personId) => !isProved(draft, personId) || refused(personId));
      const fresh = personIds.filter(
        (id) => !activeIn(draft, cafeId, id) && !(unproved.includes(id) && guestIn(draft, cafeId, id)),
      );
      const guests = fresh.filter((personId) => unproved.includes(personId));
      if (mode === 'all' && fresh.length > 0 && takes(draft, cafe)) {
        if (fresh.some((id) => !guests.includes(id) && inTheWay(draft, id, cafe).length > 0)) return 'refused';
        if (fresh.length > freeIn(draft, cafe) || !fitGuests(draft, cafe, guests)) {
          if (!cafe.waitlistOpen) return 'refused';
          const group = draft.registrations.length;
          for (const personId of fresh) join(draft, cafe, personId, { guest: guests.includes(personId), group });
          return 'decided';
        }
      }
      for (const personId of personIds) if (!unproved.includes(personId)) claimOne(draft, cafeId, personId);
      for (const personId of unproved) {
        if (!activeIn(draft, cafeId, personId)) claimOneAsGuest(draft, cafeId, personId);
      }
      return 'decided';
    },
    ['decided'],
  );
  for (const made of decided.state.registrations.slice(state.registrations.length)) {
    made.delegated = made.personId !== state.people[0]?.id;
  }
  return decided;
}

/**
 * The person proves their address by the mail of these guest registrations, or confirms them while signed in. The open ones become the
 * person's own.
 */
export function prove(state: ModelState, personId: string, cafeIds: string[]): Decided {
  return decide(
    state,
    (draft) => {
      for (const person of draft.people) if (person.id === personId) person.proved = true;
      const named = draft.registrations.filter(
        (each) => each.personId === personId && each.guest && isActive(each) && cafeIds.includes(each.cafeId),
      );
      proveGuests(draft, named);
      return 'proved';
    },
    ['proved'],
  );
}

/** Gives a registration back: a seat, a place in the waitlist, an offer (which is declined), or a guest registration. */
export function cancel(state: ModelState, cafeId: string, personId: string, asGuest = false): Decided {
  return decide(
    state,
    (draft) => {
      const registration = asGuest ? guestIn(draft, cafeId, personId) : activeIn(draft, cafeId, personId);
      if (!registration) return 'registration-not-found';
      const around = cafesAround(draft, [registration], []);
      leave(draft, registration, 'cancelled');
      registration.refused = true;
      moveUp(draft, around);
      return 'cancelled';
    },
    ['cancelled'],
  );
}

/** Ends registrations whose time is over: holds, offers, the time to prove an address, and waiting for a Café that is over. */
export function expire(state: ModelState): Decided {
  return decide(
    state,
    (draft) => {
      const due = draft.registrations.filter(({ cafeId, status, expiresAt, proveBy }) =>
        status === 'waitlisted'
          ? Math.min(proveBy ?? Number.POSITIVE_INFINITY, cafeOf(draft, cafeId).endsAt) <= draft.now
          : (status === 'held' || status === 'offered') && (expiresAt ?? 0) <= draft.now,
      );
      const around = cafesAround(draft, due, []);
      for (const registration of due) leave(draft, registration, 'expired');
      moveUp(draft, around);
      return 'expired';
    },
    ['expired'],
  );
}

/** Accepts an offer in time. The person's seats at that time are given back. */
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
      const around = cafesAround(draft, [...leaving, offer], []);
      for (const registration of leaving) {
        leave(draft, registration, 'cancelled');
        registration.refused = true;
      }
      confirm(offer);
      moveUp(draft, around);
      return 'accepted';
    },
    ['accepted'],
  );
}

/** Takes a seat in another Café and gives this one back, or changes nothing. A guest registration of the person in that Café ends. */
export function swap(state: ModelState, fromCafeId: string, toCafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const leaving = activeIn(draft, fromCafeId, personId);
      const target = cafeOf(draft, toCafeId);
      const existing = activeIn(draft, toCafeId, personId);
      if (!leaving) return 'registration-not-found';
      if (target.state === 'draft') return 'cafe-not-found';
      if (fromCafeId === toCafeId) return 'same-cafe';
      if (leaving.status !== 'confirmed' || leaving.present) return 'registration-over';
      if (!takes(draft, target)) return 'cafe-not-open';
      if (existing && existing.status !== 'waitlisted') return 'already-registered';
      const replaced = guestIn(draft, toCafeId, personId);
      const around = cafesAround(draft, replaced ? [leaving, replaced] : [leaving], [toCafeId]);
      leave(draft, leaving, 'cancelled');
      leaving.refused = true;
      if (replaced) leave(draft, replaced, 'cancelled');
      if (freeIn(draft, target) <= 0) return 'cafe-full';
      if (inTheWay(draft, personId, target).length > 0) return 'schedule-clash';
      confirm(existing ?? add(draft, target, personId));
      moveUp(draft, around);
      return 'swapped';
    },
    ['swapped'],
  );
}

/**
 * Checks a person in at the door, or undoes it. After undoing, the person may get an offer to swap the seat; a person without an address
 * loses the seat, because nobody else could give it back.
 */
export function checkIn(state: ModelState, cafeId: string, personId: string, present: boolean): Decided {
  return decide(
    state,
    (draft) => {
      const registration = activeIn(draft, cafeId, personId);
      if (registration?.status !== 'confirmed') return 'not-confirmed';
      if (registration.present === present) return 'done';
      registration.present = present;
      if (present) return 'done';
      const around = cafesAround(draft, [registration], []);
      if (draft.people.some(({ id, noAddress }) => id === personId && noAddress))
        leave(draft, registration, 'cancelled');
      moveUp(draft, around);
      return 'done';
    },
    ['done'],
  );
}

/** Seats a person at the door. A guest registration of theirs becomes their own. */
export function walkIn(state: ModelState, cafeId: string, personId: string): Decided {
  return decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const existing = activeIn(draft, cafeId, personId) ?? guestIn(draft, cafeId, personId);
      const needsSeat = !existing || existing.status === 'waitlisted';
      if (cafe.state === 'draft') return 'cafe-not-found';
      if (cafe.state === 'cancelled' || cafe.endsAt <= draft.now) return 'cafe-not-open';
      if (existing?.present) return 'already-checked-in';
      if (needsSeat && freeIn(draft, cafe) <= 0) return 'cafe-full';
      if (existing?.status === 'offered' && existing.overlapping) return 'schedule-clash';
      if ((needsSeat || existing.guest) && inTheWay(draft, personId, cafe).length > 0) return 'schedule-clash';
      const registration = existing ?? add(draft, cafe, personId);
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

/** Moves a Café, with a decision about people who would have two seats at the same time, and about excess seats. */
export function moveCafe(state: ModelState, cafeId: string, move: ModelMove): Decided {
  return decide(
    state,
    (draft) => {
      const cafe = cafeOf(draft, cafeId);
      const seated = () => draft.registrations.filter((each) => each.cafeId === cafeId && hasSeat(each));
      const excess = Math.max(0, takenIn(draft, cafeId) - move.capacity);
      const { roomId, startsAt, endsAt, capacity } = move;
      const stays = cafe.roomId === roomId && cafe.startsAt === startsAt && cafe.endsAt === endsAt;
      if (endsAt <= startsAt || endsAt > startsAt + seatConstants.cafe_duration_max) return 'ends-before-start';
      if (endsAt <= draft.now && !stays) return 'ends-before-now';
      if (move.capacity > roomCapacity(draft, move.roomId)) return 'capacity-above-room';
      if (excess > 0 && !move.cancelExcess) return 'capacity-below-taken';
      for (const registration of excess > 0 ? seated().slice(-excess) : []) leave(draft, registration, 'cancelled');
      const roomIds = [cafe.roomId, roomId];
      Object.assign(cafe, { roomId, startsAt, endsAt, capacity, target: undefined });
      findPooled(draft, roomIds);
      if (freeIn(draft, cafe) < 0) return 'room-full';

      const tried = seated().filter(
        (each) => !stays && (takesMinutes(each) || (each.status === 'confirmed' && each.overlapping)),
      );
      const clashing = tried.filter(({ personId }) =>
        inTheWay(draft, personId, cafe).some((other) => other.cafeId !== cafeId),
      );
      if (clashing.length > 0 && !move.clashes) return 'move-clashes';
      for (const registration of tried) registration.overlapping = clashing.includes(registration);
      for (const registration of clashing) {
        if (move.clashes === 'cancel') leave(draft, registration, 'cancelled');
        else if (move.clashes === 'swap') offer(draft, registration, cafe);
      }
      // An offer, or a held seat of a guest from the waitlist, expires no later than one that is made now.
      for (const registration of stays ? [] : seated()) {
        const { status, number } = registration;
        if (status !== 'offered' && !(status === 'held' && number !== undefined)) continue;
        registration.expiresAt = Math.min(registration.expiresAt ?? 0, keptUntil(draft, cafe));
      }
      moveUp(draft, cafesFrom(draft, [cafe]));
      return 'moved';
    },
    ['moved'],
  );
}

// Parts of the rules.

export const roomCapacity = (state: ModelState, roomId: string) =>
  state.rooms.find(({ id }) => id === roomId)?.capacity ?? 0;
const takes = (state: ModelState, cafe: ModelCafe) => cafe.state === 'open' && cafe.endsAt > state.now;

function claimOne(state: ModelState, cafeId: string, personId: string): string {
  const cafe = cafeOf(state, cafeId);
  if (cafe.state === 'draft') return 'cafe-not-found';
  if (activeIn(state, cafeId, personId)) return 'existing';
  if (!takes(state, cafe)) return 'cafe-not-open';
  if (freeIn(state, cafe) > 0) {
    if (inTheWay(state, personId, cafe).length > 0) return 'schedule-clash';
    confirm(add(state, cafe, personId));
    return 'created';
  }
  if (!cafe.waitlistOpen) return 'cafe-full';
  join(state, cafe, personId, { guest: false });
  return 'created';
}

/**
 * A seat is held within the share of guests and the limit of the mailbox. When a seat is free and cannot be held, the guest gets time to
 * prove the address.
 */
function claimOneAsGuest(state: ModelState, cafeId: string, personId: string): string {
  const cafe = cafeOf(state, cafeId);
  if (cafe.state === 'draft') return 'cafe-not-found';
  if (guestIn(state, cafeId, personId)) return 'existing';
  if (!takes(state, cafe)) return 'cafe-not-open';
  if (fitGuests(state, cafe, [personId])) {
    const expiresAt = state.now + state.holdMinutes;
    Object.assign(add(state, cafe, personId), { status: 'held', guest: true, expiresAt });
    return 'created';
  }
  const isKept = freeIn(state, cafe) > 0;
  if (!isKept && !cafe.waitlistOpen) return 'cafe-full';
  join(state, cafe, personId, { guest: true, ...(isKept && { proveBy: state.now + seatConstants.guest_prove_time }) });
  return 'created';
}

/** Whether seats can be held for all these guests. */
function fitGuests(state: ModelState, cafe: ModelCafe, personIds: string[]): boolean {
  const mailboxes = personIds.map((personId) => mailboxOf(state, personId));
  return (
    (personIds.length === 0 || personIds.length <= freeForGuestsIn(state, cafe)) &&
    mailboxes.every(
      (mailbox) =>
        heldFor(state, mailbox) + mailboxes.filter((other) => other === mailbox).length <=
        seatConstants.mailbox_holds_max,
    )
  );
}

/**
 * Turns those of these guest registrations that are open into own registrations of the person. A held one is confirmed; beside another seat of the person it
 * becomes an offer until the same time. A waiting one is confirmed when a seat is free and the person is free; people of a group wait for
 * each other. When the person has an own registration in that Café, the guest registration ends.
 */
function proveGuests(state: ModelState, guests: ModelRegistration[]): void {
  const open = guests.filter((guest) => isOpenGuest(state, guest));
  if (open.length === 0) return;
  const around = cafesAround(state, guests, []);
  for (const guest of open) {
    const cafe = cafeOf(state, guest.cafeId);
    if (activeIn(state, guest.cafeId, guest.personId)) {
      leave(state, guest, 'cancelled');
      continue;
    }
    const isFree = inTheWay(state, guest.personId, cafe).length === 0;
    const getsSeat = guest.status === 'held' || (guest.group === undefined && freeIn(state, cafe) > 0);
    Object.assign(guest, { guest: false, proveBy: undefined });
    if (getsSeat && isFree) confirm(guest);
    else if (guest.status === 'held') Object.assign(guest, { status: 'offered', overlapping: true });
  }
  moveUp(state, around);
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
    guest: false,
  };
  state.registrations.push(registration);
  return registration;
}

function join(
  state: ModelState,
  cafe: ModelCafe,
  personId: string,
  how: Pick<ModelRegistration, 'guest' | 'proveBy' | 'group'>,
): void {
  cafe.lastNumber += 1;
  Object.assign(add(state, cafe, personId), { status: 'waitlisted', number: cafe.lastNumber, ...how });
}

function confirm(registration: ModelRegistration): void {
  Object.assign(registration, {
    status: 'confirmed',
    expiresAt: undefined,
    proveBy: undefined,
    guest: false,
    overlapping: false,
  });
}

/** Turns a registration into an offer. */
function offer(state: ModelState, registration: ModelRegistration, cafe: ModelCafe): void {
  Object.assign(registration, { status: 'offered', expiresAt: keptUntil(state, cafe), present: false });
}

/**
 * When an offer, or a hold from the waitlist, expires: after ten minutes when the Café is near; otherwise after four hours, or when the
 * Café becomes near.
 */
function keptUntil(state: ModelState, cafe: ModelCafe): number {
  return isNear(state, cafe)
    ? Math.min(state.now + seatConstants.seats_near_offer, cafe.endsAt)
    : Math.min(
        state.now + seatConstants.seats_far_offer,
        Math.max(cafe.startsAt - seatConstants.seats_near_start, state.now + seatConstants.seats_near_offer),
      );
}

const isNear = (state: ModelState, cafe: ModelCafe) => cafe.startsAt <= state.now + seatConstants.seats_near_start;

/** Ends a registration. When the Café has a target capacity, the free seat lowers the capacity. */
export function leave(state: ModelState, registration: ModelRegistration, status: 'cancelled' | 'expired'): void {
  Object.assign(registration, { status, expiresAt: undefined, proveBy: undefined, present: false, overlapping: false });
  const cafe = cafeOf(state, registration.cafeId);
  if (cafe.target === undefined) return;
  cafe.capacity = Math.max(cafe.target, takenIn(state, cafe.id));
  if (cafe.capacity === cafe.target) cafe.target = undefined;
}

/** All Cafés, with these first: the order in which waitlists move up. */
export function cafesFrom(state: ModelState, cafes: ModelCafe[]): ModelCafe[] {
  return [...cafes, ...state.cafes.filter((cafe) => !cafes.includes(cafe))];
}

/**
 * The Cafés whose waitlists may move when these registrations end: first their Cafés, then those where their people wait, and those that
 * share a room.
 */
function cafesAround(state: ModelState, leaving: ModelRegistration[], cafeIds: string[]): ModelCafe[] {
  const freed = state.cafes.filter(({ id }) => leaving.some(({ cafeId }) => cafeId === id));
  const own = [...freed, ...state.cafes.filter(({ id }) => cafeIds.includes(id))];
  const waits = (cafe: ModelCafe) =>
    waitlistOf(state, cafe.id).some(
      ({ guest, personId }) => !guest && leaving.some((each) => each.personId === personId),
    );
  const shares = (cafe: ModelCafe) =>
    own.some((mine) => mine.pooled && mine.roomId === cafe.roomId && overlap(mine, cafe));
  return [
    ...freed,
    ...state.cafes.filter((cafe) => !freed.includes(cafe) && (own.includes(cafe) || waits(cafe) || shares(cafe))),
  ];
}

/**
 * Gives the free seats of these Cafés, one Café after the other, to the first in the waitlist who can take them: a person who is free at
 * that time; a person with a single confirmed seat at that time, who gets an offer to swap; a group with mode `all`, when there are seats
 * for all its people and all of them are free. People who cannot take a seat keep their place, and later ones pass them. Guests are last,
 * within their share; a group with a guest is decided with the guests.
 */
export function moveUp(state: ModelState, cafes: ModelCafe[]): void {
  for (const cafe of cafes) {
    if (!takes(state, cafe)) continue;
    const units = unitsOf(waitlistOf(state, cafe.id));
    const withGuest = (unit: ModelRegistration[]) => unit.some(({ guest }) => guest);
    for (const unit of units.filter((each) => !withGuest(each))) moveUnitUp(state, cafe, unit);
    for (const unit of units.filter(withGuest)) moveUnitUp(state, cafe, unit);
  }
}

function moveUnitUp(state: ModelState, cafe: ModelCafe, unit: ModelRegistration[]): void {
  const guests = unit.filter(({ guest }) => guest).map(({ personId }) => personId);
  const ways = unit.map(({ guest, personId }) => (guest ? [] : inTheWay(state, personId, cafe)));
  const isFree = ways.every((way) => way.length === 0);
  const [other, ...more] = ways[0] ?? [];
  const swaps =
    unit.length === 1 &&
    unit[0]?.group === undefined &&
    more.length === 0 &&
    other?.status === 'confirmed' &&
    !other.present;
  if (unit.length > freeIn(state, cafe) || !(isFree || swaps) || !fitGuests(state, cafe, guests)) return;
  for (const registration of unit) {
    if (!isFree) {
      offer(state, registration, cafe);
      registration.overlapping = true;
    } else if (registration.guest) {
      const expiresAt = Math.min(state.now + seatConstants.guest_prove_time, cafe.endsAt);
      Object.assign(registration, { status: 'held', expiresAt, proveBy: undefined });
    } else if (isNear(state, cafe)) offer(state, registration, cafe);
    else confirm(registration);
  }
}

/** The people and groups of a waitlist. A group is at the place of its first person. */
function unitsOf(waitlist: ModelRegistration[]): ModelRegistration[][] {
  const units = new Map<number | ModelRegistration, ModelRegistration[]>();
  for (const registration of waitlist) {
    const key = registration.group ?? registration;
    units.set(key, [...(units.get(key) ?? []), registration]);
  }
  return [...units.values()];
}
