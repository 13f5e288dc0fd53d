import type { QueryClient } from '@tanstack/react-query';
import type { CafeSeats, Me, Registration } from '#contract';
import type { LiveClient } from '../../../../libs/client/src/index.ts';
import { followProgramme, PROGRAMME_QUERIES, type ProgrammeOptions } from './programme-changes.ts';

/** How often a place in the waitlist is asked for while the counts of its Café change, in milliseconds: half of it to one and a half. */
const PLACE_EVERY_MS = 5_000;
/** The same while people only join behind, in milliseconds: once to twice that. Somebody who left may hide behind those who joined. */
const WAITLIST_GROWS_EVERY_MS = 30_000;

type LiveEvents = Pick<LiveClient, 'onRegistration' | 'onCounts' | 'onProgrammeChanged' | 'counts'>;

/** Asks again for what the live connection says has changed: once for the whole page. */
export function follow(live: LiveEvents, client: QueryClient, options: ProgrammeOptions): void {
  const { random = Math.random } = options;
  followProgramme(live, client, options);
  const askFor = (...keys: string[]) => {
    for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
  };
  live.onRegistration(() => askFor('registrations'));
  // The gateway pushes a person's own registrations. That somebody before them left the waitlist shows in its counts alone.
  const askForPlace = onceWithin(
    () => (0.5 + random()) * PLACE_EVERY_MS,
    () => askFor('registrations'),
  );
  const askForPlaceLater = onceWithin(
    () => (1 + random()) * WAITLIST_GROWS_EVERY_MS,
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
  const stays = [...PROGRAMME_QUERIES, 'me'];
  client.removeQueries({ predicate: ({ queryKey }) => !stays.includes(String(queryKey[0])) });
}

/** The registrations of the signed-in attendee that the page knows. */
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
