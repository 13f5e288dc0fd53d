import type { Registration } from '#contract';
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

/** Of a Café, unless its time is over. */
export function guestSeat(cafeId: string): GuestSeat | undefined {
  const seat = read<Record<string, GuestSeat>>(SEATS, {})[cafeId];
  const { expiresAt, endsAt } = seat?.registration ?? {};
  return seat && Date.parse(expiresAt ?? endsAt ?? '') > serverNow() ? seat : undefined;
}

export function keepGuestSeat(seat: GuestSeat): GuestSeat {
  write(SEATS, { ...read(SEATS, {}), [seat.registration.cafeId]: seat });
  write(TYPED, { name: seat.name, email: seat.email });
  return seat;
}

export function forgetGuestSeat(cafeId: string): void {
  const { [cafeId]: _, ...rest } = read<Record<string, GuestSeat>>(SEATS, {});
  write(SEATS, rest);
}

export function typedBefore(): { name: string; email: string } {
  return read(TYPED, { name: '', email: '' });
}
