import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Cafe, CafeSeats, EventProgramme, Registration } from '#contract';
import { followChanges, removePersonalData } from './queries.ts';

const registrationsKey = ['registrations', 'léa'];

function cafe(id: string, state: Cafe['state'], startsAt = '2026-11-25T10:00:00.000Z'): Cafe {
  return { id, state, startsAt } as Cafe;
}

/** A page of Léa, who has a place in the waitlist of Café 1 and a seat in Café 2, with a live connection that the test controls. */
function open() {
  const client = new QueryClient();
  client.setQueryData(['me'], { id: 'léa' });
  client.setQueryData(['event', 'raict', 'fr'], {});
  client.setQueryData(registrationsKey, [
    { cafeId: '1', status: 'waitlisted' },
    { cafeId: '2', status: 'confirmed' },
  ]);
  let readAgain: string[] = [];
  client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'invalidate') readAgain.push(String(event.query.queryKey[0]));
  });
  const known = new Map<string, CafeSeats>();
  const live: {
    registration?: (registration?: Registration) => void;
    counts?: () => void;
    programme?: (msAgo: number, cafeIds?: string[], withinMs?: number) => void;
  } = {};
  let workerAnswerAt = 0;
  const cafesRead: string[] = [];
  let answerCafe = async (cafeId: string): Promise<Cafe | undefined> => cafe(cafeId, 'closed');
  followChanges(
    {
      onRegistration: (listener) => {
        live.registration = listener;
        return () => {};
      },
      onCounts: (listener) => {
        live.counts = listener;
        return () => {};
      },
      onProgrammeChanged: (listener) => {
        live.programme = (msAgo, cafeIds, withinMs) => listener({ eventId: 'raict', msAgo, cafeIds, withinMs });
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
      workerAnswerAt: () => workerAnswerAt,
    },
  );
  return {
    client,
    live,
    cafesRead,
    /** Sets how the Cafés are read from now on. */
    answerCafesBy(answer: typeof answerCafe) {
      answerCafe = answer;
    },
    /** Shows the programme. */
    show() {
      const observer = new QueryObserver(client, {
        queryKey: ['event', 'raict', 'fr'],
        staleTime: Number.POSITIVE_INFINITY,
      });
      observer.subscribe(() => {});
    },
    statesShown: () =>
      client.getQueryData<EventProgramme>(['event', 'raict', 'fr'])?.cafes?.map(({ id, state }) => [id, state]),
    /** The service worker answers with a kept answer. */
    answerFromWorker() {
      workerAnswerAt = Date.now();
    },
    /** Pushes counts of a Café with this version. */
    counts(cafeId: string, version: number, waitlisted = 9) {
      known.set(cafeId, { cafeId, version, waitlisted } as CafeSeats);
      live.counts?.();
    },
    /** Returns the queries that were read again since the last call, by the first part of their key. Each is answered at once. */
    readAgain() {
      const now = readAgain;
      for (const query of client.getQueryCache().getAll()) query.setData(query.state.data);
      readAgain = [];
      return now;
    },
  };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a place in the waitlist', () => {
  it('is read again every five seconds while its Café changes, and once after the last change', () => {
    const { counts, readAgain } = open();
    const readAfter: number[] = [];
    for (let second = 1; second <= 12; second++) {
      counts('1', second);
      jest.advanceTimersByTime(1_000);
      if (readAgain().includes('registrations')) readAfter.push(second);
    }
    expect(readAfter).toEqual([5, 10]);
    jest.advanceTimersByTime(60_000);
    expect(readAgain()).toEqual(['registrations']);
  });

  it('is read soon if the waitlist did not grow, and seldom while people only join', () => {
    const { counts, readAgain } = open();
    counts('1', 1, 100);
    jest.advanceTimersByTime(60_000);
    expect(readAgain()).toEqual(['registrations']);
    const readAfter: number[] = [];
    for (let second = 1; second <= 100; second++) {
      counts('1', 1 + second, 100 + second);
      jest.advanceTimersByTime(1_000);
      if (readAgain().includes('registrations')) readAfter.push(second);
    }
    expect(readAfter).toEqual([45, 90]);
    counts('1', 200, 199);
    jest.advanceTimersByTime(5_000);
    expect(readAgain()).toEqual(['registrations']);
  });

  it('is not read while the counts of its Café do not change', () => {
    const { counts, readAgain } = open();
    counts('1', 1);
    jest.advanceTimersByTime(60_000);
    readAgain();
    counts('1', 1);
    counts('2', 7);
    jest.advanceTimersByTime(60_000);
    expect(readAgain()).toEqual([]);
  });
});

