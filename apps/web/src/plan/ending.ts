import type { Receipt } from '#contract';
import type { Words } from '../shared/words/index.ts';

type Ending = keyof Words['plan']['ended'];

/** The reason for an expired registration, by its last status; a place in the waitlist expires with its Café. */
const RAN_OUT: Record<string, Ending> = { held: 'held', offered: 'offered', waitlisted: 'line-closed' };

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

/** Why a registration ended, by its receipt. What an organiser did is never shown as done by the person. */
export function endingOf({ events }: Pick<Receipt, 'events'>): Ending | undefined {
  const last = events.findLastIndex(({ what }) => what === 'cancelled' || what === 'expired');
  const before = events.slice(0, Math.max(0, last)).findLast(({ what }) => isStatus(what))?.what ?? '';
  const { cause = '' } = events[last] ?? {};
  if (cause === 'expiry') return RAN_OUT[before];
  return cause === 'attendee' && before === 'waitlisted' ? 'left' : ENDINGS[cause];
}

const isStatus = (what: string) => ['held', 'offered', 'confirmed', 'waitlisted'].includes(what);
