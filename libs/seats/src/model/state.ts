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
  /** The number last drawn in its line. */
  lastNumber: number;
}

export type ModelStatus = 'held' | 'offered' | 'confirmed' | 'waitlisted' | 'cancelled' | 'expired';

export interface ModelRegistration {
  cafeId: string;
  personId: string;
  status: ModelStatus;
  /** The number drawn when joining the line: lower is earlier. */
  number?: number;
  expiresAt?: number;
  present: boolean;
  /** Beside another seat of the person at that time; takes none of their time. */
  overlapping: boolean;
  /** Somebody who was signed in asked for it, or the person proved their address since. */
  vouched: boolean;
  /** The people of a delegation that asked for `all` share it. */
  group?: number;
}

/** A change that waits for its ten seconds: a release of the seats of absent people, or a closing with what it restores when undone. */
export interface ModelPending {
  cafeId: string;
  cause: 'no-show' | 'line-closed' | 'cafe-closed' | 'cafe-cancelled';
  /** Of a release: whose seats, in the order chosen. */
  personIds: string[];
  /** Of a closing. */
  before?: Pick<ModelCafe, 'state' | 'waitlistOpen'>;
  appliesAt: number;
}

/** Everything that the rules look at. Registrations stand in the order in which they were made. */
export interface ModelState {
  now: number;
  /** How long a seat is kept for somebody whose address is not proved. */
  holdMinutes: number;
  rooms: { id: string; capacity: number }[];
  /** In the order of their ids. */
  cafes: ModelCafe[];
  people: { id: string; proved: boolean }[];
  registrations: ModelRegistration[];
  /** In the order in which they were made. */
  pending: ModelPending[];
}

const seatStatuses: readonly ModelStatus[] = ['held', 'offered', 'confirmed'];

export const hasSeat = (registration: ModelRegistration) => seatStatuses.includes(registration.status);
export const isActive = (registration: ModelRegistration) =>
  hasSeat(registration) || registration.status === 'waitlisted';

export const cafeOf = (state: ModelState, cafeId: string) => state.cafes.find(({ id }) => id === cafeId) as ModelCafe;

/** A person's registration in a Café, seated or in line. */
export function activeIn(state: ModelState, cafeId: string, personId: string): ModelRegistration | undefined {
  return state.registrations.find(
    (registration) => registration.cafeId === cafeId && registration.personId === personId && isActive(registration),
  );
}

/** A Café's seats that are held, offered or confirmed. */
export function takenIn(state: ModelState, cafeId: string): number {
  return state.registrations.filter((registration) => registration.cafeId === cafeId && hasSeat(registration)).length;
}

/** A Café's line in its order. */
export function lineOf(state: ModelState, cafeId: string): ModelRegistration[] {
  return state.registrations
    .filter((registration) => registration.cafeId === cafeId && registration.status === 'waitlisted')
    .sort((one, other) => (one.number ?? 0) - (other.number ?? 0));
}

export const overlap = (one: Pick<ModelCafe, 'startsAt' | 'endsAt'>, other: Pick<ModelCafe, 'startsAt' | 'endsAt'>) =>
  one.startsAt < other.endsAt && other.startsAt < one.endsAt;

/** The seats that can be given now: the Café's own, and no more than the room has at any of its times. */
export function freeIn(state: ModelState, cafe: ModelCafe): number {
  const room = state.rooms.find(({ id }) => id === cafe.roomId);
  const roommates = state.cafes.filter((other) => other.roomId === cafe.roomId && overlap(cafe, other));
  // Seats taken only rise where a Café begins.
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

/** A person's seats that take their time while this Café runs. */
export function inTheWay(state: ModelState, personId: string, cafe: Pick<ModelCafe, 'startsAt' | 'endsAt'>) {
  return state.registrations.filter(
    (registration) =>
      registration.personId === personId &&
      hasSeat(registration) &&
      !registration.overlapping &&
      overlap(cafeOf(state, registration.cafeId), cafe),
  );
}
