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
  const known = new Map<string, CafeSeats>();
  const told: {
    registration?: (registration?: Registration) => void;
    counts?: () => void;
    programme?: (msAgo: number) => void;
  } = {};
  let standInAt = 0;
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
        told.programme = (msAgo) => listener('raict', msAgo);
        return () => {};
      },
      counts: (cafeId) => known.get(cafeId),
    },
    client,
    { random: () => 0.5, standInAt: () => standInAt },
  );
  return {
    client,
    told,
    /** The service worker answers in the server's place. */
    standIn() {
      standInAt = Date.now();
    },
    /** Counts of a Café come that are as new as `version`. */
    counts(cafeId: string, version: number, waitlisted = 9) {
      known.set(cafeId, { cafeId, version, waitlisted } as CafeSeats);
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

  it('is asked for soon when the line did not grow, and seldom while people only join behind', () => {
    const { counts, asked } = open();
    counts('1', 1, 100);
    jest.advanceTimersByTime(60_000);
    expect(asked()).toEqual(['registrations']);
    const askedAfter: number[] = [];
    for (let second = 1; second <= 100; second++) {
      counts('1', 1 + second, 100 + second);
      jest.advanceTimersByTime(1_000);
      if (asked().includes('registrations')) askedAfter.push(second);
    }
    expect(askedAfter).toEqual([45, 90]);
    counts('1', 200, 199);
    jest.advanceTimersByTime(5_000);
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
    for (let times = 0; times < 5; times++) told.programme?.(0);
    expect(asked()).toEqual([]);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual(['event']);
  });

  it('is asked for only where the answer is not newer than the change', () => {
    const { client, told, asked } = open();
    jest.advanceTimersByTime(10_000);
    client.setQueryData(['cafe', '1', 'fr'], {});
    jest.advanceTimersByTime(3_000);
    told.programme?.(20_000);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual([]);
    client.setQueryData(['cafe', '1', 'fr'], {});
    client.setQueryData(['event', 'raict', 'fr'], {}, { updatedAt: Date.now() - 7_000 });
    told.programme?.(7_000);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual(['event']);
  });

  it('is asked for again where an answer came after the change was told: it may have been read before', () => {
    const { client, told, asked } = open();
    told.programme?.(0);
    jest.advanceTimersByTime(500);
    client.setQueryData(['event', 'raict', 'fr'], {});
    jest.advanceTimersByTime(500);
    expect(asked()).toEqual(['event']);
  });

  it('is asked for where the answer was the kept one of the service worker, until the server itself answered', () => {
    const { client, told, asked, standIn } = open();
    standIn();
    jest.advanceTimersByTime(5);
    client.setQueryData(['event', 'raict', 'fr'], {});
    jest.advanceTimersByTime(2_000);
    told.programme?.(3_600_000);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual(['event']);
    told.programme?.(3_600_000);
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual([]);
  });

  it('is not asked for because the connection is there again: only registrations are', () => {
    const { told, asked } = open();
    jest.advanceTimersByTime(60_000);
    told.registration?.();
    jest.advanceTimersByTime(2_000);
    expect(asked()).toEqual(['registrations']);
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
