import type { Cafe, CafeSeats } from '#contract';
import { useFormat } from './format.ts';
import { useAge } from './live.ts';
import { useWords, type Words } from './words/index.ts';

/** Returns the label of a Café: “Café 4”, “Stand DCOL”. */
export function labelOf(words: Words, cafe: Pick<Cafe, 'kind' | 'code'>): string {
  return `${words.kind[cafe.kind]} ${cafe.code}`;
}

/** A Café is nearly full if its share of free seats is not above this. */
const ALMOST_SHARE = 0.2;

/** Returns how full a Café is, as a CSS class for its colour. */
export function fullness({ free, capacity }: CafeSeats): 'free' | 'almost' | 'full' {
  if (free === 0) return 'full';
  return free <= Math.max(1, capacity * ALMOST_SHARE) ? 'almost' : 'free';
}

/** Returns how full a Café is, in words. */
export function seatWords(words: Words, seats: CafeSeats): string {
  const { free, capacity, waitlisted } = seats;
  const how = fullness(seats);
  if (how === 'full') return waitlisted > 0 ? words.seats.fullWaiting(waitlisted) : words.seats.full;
  return how === 'almost' ? words.seats.almost(free, capacity) : words.seats.free(free, capacity);
}

/** Whether a Café takes registrations. @param now in milliseconds since 1970 */
export function isOpen({ state, endsAt }: Pick<Cafe, 'state' | 'endsAt'>, now: number): boolean {
  return state === 'open' && now < Date.parse(endsAt);
}

/** Returns how full a Café is, in words; if it accepts no registrations, its state. */
export function cafeWords(words: Words, { state }: Pick<Cafe, 'state'>, seats: CafeSeats, open: boolean): string {
  if (open) return seatWords(words, seats);
  return words.state[state === 'open' ? 'closed' : state];
}

/** The share of taken seats, as a bar. Screen readers ignore it, because the words beside it say the same. */
export function SeatBar({ seats }: { seats: CafeSeats }) {
  const share = seats.capacity === 0 ? 1 : Math.min(1, seats.taken / seats.capacity);
  return (
    <span className={`bar ${fullness(seats)}`} aria-hidden="true">
      <span style={{ inlineSize: `${share * 100}%` }} />
    </span>
  );
}

/** Shows the age of the number beside it; nothing while numbers are live. */
export function Age() {
  const words = useWords();
  const age = useAge();
  const { ago } = useFormat();
  return age === undefined ? null : <small className="age"> · {words.stale.age(ago(age))}</small>;
}
