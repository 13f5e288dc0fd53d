/** A Café as the rules see it. Instants are minutes on one clock. */
export interface ModelCafe {
  id: string;
  roomId: string;
  startsAt: number;
  endsAt: number;
  capacity: number;
  /** A smaller capacity that is reached as seats become free. */
  target?: number;
  state: 'draft' | 'open' | 'closed' | 'cancelled';
  waitlistOpen: boolean;
  /**
   * Whether the Café shares the seats of its room: at the last change of times or capacities, the room was too small for all its Cafés
   * together.
   */
  pooled: boolean;
  /** The last number given in the waitlist. */
  lastNumber: number;
}

export type ModelStatus = 'held' | 'offered' | 'confirmed' | 'waitlisted' | 'cancelled' | 'expired';

export interface ModelRegistration {
  cafeId: string;
  personId: string;
  status: ModelStatus;
  /** The number in the waitlist: lower is earlier. */
  number?: number;
  expiresAt?: number;
  present: boolean;
  /** The person has another seat at that time, so this registration takes none of the person's minutes. */
  overlapping: boolean;
  /**
   * Made without a session of the person, and not confirmed by the person. It takes none of the person's minutes. While it is active, its
   * status is `held` or `waitlisted`.
   */
  guest: boolean;
  /** For a guest who waits although a seat is free: until when the guest may prove the address. */
  proveBy?: number;
  /** Another person took it for this person. */
  delegated?: boolean;
  /** The person gave it back, declined it or swapped it away. */
  refused?: boolean;
  /** The number of a delegation that asked for `all`; its people share it. */
  group?: number;
}

/**
 * A change that applies after ten seconds: a release of the seats of absent people, or a closing with the values that its undo restores.
 */
export interface ModelPending {
  cafeId: string;
  cause: 'no-show' | 'line-closed' | 'cafe-closed' | 'cafe-cancelled';
  /** For a release: the people whose seats are released, in the order chosen. */
  personIds: string[];
  /** For a closing: the values that its undo restores. */
  before?: Pick<ModelCafe, 'state' | 'waitlistOpen'>;
  /** For a closing: another closing was pending when it was made, and its undo undoes both. */
  coversEarlier?: boolean;
  appliesAt: number;
}

/** The state that the rules read and change. Registrations are in the order in which they were made. */
export interface ModelState {
  now: number;
  /** How long a seat is held for a guest who claims it. */
  holdMinutes: number;
  rooms: { id: string; capacity: number }[];
  /** In the order of their ids. */
  cafes: ModelCafe[];
  /** `noAddress`: a walk-in without an address, who has no mailbox. */
  people: { id: string; proved: boolean; mailbox: string; noAddress?: boolean }[];
  /** The share of a Café's seats that may be held for guests. */
  unprovedSharePercent: number;
  registrations: ModelRegistration[];
  /** In the order in which they were made. */
  pending: ModelPending[];
}

const seatStatuses: readonly ModelStatus[] = ['held', 'offered', 'confirmed'];

export const hasSeat = (registration: ModelRegistration) => seatStatuses.includes(registration.status);
export const isActive = (registration: ModelRegistration) =>
  hasSeat(registration) || registration.status === 'waitlisted';

export const cafeOf = (state: ModelState, cafeId: string) => state.cafes.find(({ id }) => id === cafeId) as ModelCafe;

/** An own registration of a person in a Café, with a seat or waiting. */
export function activeIn(state: ModelState, cafeId: string, personId: string): ModelRegistration | undefined {
  return state.registrations.find(
    (each) => each.cafeId === cafeId && each.personId === personId && !each.guest && isActive(each),
  );
}

/** A guest registration of a person in a Café, held or waiting. */
export function guestIn(state: ModelState, cafeId: string, personId: string): ModelRegistration | undefined {
  return state.registrations.find(
    (each) => each.cafeId === cafeId && each.personId === personId && each.guest && isActive(each),
  );
}

/** Whether a guest registration can still be confirmed: it has not expired, and its Café is not over. */
export function isOpenGuest(state: ModelState, registration: ModelRegistration): boolean {
  const { guest, expiresAt, proveBy, cafeId } = registration;
  const until = Math.min(expiresAt ?? proveBy ?? Number.POSITIVE_INFINITY, cafeOf(state, cafeId).endsAt);
  return guest && isActive(registration) && until > state.now;
}

