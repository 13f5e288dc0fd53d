import { useSyncExternalStore } from 'react';
import type { Registration } from '#contract';
import { useMe, useRegistrations } from '../shared/data.ts';
import { serverNow } from '../shared/network.ts';

/** What this browser claimed without a session, so that a page opened again still knows of it. */
export interface GuestSeat {
  registration: Registration;
  email: string;
  name: string;
}

const SEATS = 'comptoir-guest-seats';
const TYPED = 'comptoir-typed';

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

// Another window of this browser claimed, or proved.
window.addEventListener('storage', ({ key }) => {
  if (key === SEATS || key === null) become(read(SEATS, {}));
});

function keep(next: Record<string, GuestSeat>): void {
  write(SEATS, next);
  become(next);
}

/** Those whose time is not over, in the order of time; none while somebody is signed in, or may be. */
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
    .filter(({ registration: { expiresAt, endsAt } }) => Date.parse(expiresAt ?? endsAt) > serverNow())
    .sort((one, other) => one.registration.startsAt.localeCompare(other.registration.startsAt));
}

/** What the person has: the registrations of the session, or what this browser claimed without one. */
export function useMine(): Registration[] | undefined {
  const me = useMe();
  const { data } = useRegistrations();
  const guests = useGuestSeats();
  return me === null ? guests.map(({ registration }) => registration) : data;
}

/** In place of what was claimed of that Café before. */
export function keepGuestSeat(seat: GuestSeat): void {
  keep({ ...seats, [seat.registration.cafeId]: seat });
  write(TYPED, { name: seat.name, email: seat.email });
}

/** What was claimed with an address, in whichever letters: its person is signed in, and the server tells what they have. */
export function forgetGuestSeats(email: string): void {
  const ofThem = (seat: GuestSeat) => seat.email.trim().toLowerCase() === email.toLowerCase();
  keep(Object.fromEntries(Object.entries(seats).filter(([, seat]) => !ofThem(seat))));
}

export function typedBefore(): { name: string; email: string } {
  return read(TYPED, { name: '', email: '' });
}
