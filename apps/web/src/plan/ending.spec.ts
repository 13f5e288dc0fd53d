import { describe, expect, it } from '@jest/globals';
import type { Receipt } from '#contract';
import { endingOf } from './ending.ts';

const receipt = (...lines: [what: string, cause: string][]) => ({
  events: lines.map(([what, cause], version): Receipt['events'][number] => ({ at: '', version, what, cause })),
});

describe('why a registration ended', () => {
  it.each([
    ['held', [receipt(['held', 'guest'], ['expired', 'expiry'])]],
    ['offered', [receipt(['waitlisted', 'claim'], ['offered', 'line'], ['told', 'line'], ['expired', 'expiry'])]],
    ['line-closed', [receipt(['waitlisted', 'claim'], ['expired', 'expiry'])]],
    ['line-closed', [receipt(['waitlisted', 'claim'], ['cancelled', 'cafe-closed'])]],
    ['left', [receipt(['waitlisted', 'claim'], ['cancelled', 'attendee'])]],
    ['attendee', [receipt(['waitlisted', 'claim'], ['confirmed', 'line'], ['cancelled', 'attendee'])]],
    ['cafe-cancelled', [receipt(['confirmed', 'claim'], ['checked-in', 'check-in'], ['cancelled', 'cafe-cancelled'])]],
    ['no-show', [receipt(['confirmed', 'claim'], ['cancelled', 'no-show'])]],
    ['move', [receipt(['confirmed', 'claim'], ['cancelled', 'move'])]],
  ] as const)('%s', (ending, [given]) => expect(endingOf(given)).toBe(ending));

  it('is undefined for an unknown cause', () => {
    expect(endingOf(receipt(['confirmed', 'claim'], ['cancelled', 'whim']))).toBeUndefined();
    expect(endingOf(receipt(['confirmed', 'claim']))).toBeUndefined();
  });
});
