import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { CafeSeats, Registration } from '#contract';
import { follow, forgetPerson } from './queries.ts';

const registrationsKey = ['registrations', 'léa'];

/** A page on which Léa has a place in line of Café 1 and a seat in Café 2, and a live connection that says what it is told to. */
function open() {
  const client = new QueryClient();
  client.setQueryData(['me'], { id: 'léa' });
  client.setQueryData(['event', 'raict', 'fr'], {});
  client.setQueryData(registrationsKey, [
    { cafeId: '1', status: 'waitlisted' },
    { cafeId: '2', status: 'confirmed' },
  ]);
  let asked: string[] = [];
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && query.state.isInvalidated) asked.push(String(query.queryKey[0]));
  });
  const versions = new Map<string, number>();
  const told: { registration?: (registration?: Registration) => void; counts?: () => void; programme?: () => void } =
    {};
  follow(
    {
      onRegistration: (listener) => {
        told.registration = listener;
        return () => {};
      },
      onCounts: (listener) => {
        told.counts = listener;
        return () => {};
      },
      onProgrammeChanged: (listener) => {
        told.programme = () => listener('raict');
        return () => {};
      },
      counts: (cafeId) => ({ version: versions.get(cafeId) }) as CafeSeats,
    },
    client,
    () => 0.5,
  );
  return {
    client,
    told,
    /** Counts of a Café come that are as new as `version`. */
    counts(cafeId: string, version: number) {
      versions.set(cafeId, version);
      told.counts?.();
    },
    /** What was asked for since the last time, by the first part of its key; each is answered at once. */
    asked() {
      const now = asked;
      for (const query of client.getQueryCache().getAll()) query.setData(query.state.data);
      asked = [];
      return now;
    },
  };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a place in line', () => {
  it('is asked for again every five seconds while its Café changes, and once after the last change', () => {
    const { counts, asked } = open();
    const askedAfter: number[] = [];
    for (let second = 1; second <= 12; second++) {
      counts('1', second);
      jest.advanceTimersByTime(1_000);
      if (asked().includes('registrations')) askedAfter.push(second);
    }
    expect(askedAfter).toEqual([5, 10]);
    jest.advanceTimersByTime(60_000);
    expect(asked()).toEqual(['registrations']);
  });

  it('is left alone while nothing of its Café changes', () => {
    const { counts, asked } = open();
    counts('1', 1);
    jest.advanceTimersByTime(60_000);
    asked();
    counts('1', 1);
    counts('2', 7);
    jest.advanceTimersByTime(60_000);
    expect(asked()).toEqual([]);
  });
});

describe('a programme', () => {
  it('is asked for once for all the changes of a moment', () => {
    const { told, asked } = open();
    for (let times = 0; times < 5; times++) told.programme?.();
    expect(asked()).toEqual([]);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual(['event']);
  });

  it('is asked for when the connection is there again, not when a page that has just loaded opens it', () => {
    const { told, asked } = open();
    told.registration?.();
    jest.advanceTimersByTime(6_000);
    expect(asked()).toEqual(['registrations']);
    told.registration?.();
    told.registration?.({} as Registration);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual(['registrations', 'event']);
  });
});

it('forgets what it knows of a person, whatever it is, and nothing else', () => {
  const { client } = open();
  for (const key of ['calendar-feed', 'undelivered', 'what comes next']) client.setQueryData([key], {});
  for (const key of ['events', 'cafe']) client.setQueryData([key], {});
  forgetPerson(client);
  const left = client.getQueryCache().getAll();
  expect(left.map(({ queryKey }) => queryKey[0])).toEqual(['me', 'event', 'events', 'cafe']);
});
