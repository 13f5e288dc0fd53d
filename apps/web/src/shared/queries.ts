import type { QueryClient } from '@tanstack/react-query';
import type { Me, Registration } from '#contract';
import type { LiveClient } from '../../../../libs/contract/src/live-client.ts';

/** How often a place in line is asked for while the counts of its Café change, in milliseconds: half of it to one and a half. */
const LINE_EVERY_MS = 5_000;
/** Thousands of pages hear at once that a programme changed; within so many milliseconds each has asked for it. */
const PROGRAMME_WITHIN_MS = 2_000;
/** Within so many milliseconds of its start a page has only just asked for the programme. */
const LOADING_MS = 5_000;

/** The queries of what everybody may see, by the first part of their key. */
const PROGRAMME = ['events', 'event', 'cafe'];

type Told = Pick<LiveClient, 'onRegistration' | 'onCounts' | 'onProgrammeChanged' | 'counts'>;

/** Have what the live connection says has changed asked for again: once for the whole page. @param random from 0 to 1 */
export function follow(live: Told, client: QueryClient, random: () => number = Math.random): void {
  const askFor = (...keys: string[]) => {
    for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
  };
  const askForProgramme = onceWithin(
    () => random() * PROGRAMME_WITHIN_MS,
    () => askFor(...PROGRAMME),
  );
  live.onProgrammeChanged(askForProgramme);
  live.onRegistration((registration) => {
    askFor('registrations');
    // The connection is there again: what changed in the programme meanwhile is not told any more.
    if (!registration && performance.now() > LOADING_MS) askForProgramme();
  });
  // A person is told of their own registrations: that somebody before them left the line shows in its counts alone.
  const askForPlace = onceWithin(
    () => (0.5 + random()) * LINE_EVERY_MS,
    () => askFor('registrations'),
  );
  const seen = new Map<string, number>();
  live.onCounts(() => {
    for (const { cafeId, status } of registrationsIn(client)) {
      const version = live.counts(cafeId)?.version;
      if (status !== 'waitlisted' || version === undefined || version === seen.get(cafeId)) continue;
      seen.set(cafeId, version);
      askForPlace();
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
