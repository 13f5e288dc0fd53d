import type { Registration } from '#contract';

/** How often a claim is read that may be confirmed at any moment, in milliseconds. */
const SOON_MS = 4_000;
/** How long it is read at this interval, in milliseconds. Most people read the mail within this time. */
const SOON_FOR_MS = 3 * 60_000;
/** How often an unconfirmed claim is read after that, and how often a confirmed one is read, in milliseconds. */
const LATER_MS = 20_000;
const SELDOM_MS = 60_000;
/** How long the server needs to process the end of a hold, in milliseconds. */
const ENDED_MS = 1_000;

/**
 * Returns the time until a claim is read again, in milliseconds; false for an ended registration. The time is random, 0.5 to 1.5 times the
 * interval, so that many pages do not read at the same moment. A claim is also read at the end of its hold.
 * @param waitedMs how long the page has been polling the claim
 * @param now in milliseconds since 1970
 * @param random from 0 to 1
 */
export function nextReadMs(
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
