import type { Registration } from '#contract';

/** How often the server is asked about a claim that may be confirmed at any moment, in milliseconds. */
const SOON_MS = 4_000;
/** For how long it is asked so often, in milliseconds: by then most people have read the mail. */
const SOON_FOR_MS = 3 * 60_000;
/** How often after that, and about what changes seldom, in milliseconds. */
const LATER_MS = 20_000;
const SELDOM_MS = 60_000;
/** How long after a hold ended the server has ended it, too, in milliseconds. */
const ENDED_MS = 1_000;

/**
 * How long until the server is asked again what became of a claim, in milliseconds; false for what is over. Half of the pace to one
 * and a half, so that a crowd does not ask at once; and when the hold is over.
 * @param waitedMs for how long it has been asked
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