describe('a programme', () => {
  it('is read once for several changes at the same time', () => {
    const { live, readAgain } = open();
    for (let times = 0; times < 5; times++) live.programme?.(0);
    expect(readAgain()).toEqual([]);
    jest.advanceTimersByTime(2_000);
    expect(readAgain()).toEqual(['event']);
  });

  it('is read only if the last answer is not newer than the change', () => {
    const { client, live, readAgain } = open();
    jest.advanceTimersByTime(10_000);
    client.setQueryData(['cafe', '1', 'fr'], {});
    jest.advanceTimersByTime(3_000);
    live.programme?.(20_000);
    jest.advanceTimersByTime(2_000);
    expect(readAgain()).toEqual([]);
    client.setQueryData(['cafe', '1', 'fr'], {});
    client.setQueryData(['event', 'raict', 'fr'], {}, { updatedAt: Date.now() - 7_000 });
    live.programme?.(7_000);
    jest.advanceTimersByTime(2_000);
    expect(readAgain()).toEqual(['event']);
  });

  it('is read again if an answer arrives after the push, because the API may have read it before the change', () => {
    const { client, live, readAgain } = open();
    live.programme?.(0);
    jest.advanceTimersByTime(500);
    client.setQueryData(['event', 'raict', 'fr'], {});
    jest.advanceTimersByTime(750);
    expect(readAgain()).toEqual(['event']);
  });

  it('is read again after a kept answer of the service worker, until the server itself answers', () => {
    const { client, live, readAgain, answerFromWorker } = open();
    answerFromWorker();
    jest.advanceTimersByTime(5);
    client.setQueryData(['event', 'raict', 'fr'], {});
    jest.advanceTimersByTime(2_000);
    live.programme?.(3_600_000);
    jest.advanceTimersByTime(2_000);
    expect(readAgain()).toEqual(['event']);
    live.programme?.(3_600_000);
    jest.advanceTimersByTime(2_000);
    expect(readAgain()).toEqual([]);
  });

  it('is not read when the connection opens again; only registrations are', () => {
    const { live, readAgain } = open();
    jest.advanceTimersByTime(60_000);
    live.registration?.();
    jest.advanceTimersByTime(2_000);
    expect(readAgain()).toEqual(['registrations']);
  });
});

describe('a Café of a shown programme', () => {
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
    page.readAgain();
    return page;
  };

  it('is read alone after a change, within the time in the push', async () => {
    const { live, readAgain, cafesRead, statesShown } = showing();
    live.programme?.(0, ['2'], 3_000);
    await jest.advanceTimersByTimeAsync(1_749);
    expect(cafesRead).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(cafesRead).toEqual(['2 fr']);
    expect(statesShown()).toEqual([
      ['1', 'open'],
      ['2', 'closed'],
      ['3', 'open'],
    ]);
    expect(readAgain()).toEqual([]);
  });

  it('is shown at its new time, and is removed if it does not exist any more', async () => {
    const { live, answerCafesBy, statesShown } = showing();
    answerCafesBy(async (id) => (id === '3' ? undefined : cafe(id, 'open', '2026-11-25T13:00:00.000Z')));
    live.programme?.(0, ['1', '3']);
    await jest.advanceTimersByTimeAsync(1_250);
    expect(statesShown()?.map(([id]) => id)).toEqual(['2', '1']);
  });

  it('does not change the time of the programme, which may lack changes of other Cafés', async () => {
    const { live, readAgain, client } = showing();
    const { dataUpdatedAt } = client.getQueryState(['event', 'raict', 'fr']) as { dataUpdatedAt: number };
    live.programme?.(0, ['2']);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(client.getQueryState(['event', 'raict', 'fr'])?.dataUpdatedAt).toBe(dataUpdatedAt);
    live.programme?.(3_000);
    await jest.advanceTimersByTimeAsync(1_250);
    expect(readAgain()).toEqual(['event']);
  });

  it.each([
    ['it is new', ['4'], async (id: string) => cafe(id, 'open')],
    ['it cannot be read', ['2'], () => Promise.reject(new Error('unreachable'))],
  ])('is read with the whole programme if %s', async (_why, cafeIds, answer) => {
    const { live, readAgain, answerCafesBy } = showing();
    answerCafesBy(answer);
    live.programme?.(0, cafeIds);
    await jest.advanceTimersByTimeAsync(1_250);
    expect(readAgain()).toEqual(['event']);
  });

  it('is read with the whole programme if a read of the programme is in progress, which may have begun before the change', async () => {
    const { live, readAgain, client, cafesRead } = showing();
    void client.refetchQueries({ queryKey: ['event'] });
    live.programme?.(0, ['2']);
    await jest.advanceTimersByTimeAsync(1_250);
    expect([readAgain(), cafesRead]).toEqual([['event'], []]);
  });
});

it('removes all personal data, and nothing else', () => {
  const { client } = open();
  for (const key of ['calendar-feed', 'undelivered', 'what comes next']) client.setQueryData([key], {});
  for (const key of ['events', 'cafe']) client.setQueryData([key], {});
  removePersonalData(client);
  const left = client.getQueryCache().getAll();
  expect(left.map(({ queryKey }) => queryKey[0])).toEqual(['me', 'event', 'events', 'cafe']);
});
