import type { QueryClient } from '@tanstack/react-query';
import type { CafeSeats, Me, Registration } from '#contract';
import type { LiveClient } from '../../../../libs/client/src/index.ts';
import { followProgramme, PROGRAMME_QUERIES, type ProgrammeOptions } from './programme-changes.ts';

/** How often a place in the waitlist is read while the counts of its Café change, in milliseconds: 0.5 to 1.5 times this value. */
const PLACE_EVERY_MS = 5_000;
/** The same while the waitlist grows, in milliseconds: 1 to 2 times this value. Even then a person may have left, and the place may have changed. */
const WAITLIST_GROWS_EVERY_MS = 30_000;

type LiveEvents = Pick<LiveClient, 'onRegistration' | 'onCounts' | 'onProgrammeChanged' | 'counts'>;

/** Reads the queries again that the messages of the live connection are about. Called once for each page. */
export function followChanges(live: LiveEvents, client: QueryClient, options: ProgrammeOptions): void {
  const { random = Math.random } = options;
  followProgramme(live, client, options);
  const readAgain = (...keys: string[]) => {
    for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
  };
  live.onRegistration(() => readAgain('registrations'));
  // The gateway pushes an attendee's own registrations. If another person leaves the waitlist, only the counts show it.
  const readPlace = onceAfter(
    () => (0.5 + random()) * PLACE_EVERY_MS,
    () => readAgain('registrations'),
  );
  const readPlaceLater = onceAfter(
    () => (1 + random()) * WAITLIST_GROWS_EVERY_MS,
    () => readAgain('registrations'),
  );
  const seen = new Map<string, CafeSeats>();
  live.onCounts(() => {
    for (const { cafeId, status } of registrationsIn(client)) {
      const counts = live.counts(cafeId);
      const before = seen.get(cafeId);
      if (status !== 'waitlisted' || !counts || counts.version === before?.version) continue;
      seen.set(cafeId, counts);
      if (before && counts.waitlisted > before.waitlisted) readPlaceLater();
      else readPlace();
    }
  });
}

/** Removes all queries except those of public data and `me`. */
export function removePersonalData(client: QueryClient): void {
  const kept = [...PROGRAMME_QUERIES, 'me'];
  client.removeQueries({ predicate: ({ queryKey }) => !kept.includes(String(queryKey[0])) });
}

/** The registrations of the signed-in attendee that the page knows. */
function registrationsIn(client: QueryClient): Registration[] {
  const me = client.getQueryData<Me | null>(['me']);
  return client.getQueryData<Registration[]>(['registrations', me?.id]) ?? [];
}

/** Returns a function that calls `act` after a wait, once for all calls during the wait. */
function onceAfter(waitMs: () => number, act: () => void): () => void {
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
