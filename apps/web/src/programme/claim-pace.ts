import type { Registration } from '#contract';

/** How often a claim that may be confirmed at any moment is read, in milliseconds. */
const SOON_MS = 4_000;
/** How long it is read so often, in milliseconds: most people have read the mail by then. */
const SOON_FOR_MS = 3 * 60_000;
/** How often it is read after that, and how often other claims are read, in milliseconds. */
const LATER_MS = 20_000;
const SELDOM_MS = 60_000;
/** How long after the end of a hold the server has processed it, in milliseconds. */
const ENDED_MS = 1_000;

/**
 * The time until a claim is read again, in milliseconds; false if it is over. Half to one and a half times the interval, so that a crowd does not
 * ask at the same moment; and at the end of the hold.
 * @param waitedMs how long the claim has been read so far
 * @param now in milliseconds since 1970
 * @param random from 0 to 1
 */
export function nextAskMs(
  registration: Registration,
  waitedMs: number,
  now: number,
  random = Math.random(),
): number | false {
  const { status, guest, expiresAt, proveBy } = registration;
  if (status === 'cancelled' || status === 'expired') return false;
  const open = status === 'held' || (status === 'waitlisted' && guest === true);
  const soon = open && waitedMs < SOON_FOR_MS;
  const pace = soon ? SOON_MS : status === 'confirmed' ? SELDOM_MS : LATER_MS;
  const wait = pace * (0.5 + random);
  const endsIn = Date.parse(proveBy ?? expiresAt ?? '') + ENDED_MS - now;
  return endsIn > 0 ? Math.min(wait, endsIn) : wait;
}
