import { useSyncExternalStore } from 'react';
import type { Registration } from '#contract';
import { isSameAddress } from '#text';
import { useMe, useRegistrations } from '../data.ts';
import { serverNow } from '../network.ts';
import { sessionRead } from '../sign-in-elsewhere.ts';

/** A guest registration that this browser made. It is stored on the device. */
export interface GuestSeat {
  registration: Registration;
  /** The token with which the registration is read without a session (header `claim-token`). */
  claimToken?: string;
  email: string;
  name: string;
}

const SEATS = 'comptoir-guest-seats';
const TYPED = 'comptoir-typed';
/** The most claim tokens that a sign-in accepts (libs/contract). */
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
    // A private window may refuse to store: then the list is lost with the page.
  }
}

/** The guest registrations of this browser, by Café. */
let seats = read<Record<string, GuestSeat>>(SEATS, {});
const listeners = new Set<() => void>();

function setSeats(next: Record<string, GuestSeat>): void {
  seats = next;
  for (const listener of listeners) listener();
}

// Another window of this browser made a registration or signed in. The list is read after this window knows who is signed in.
window.addEventListener('storage', ({ key }) => {
  if (key === SEATS || key === null) void sessionRead().then(() => setSeats(read(SEATS, {})));
});

function store(next: Record<string, GuestSeat>): void {
  write(SEATS, next);
  setSeats(next);
}

/**
 * Returns the guest registrations of this browser whose Café has not ended, by time; among them registrations that have ended. A registration
 * without a claim token is left out after its hold. Returns none while a person is signed in, or until the page knows whether one is.
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

/** Returns the registrations of the signed-in attendee; without a session, the guest registrations of this browser. */
export function useMine(): Registration[] | undefined {
  const me = useMe();
  const { data } = useRegistrations();
  const guests = useGuestSeats();
  return me === null ? guests.map(({ registration }) => ({ ...registration, guest: undefined })) : data;
}

/** Stores a guest registration. It replaces the one of the same Café. */
export function storeGuestSeat({ registration, ...typed }: Omit<GuestSeat, 'claimToken'>): void {
  const { claimToken = claimTokenOf(registration.id), ...rest } = registration;
  store({ ...seats, [rest.cafeId]: { registration: rest, claimToken, ...typed } });
  write(TYPED, typed);
}

/** Stores the newest state of a guest registration. */
export function updateGuestSeat(registration: Registration): void {
  const seat = seats[registration.cafeId];
  // A newer claim of this browser may have replaced the registration.
  if (seat?.registration.id === registration.id) store({ ...seats, [registration.cafeId]: { ...seat, registration } });
}

/** Removes a guest registration, because it does not exist any more. */
export function removeGuestSeat(registrationId: string): void {
  store(Object.fromEntries(Object.entries(seats).filter(([, { registration }]) => registration.id !== registrationId)));
}

/**
 * Returns the claim tokens of this browser. A sign-in with a code confirms those registrations that were claimed with the same address.
 * @param firstId the registration whose mail has the code; its token is the first
 */
export function claimTokens(firstId?: string): string[] {
  const open = Object.values(seats).filter(({ registration: { endsAt } }) => Date.parse(endsAt) > serverNow());
  const isFirst = ({ registration: { id } }: GuestSeat) => id === firstId;
  const ordered = [...open.filter(isFirst), ...open.filter((seat) => !isFirst(seat)).reverse()];
  return ordered.flatMap(({ claimToken }) => claimToken ?? []).slice(0, CLAIM_TOKENS_MAX);
}

/** Returns the claim token of a registration; undefined if this browser did not claim it. */
export function claimTokenOf(registrationId: string): string | undefined {
  return Object.values(seats).find(({ registration }) => registration.id === registrationId)?.claimToken;
}

/** Removes the guest registrations with this address, in upper or lower case. Called after a sign-in. */
export function forgetGuestSeats(email: string): void {
  const ofThem = (seat: GuestSeat) => isSameAddress(seat.email, email);
  store(Object.fromEntries(Object.entries(seats).filter(([, seat]) => !ofThem(seat))));
}

export function lastTyped(): { name: string; email: string } {
  return read(TYPED, { name: '', email: '' });
}
