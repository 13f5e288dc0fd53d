import { useSyncExternalStore } from 'react';
import type { Registration } from '#contract';
import { useMe, useRegistrations } from '../data.ts';
import { serverNow } from '../network.ts';
import { signInTaken } from '../sign-in-elsewhere.ts';

/** What this browser claimed without a session, so that a page opened again still knows of it. */
export interface GuestSeat {
  registration: Registration;
  /** With it the server says what became of the registration (header `claim-token`). */
  claimToken?: string;
  email: string;
  name: string;
}

const SEATS = 'comptoir-guest-seats';
const TYPED = 'comptoir-typed';
/** The most claim tokens that a sign-in takes (libs/contract). */
const CLAIM_TOKENS_MAX = 20;

function read<Value>(key: string, otherwise: Value): Value {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as Value | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the page then forgets when it is closed.
  }
}

/** By Café. */
let seats = read<Record<string, GuestSeat>>(SEATS, {});
const listeners = new Set<() => void>();

function become(next: Record<string, GuestSeat>): void {
  seats = next;
  for (const listener of listeners) listener();
}

// Another window of this browser claimed, or proved: then this one first learns who is signed in.
window.addEventListener('storage', ({ key }) => {
  if (key === SEATS || key === null) void signInTaken().then(() => become(read(SEATS, {})));
});

function keep(next: Record<string, GuestSeat>): void {
  write(SEATS, next);
  become(next);
}

/**
 * Those whose Café is not over, in the order of time, also those that ended; none while somebody is signed in, or may be. What this
 * browser cannot ask about any more is left out once its hold is over.
 */
export function useGuestSeats(): GuestSeat[] {
  const me = useMe();
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => seats,
  );
  if (me !== null) return [];
  return Object.values(all)
    .filter(({ registration, claimToken }) => {
      const until = (claimToken ? undefined : registration.expiresAt) ?? registration.endsAt;
      return Date.parse(until) > serverNow();
    })
    .sort((one, other) => one.registration.startsAt.localeCompare(other.registration.startsAt));
}

/** What the person has: the registrations of the session, or what this browser claimed without one, which is its person's own choice. */
export function useMine(): Registration[] | undefined {
  const me = useMe();
  const { data } = useRegistrations();
  const guests = useGuestSeats();
  return me === null ? guests.map(({ registration }) => ({ ...registration, guest: undefined })) : data;
}

/** In place of what was claimed of that Café before. */
export function keepGuestSeat({ registration, ...typed }: Omit<GuestSeat, 'claimToken'>): void {
  const { claimToken = claimTokenOf(registration.id), ...rest } = registration;
  keep({ ...seats, [rest.cafeId]: { registration: rest, claimToken, ...typed } });
  write(TYPED, typed);
}

/** The server said what became of a registration that this browser claimed. */
export function updateGuestSeat(registration: Registration): void {
  const seat = seats[registration.cafeId];
  // Another claim of this browser may have taken its place meanwhile.
  if (seat?.registration.id === registration.id) keep({ ...seats, [registration.cafeId]: { ...seat, registration } });
}

/** The server knows no such registration any more. */
export function forgetGuestSeat(registrationId: string): void {
  keep(Object.fromEntries(Object.entries(seats).filter(([, { registration }]) => registration.id !== registrationId)));
}

/**
 * The tokens of everything that this browser claimed: a code that is typed here confirms what was claimed with its address.
 * @param firstId the registration whose mail has the code: its token comes first
 */
export function claimTokens(firstId?: string): string[] {
  const open = Object.values(seats).filter(({ registration: { endsAt } }) => Date.parse(endsAt) > serverNow());
  const isFirst = ({ registration: { id } }: GuestSeat) => id === firstId;
  const ordered = [...open.filter(isFirst), ...open.filter((seat) => !isFirst(seat)).reverse()];
  return ordered.flatMap(({ claimToken }) => claimToken ?? []).slice(0, CLAIM_TOKENS_MAX);
}

/** The token of one registration, if this browser claimed it. */
export function claimTokenOf(registrationId: string): string | undefined {
  return Object.values(seats).find(({ registration }) => registration.id === registrationId)?.claimToken;
}

/** What was claimed with an address, in whichever letters: its person is signed in, and the server tells what they have. */
export function forgetGuestSeats(email: string): void {
  const ofThem = (seat: GuestSeat) => seat.email.trim().toLowerCase() === email.toLowerCase();
  keep(Object.fromEntries(Object.entries(seats).filter(([, seat]) => !ofThem(seat))));
}

export function typedBefore(): { name: string; email: string } {
  return read(TYPED, { name: '', email: '' });
}