/** How many seats are held for guests in a Café. */
export function unprovedIn(state: ModelState, cafeId: string): number {
  return state.registrations.filter((each) => each.cafeId === cafeId && each.status === 'held').length;
}

export const mailboxOf = (state: ModelState, personId: string) =>
  state.people.find(({ id }) => id === personId)?.mailbox ?? '';

/** How many seats are held for guests of a mailbox. */
export function heldFor(state: ModelState, mailbox: string): number {
  return state.registrations.filter(
    ({ status, personId }) => status === 'held' && mailboxOf(state, personId) === mailbox,
  ).length;
}

/** A Café's seats that are held, offered or confirmed. */
export function takenIn(state: ModelState, cafeId: string): number {
  return state.registrations.filter((registration) => registration.cafeId === cafeId && hasSeat(registration)).length;
}

/** The waitlist of a Café in its order. */
export function waitlistOf(state: ModelState, cafeId: string): ModelRegistration[] {
  return state.registrations
    .filter((registration) => registration.cafeId === cafeId && registration.status === 'waitlisted')
    .sort((one, other) => (one.number ?? 0) - (other.number ?? 0));
}

export const overlap = (one: Pick<ModelCafe, 'startsAt' | 'endsAt'>, other: Pick<ModelCafe, 'startsAt' | 'endsAt'>) =>
  one.startsAt < other.endsAt && other.startsAt < one.endsAt;

/** Computes again which Cafés of these rooms share their room. */
export function findPooled(state: ModelState, roomIds: string[]): void {
  for (const cafe of state.cafes.filter(({ roomId }) => roomIds.includes(roomId))) {
    const room = state.rooms.find(({ id }) => id === cafe.roomId);
    const roommates = state.cafes.filter((other) => other.roomId === cafe.roomId && overlap(cafe, other));
    cafe.pooled = roommates.some((each) => {
      const time = Math.max(each.startsAt, cafe.startsAt);
      const running = roommates.filter(({ startsAt, endsAt }) => startsAt <= time && time < endsAt);
      return running.reduce((seats, { capacity }) => seats + capacity, 0) > (room?.capacity ?? 0);
    });
  }
}

/**
 * The number of seats that can be given now: the free seats of the Café, and no more than the free seats of its room in any of its periods.
 */
export function freeIn(state: ModelState, cafe: ModelCafe): number {
  const room = state.rooms.find(({ id }) => id === cafe.roomId);
  const roommates = state.cafes.filter((other) => other.roomId === cafe.roomId && overlap(cafe, other));
  // The number of taken seats can only rise when a Café starts.
  const times = roommates.map(({ startsAt }) => Math.max(startsAt, cafe.startsAt));
  const inRoom = times.map(
    (time) =>
      (room?.capacity ?? 0) -
      roommates
        .filter(({ startsAt, endsAt }) => startsAt <= time && time < endsAt)
        .reduce((taken, { id }) => taken + takenIn(state, id), 0),
  );
  return Math.min(cafe.capacity - takenIn(state, cafe.id), ...inRoom);
}

/** The number of seats that can be given to guests now: the free seats, within the guests' share of the Café. */
export function freeForGuestsIn(state: ModelState, cafe: ModelCafe): number {
  const share = Math.ceil((cafe.capacity * state.unprovedSharePercent) / 100);
  return Math.min(freeIn(state, cafe), share - unprovedIn(state, cafe.id));
}

/**
 * Whether a registration takes the minutes of its Café from its attendee and so excludes another seat at that time. Guest registrations and
 * overlapping seats take none. The rule is only here in the model, and only in takes_minutes in the SQL.
 */
export const takesMinutes = ({ status, guest, overlapping }: ModelRegistration) =>
  (status === 'offered' || status === 'confirmed') && !guest && !overlapping;

/** The registrations of an attendee that take their minutes while this Café runs. */
export function inTheWay(state: ModelState, personId: string, cafe: Pick<ModelCafe, 'startsAt' | 'endsAt'>) {
  return state.registrations.filter(
    (registration) =>
      registration.personId === personId &&
      takesMinutes(registration) &&
      overlap(cafeOf(state, registration.cafeId), cafe),
  );
}
