import { useSyncExternalStore } from 'react';
import type { Registration } from '#contract';
import { isSameAddress } from '#text';
import { useMe, useRegistrations } from '../data.ts';
import { serverNow } from '../network.ts';
import { signInTaken } from '../sign-in-elsewhere.ts';

/** A guest registration that this browser made. It is stored, so that a page that is opened again knows it. */
export interface GuestSeat {
  registration: Registration;
  /** Reads the registration without a session (header `claim-token`). */
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
    // A private window may refuse to store: then the list lasts as long as the page.
  }
}

/** By Café. */
let seats = read<Record<string, GuestSeat>>(SEATS, {});
const listeners = new Set<() => void>();

function become(next: Record<string, GuestSeat>): void {
  seats = next;
  for (const listener of listeners) listener();
}

// Another window of this browser made a registration or signed in: first find out who is signed in.
window.addEventListener('storage', ({ key }) => {
  if (key === SEATS || key === null) void signInTaken().then(() => become(read(SEATS, {})));
});

function keep(next: Record<string, GuestSeat>): void {
  write(SEATS, next);
  become(next);
}

/**
 * The guest registrations of this browser whose Café is not over, by time, including ended ones; none while somebody is signed in or that is not
 * known yet. One without a claim token is left out when its hold ends.
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

/** The person's registrations: those of the session or, without one, the guest registrations of this browser. */
export function useMine(): Registration[] | undefined {
  const me = useMe();
  const { data } = useRegistrations();
  const guests = useGuestSeats();
  return me === null ? guests.map(({ registration }) => ({ ...registration, guest: undefined })) : data;
}

/** Stores a guest registration in place of the one of the same Café. */
export function keepGuestSeat({ registration, ...typed }: Omit<GuestSeat, 'claimToken'>): void {
  const { claimToken = claimTokenOf(registration.id), ...rest } = registration;
  keep({ ...seats, [rest.cafeId]: { registration: rest, claimToken, ...typed } });
  write(TYPED, typed);
}

/** Stores the newest state of a guest registration. */
export function updateGuestSeat(registration: Registration): void {
  const seat = seats[registration.cafeId];
  // A newer claim of this browser may have replaced it.
  if (seat?.registration.id === registration.id) keep({ ...seats, [registration.cafeId]: { ...seat, registration } });
}

/** Removes a guest registration that the API does not know any more. */
export function forgetGuestSeat(registrationId: string): void {
  keep(Object.fromEntries(Object.entries(seats).filter(([, { registration }]) => registration.id !== registrationId)));
}

/**
 * The claim tokens of this browser. A code that is typed here confirms the registrations that were claimed with its address.
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

/** Removes the guest registrations of an address, in upper or lower case, after its person signed in. */
export function forgetGuestSeats(email: string): void {
  const ofThem = (seat: GuestSeat) => isSameAddress(seat.email, email);
  keep(Object.fromEntries(Object.entries(seats).filter(([, seat]) => !ofThem(seat))));
}

export function typedBefore(): { name: string; email: string } {
  return read(TYPED, { name: '', email: '' });
}
