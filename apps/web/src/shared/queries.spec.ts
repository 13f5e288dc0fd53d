import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Cafe, CafeSeats, EventProgramme, Registration } from '#contract';
import { follow, forgetPerson } from './queries.ts';

const registrationsKey = ['registrations', 'léa'];

function cafe(id: string, state: Cafe['state'], startsAt = '2026-11-25T10:00:00.000Z'): Cafe {
  return { id, state, startsAt } as Cafe;
}

/** A page on which Léa has a place in line of Café 1 and a seat in Café 2, and a live connection that the test controls. */
function open() {
  const client = new QueryClient();
  client.setQueryData(['me'], { id: 'léa' });
  client.setQueryData(['event', 'raict', 'fr'], {});
  client.setQueryData(registrationsKey, [
    { cafeId: '1', status: 'waitlisted' },
    { cafeId: '2', status: 'confirmed' },
  ]);
  let asked: string[] = [];
  client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'invalidate') asked.push(String(event.query.queryKey[0]));
  });
  const known = new Map<string, CafeSeats>();
  const told: {
    registration?: (registration?: Registration) => void;
    counts?: () => void;
    programme?: (msAgo: number, cafeIds?: string[], withinMs?: number) => void;
  } = {};
  let standInAt = 0;
  const cafesRead: string[] = [];
  let answerCafe = async (cafeId: string): Promise<Cafe | undefined> => cafe(cafeId, 'closed');
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
        told.programme = (msAgo, cafeIds, withinMs) => listener({ eventId: 'raict', msAgo, cafeIds, withinMs });
        return () => {};
      },
      counts: (cafeId) => known.get(cafeId),
    },
    client,
    {
      readCafe: (_, cafeId, locale) => {
        cafesRead.push(`${cafeId} ${locale}`);
        return answerCafe(cafeId);
      },
      random: () => 0.5,
      standInAt: () => standInAt,
    },
  );
  return {
    client,
    told,
    cafesRead,
    /** The Cafés are read so from now on. */
    answerCafesBy(answer: typeof answerCafe) {
      answerCafe = answer;
    },
    /** A page shows the programme. */
    show() {
      const observer = new QueryObserver(client, {
        queryKey: ['event', 'raict', 'fr'],
        staleTime: Number.POSITIVE_INFINITY,
      });
      observer.subscribe(() => {});
    },
    statesShown: () =>
      client.getQueryData<EventProgramme>(['event', 'raict', 'fr'])?.cafes?.map(({ id, state }) => [id, state]),
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
    jest.advanceTimersByTime(750);
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

describe('a Café of a programme that is shown', () => {
  const programme = {
    id: 'raict',
    cafes: [
      cafe('1', 'open'),
      cafe('2', 'open', '2026-11-25T11:00:00.000Z'),
      cafe('3', 'open', '2026-11-25T12:00:00.000Z'),
    ],
  };
  const showing = () => {
    const page = open();
    page.client.setQueryDefaults(['event'], { queryFn: () => new Promise(() => {}) });
    page.client.setQueryData(['event', 'raict', 'fr'], programme);
    page.show();
    page.asked();
    return page;
  };

  it('is asked for alone when it changed, within the time that the gateway gives', async () => {
    const { told, asked, cafesRead, statesShown } = showing();
    told.programme?.(0, ['2'], 3_000);
    await jest.advanceTimersByTimeAsync(1_749);
    expect(cafesRead).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(cafesRead).toEqual(['2 fr']);
    expect(statesShown()).toEqual([
      ['1', 'open'],
      ['2', 'closed'],
      ['3', 'open'],
    ]);
    expect(asked()).toEqual([]);
  });

  it('is shown at its new time, and no longer where it is gone', async () => {
    const { told, answerCafesBy, statesShown } = showing();
    answerCafesBy(async (id) => (id === '3' ? undefined : cafe(id, 'open', '2026-11-25T13:00:00.000Z')));
    told.programme?.(0, ['1', '3']);
    await jest.advanceTimersByTimeAsync(1_250);
    expect(statesShown()?.map(([id]) => id)).toEqual(['2', '1']);
  });

  it('leaves the programme as old as it was: it may miss changes of other Cafés', async () => {
    const { told, asked, client } = showing();
    const { dataUpdatedAt } = client.getQueryState(['event', 'raict', 'fr']) as { dataUpdatedAt: number };
    told.programme?.(0, ['2']);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(client.getQueryState(['event', 'raict', 'fr'])?.dataUpdatedAt).toBe(dataUpdatedAt);
    told.programme?.(3_000);
    await jest.advanceTimersByTimeAsync(1_250);
    expect(asked()).toEqual(['event']);
  });

  it.each([
    ['it is new there', ['4'], async (id: string) => cafe(id, 'open')],
    ['it cannot be read', ['2'], () => Promise.reject(new Error('unreachable'))],
  ])('is asked for with the whole programme where %s', async (_why, cafeIds, answer) => {
    const { told, asked, answerCafesBy } = showing();
    answerCafesBy(answer);
    told.programme?.(0, cafeIds);
    await jest.advanceTimersByTimeAsync(1_250);
    expect(asked()).toEqual(['event']);
  });

  it('is asked for with the whole programme where that is on its way: it may have been read before', async () => {
    const { told, asked, client, cafesRead } = showing();
    void client.refetchQueries({ queryKey: ['event'] });
    told.programme?.(0, ['2']);
    await jest.advanceTimersByTimeAsync(1_250);
    expect([asked(), cafesRead]).toEqual([['event'], []]);
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
