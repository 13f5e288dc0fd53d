import { expect, it } from '@jest/globals';
import { sortEvents } from './sort-events.ts';

it('sorts current and future events before past events, and past events from the latest to the earliest', () => {
  const event = (name: string, startsAt: string, endsAt: string) => ({ name, startsAt, endsAt });
  const events = [
    event('two years ago', '2024-11-24T08:00:00.000Z', '2024-11-26T18:00:00.000Z'),
    event('last year', '2025-11-24T08:00:00.000Z', '2025-11-26T18:00:00.000Z'),
    event('this year', '2026-11-24T08:00:00.000Z', '2026-11-26T18:00:00.000Z'),
    event('next year', '2027-11-24T08:00:00.000Z', '2027-11-26T18:00:00.000Z'),
  ];
  const names = (now: string) => sortEvents(events, Date.parse(now)).map(({ name }) => name);
  expect(names('2026-11-25T12:00:00Z')).toEqual(['this year', 'next year', 'last year', 'two years ago']);
  expect(names('2026-12-01T12:00:00Z')[0]).toBe('next year');
  expect(names('2030-01-01T12:00:00Z')[0]).toBe('next year');
});
