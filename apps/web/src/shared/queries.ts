import type { Query, QueryClient } from '@tanstack/react-query';
import type { CafeSeats, Me, Registration } from '#contract';
import type { LiveClient } from '../../../../libs/client/src/index.ts';

/** How often a place in line is asked for while the counts of its Café change, in milliseconds: half of it to one and a half. */
const LINE_EVERY_MS = 5_000;
/** The same while people only join behind, in milliseconds: once to twice that. Somebody who left may hide behind those who joined. */
const LINE_GROWS_EVERY_MS = 30_000;
/** Thousands of pages hear at once that a programme changed; within so many milliseconds each has asked for it. */
const PROGRAMME_WITHIN_MS = 2_000;
/** How long a query takes to hold an answer that was heard, in milliseconds. */
const TAKEN_IN_MS = 1_000;

/** The queries of what everybody may see, by the first part of their key. */
const PROGRAMME = ['events', 'event', 'cafe'];

type Told = Pick<LiveClient, 'onRegistration' | 'onCounts' | 'onProgrammeChanged' | 'counts'>;

interface FollowOptions {
  /** From 0 to 1. */
  random?: () => number;
  /** When the service worker last answered in the server's place, in milliseconds since 1970; 0 for never. */
  standInAt?: () => number;
}

/** Have what the live connection says has changed asked for again: once for the whole page. */
export function follow(
  live: Told,
  client: QueryClient,
  { random = Math.random, standInAt = () => 0 }: FollowOptions = {},
): void {
  const askFor = (...keys: string[]) => {
    for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
  };
  // Chosen when a change is told: an answer that comes while we wait may have been read before the change.
  const outdated = new Set<string>();
  const askForProgramme = onceWithin(
    () => random() * PROGRAMME_WITHIN_MS,
    () => {
      void client.invalidateQueries({ predicate: ({ queryHash }) => outdated.has(queryHash) });
      outdated.clear();
    },
  );
  live.onProgrammeChanged((_, msAgo) => {
    // What the service worker kept may be older than any change.
    const changedAt = Math.max(Date.now() - msAgo, standInAt() + TAKEN_IN_MS);
    const isOutdated = ({ queryKey, state }: Query) =>
      PROGRAMME.includes(String(queryKey[0])) && state.dataUpdatedAt <= changedAt;
    for (const { queryHash } of client.getQueryCache().findAll({ predicate: isOutdated })) outdated.add(queryHash);
    if (outdated.size > 0) askForProgramme();
  });
  live.onRegistration(() => askFor('registrations'));
  // A person is told of their own registrations: that somebody before them left the line shows in its counts alone.
  const askForPlace = onceWithin(
    () => (0.5 + random()) * LINE_EVERY_MS,
    () => askFor('registrations'),
  );
  const askForPlaceLater = onceWithin(
    () => (1 + random()) * LINE_GROWS_EVERY_MS,
    () => askFor('registrations'),
  );
  const seen = new Map<string, CafeSeats>();
  live.onCounts(() => {
    for (const { cafeId, status } of registrationsIn(client)) {
      const counts = live.counts(cafeId);
      const before = seen.get(cafeId);
      if (status !== 'waitlisted' || !counts || counts.version === before?.version) continue;
      seen.set(cafeId, counts);
      if (before && counts.waitlisted > before.waitlisted) askForPlaceLater();
      else askForPlace();
    }
  });
}

/** Forget every answer but those that hold nothing of a person; and `me`, which is asked for again. */
export function forgetPerson(client: QueryClient): void {
  const stays = [...PROGRAMME, 'me'];
  client.removeQueries({ predicate: ({ queryKey }) => !stays.includes(String(queryKey[0])) });
}

/** Of the person who is signed in, as they are known. */
function registrationsIn(client: QueryClient): Registration[] {
  const me = client.getQueryData<Me | null>(['me']);
  return client.getQueryData<Registration[]>(['registrations', me?.id]) ?? [];
}

/** Acts after a wait, once for all the calls that came meanwhile. */
function onceWithin(waitMs: () => number, act: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      act();
    }, waitMs());
  };
}
