import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import type { Cafe, EventProgramme, Locale } from '#contract';
import type { LiveClient, ProgrammeChange } from '../../../../libs/client/src/index.ts';

/**
 * The shortest wait before a page reads a change, in milliseconds. An answer of the API may be a tenth of a second old (`FRESH_MS` of apps/api),
 * and would not show the change.
 */
const READ_AFTER_MS = 250;
/** The default of `withinMs`: a page reads a change within this time, in milliseconds, because thousands of pages get the change at once. */
const READ_WITHIN_MS = 2_000;
/** How long a query takes to store an answer that has arrived, in milliseconds. */
const STORED_WITHIN_MS = 1_000;

/** The queries of public data, by the first part of their key. */
export const PROGRAMME_QUERIES = ['events', 'event', 'cafe'];

export interface ProgrammeOptions {
  /** Reads a Café from the API, or waits for a read that is in progress. Undefined if the Café does not exist any more. @throws ApiProblem */
  readCafe: (client: QueryClient, cafeId: string, locale: Locale) => Promise<Cafe | undefined>;
  /** Returns a number from 0 to 1. */
  random?: () => number;
  /** Returns when the service worker last answered with a kept answer, in milliseconds since 1970; 0 for never. */
  workerAnswerAt?: () => number;
}

/** Updates the programmes and Cafés of a page when the gateway pushes a change. For a programme, only the changed Cafés are read. */
export function followProgramme(
  live: Pick<LiveClient, 'onProgrammeChanged'>,
  client: QueryClient,
  { readCafe, random = Math.random, workerAnswerAt = () => 0 }: ProgrammeOptions,
): void {
  // The outdated queries are chosen when the change is pushed. An answer that arrives during the wait may have been read before the change.
  const outdated = new Set<string>();
  const changedCafes = new Map<string, Set<string>>();
  let waiting = false;

  function readOutdated(): void {
    waiting = false;
    for (const [queryHash, cafeIds] of changedCafes) {
      const query = client.getQueryCache().get<EventProgramme>(queryHash);
      if (!query || outdated.has(queryHash)) continue;
      // A read in progress may have begun before the change. A programme that is not affected is read when it is affected.
      if (query.state.fetchStatus === 'fetching' || !query.isActive()) outdated.add(queryHash);
      else void replaceCafes(client, query, [...cafeIds], readCafe);
    }
    const invalidated = new Set(outdated);
    outdated.clear();
    changedCafes.clear();
    if (invalidated.size > 0)
      void client.invalidateQueries({ predicate: ({ queryHash }) => invalidated.has(queryHash) });
  }

  live.onProgrammeChanged((change) => {
    // An answer that the service worker kept may be older than the change.
    const changedAt = Math.max(Date.now() - change.msAgo + READ_AFTER_MS, workerAnswerAt() + STORED_WITHIN_MS);
    const before = outdated.size + changedCafes.size;
    for (const query of client.getQueryCache().getAll()) {
      if (query.state.dataUpdatedAt > changedAt) continue;
      const affected = affectedPart(query, change);
      if (affected === 'whole') outdated.add(query.queryHash);
      else if (affected) {
        const known = changedCafes.get(query.queryHash) ?? new Set();
        changedCafes.set(query.queryHash, new Set([...known, ...affected]));
      }
    }
    if (waiting || outdated.size + changedCafes.size === before) return;
    waiting = true;
    setTimeout(readOutdated, READ_AFTER_MS + random() * (change.withinMs ?? READ_WITHIN_MS));
  });
}

/** Returns the part of a query that a change affects: the whole, some Cafés, or nothing. */
function affectedPart(
  { queryKey, state }: Query,
  { eventId, cafeIds }: ProgrammeChange,
): 'whole' | string[] | undefined {
  const [kind, of] = queryKey;
  if (!PROGRAMME_QUERIES.includes(String(kind))) return undefined;
  if (!cafeIds) return 'whole';
  if (kind === 'cafe') return cafeIds.includes(String(of)) ? 'whole' : undefined;
  const event = kind === 'event' ? (state.data as EventProgramme | undefined) : undefined;
  if (event?.id !== eventId) return undefined;
  // The position of a new Café in the programme is known only to the API.
  return cafeIds.every((cafeId) => event.cafes.some(({ id }) => id === cafeId)) ? cafeIds : 'whole';
}

/** Reads these Cafés and puts them into the programme. If one cannot be read, reads the whole programme. */
async function replaceCafes(
  client: QueryClient,
  query: Query<EventProgramme>,
  cafeIds: string[],
  readCafe: ProgrammeOptions['readCafe'],
): Promise<void> {
  const { queryKey } = query;
  try {
    const locale = queryKey[2] as Locale;
    const read = await Promise.all(cafeIds.map((cafeId) => readCafe(client, cafeId, locale)));
    putCafes(client, queryKey, cafeIds, read);
  } catch {
    void client.invalidateQueries({ queryKey, exact: true });
  }
}

function putCafes(client: QueryClient, queryKey: QueryKey, cafeIds: string[], read: (Cafe | undefined)[]): void {
  const state = client.getQueryState<EventProgramme>(queryKey);
  if (!state?.data) return;
  const there = new Map(read.flatMap((cafe) => (cafe ? [[cafe.id, cafe]] : [])));
  const cafes = state.data.cafes
    .filter(({ id }) => !cafeIds.includes(id) || there.has(id))
    .map((cafe) => there.get(cafe.id) ?? cafe)
    .sort((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt));
  // The time of the programme does not change, because its other Cafés were not read again.
  client.setQueryData(queryKey, { ...state.data, cafes }, { updatedAt: state.dataUpdatedAt });
  // A read of the whole programme that is in progress may have begun before the change.
  if (state.fetchStatus === 'fetching') void client.invalidateQueries({ queryKey, exact: true });
}
