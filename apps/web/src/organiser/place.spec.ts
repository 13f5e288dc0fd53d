import { describe, expect, it } from '@jest/globals';
import { fieldsOf, isOutside, placeIn } from './place.ts';

const cafe = { roomId: 'hall', startsAt: '2026-11-24T09:00:00Z', endsAt: '2026-11-24T09:45:00Z' };
const fields = (typed: Parameters<typeof fieldsOf>[1]) => fieldsOf(cafe, typed, 'Europe/Paris');
const place = (typed: Parameters<typeof fieldsOf>[1]) => placeIn(cafe, fields(typed), 'Europe/Paris');

describe('the fields of a move', () => {
  it('have the values of the Café at first, and then change nothing', () => {
    expect(fields({})).toEqual({
      roomId: 'hall',
      startsAt: '2026-11-24T10:00',
      endsAt: '2026-11-24T10:45',
      capacity: '',
    });
    expect(place({})).toEqual({});
    expect(place({ roomId: 'hall', startsAt: '2026-11-24T10:00' })).toEqual({});
  });

  it('change only the values that differ from the Café', () => {
    expect(place({ roomId: 'garden', capacity: '0' })).toEqual({ roomId: 'garden', capacity: 0 });
    expect(place({ endsAt: '2026-11-24T11:00' })).toEqual({ endsAt: '2026-11-24T10:00:00.000Z' });
  });

  it('move the end with the start until an end is typed', () => {
    expect(fields({ startsAt: '2026-11-25T14:30' }).endsAt).toBe('2026-11-25T15:15');
    expect(place({ startsAt: '2026-11-25T14:30' })).toEqual({
      startsAt: '2026-11-25T13:30:00.000Z',
      endsAt: '2026-11-25T14:15:00.000Z',
    });
    expect(fields({ startsAt: '2026-11-25T14:30', endsAt: '2026-11-25T16:00' }).endsAt).toBe('2026-11-25T16:00');
  });

  it('change nothing while a time is not valid', () => {
    expect(place({ startsAt: '' })).toBeUndefined();
    expect(place({ startsAt: '2027-03-28T02:30' })).toBeUndefined();
    expect(fields({ startsAt: '' }).endsAt).toBe('2026-11-24T10:45');
  });
});

it.each([
  ['within the event', '2035-06-01T08:00:00Z', '2035-06-01T09:00:00Z', false],
  ['that fills the event', '2035-06-01T07:00:00Z', '2035-06-02T18:00:00Z', false],
  ['that begins before the event', '2035-06-01T06:30:00Z', '2035-06-01T07:30:00Z', true],
  ['that ends after the event', '2035-06-02T17:30:00Z', '2035-06-02T18:30:00Z', true],
  ['of another year', '2036-06-01T08:00:00Z', '2036-06-01T09:00:00Z', true],
])('a time %s: isOutside', (_, startsAt, endsAt, expected) => {
  const event = { startsAt: '2035-06-01T07:00:00Z', endsAt: '2035-06-02T18:00:00Z' };
  expect(isOutside({ startsAt, endsAt }, event)).toBe(expected);
});
