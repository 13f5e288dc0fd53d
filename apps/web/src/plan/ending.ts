import type { Receipt } from '#contract';
import type { Words } from '../shared/words/index.ts';

type Ending = keyof Words['plan']['ended'];

/** Why a registration expired, by its last status. A place in the waitlist expires at the end of its Café. */
const EXPIRED: Record<string, Ending> = { held: 'held', offered: 'offered', waitlisted: 'line-closed' };

const ENDINGS: Record<string, Ending> = {
  attendee: 'attendee',
  swap: 'swap',
  declined: 'declined',
  'no-show': 'no-show',
  'line-closed': 'line-closed',
  'cafe-closed': 'line-closed',
  'cafe-cancelled': 'cafe-cancelled',
  move: 'move',
  organiser: 'organiser',
};

/** Returns why a registration ended, by its receipt; undefined for an unknown cause. An action of an organiser is never shown as one of the person. */
export function endingOf({ events }: Pick<Receipt, 'events'>): Ending | undefined {
  const last = events.findLastIndex(({ what }) => what === 'cancelled' || what === 'expired');
  const before = events.slice(0, Math.max(0, last)).findLast(({ what }) => isStatus(what))?.what ?? '';
  const { cause = '' } = events[last] ?? {};
  if (cause === 'expiry') return EXPIRED[before];
  return cause === 'attendee' && before === 'waitlisted' ? 'left' : ENDINGS[cause];
}

const isStatus = (what: string) => ['held', 'offered', 'confirmed', 'waitlisted'].includes(what);
