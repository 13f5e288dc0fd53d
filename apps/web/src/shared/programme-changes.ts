import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import type { Cafe, EventProgramme, Locale } from '#contract';
import type { LiveClient, ProgrammeChange } from '../../../../libs/client/src/index.ts';

/**
 * How long a page waits at least before it asks for a change, in milliseconds. An answer of the API may be a tenth of a second old
 * (`FRESH_MS` of apps/api): what it answers later shows the change.
 */
const ASK_AFTER_MS = 250;
/** Without another word of the gateway a page asks within so many milliseconds: thousands hear of a change at once. */
const ASK_WITHIN_MS = 2_000;
/** How long a query takes to hold an answer that came, in milliseconds. */
const TAKEN_IN_MS = 1_000;

/** The queries of what everybody may see, by the first part of their key. */
export const PROGRAMME_QUERIES = ['events', 'event', 'cafe'];

export interface ProgrammeOptions {
  /** Reads a Café from the API, or takes part in a reading under way; undefined where it is not there any more. Rejects as `call` does. */
  readCafe: (client: QueryClient, cafeId: string, locale: Locale) => Promise<Cafe | undefined>;
  /** From 0 to 1. */
  random?: () => number;
  /** When the service worker last answered in the server's place, in milliseconds since 1970; 0 for never. */
  standInAt?: () => number;
}

/** Keeps programmes and Cafés of a page as they are now: of a programme, only the Cafés that changed are asked for. */
export function followProgramme(
  live: Pick<LiveClient, 'onProgrammeChanged'>,
  client: QueryClient,
  { readCafe, random = Math.random, standInAt = () => 0 }: ProgrammeOptions,
): void {
  // Chosen when a change is pushed: an answer that comes while the page waits may have been read before the change.
  const outdated = new Set<string>();
  const changedCafes = new Map<string, Set<string>>();
  let waiting = false;

  function ask(): void {
    waiting = false;
    for (const [queryHash, cafeIds] of changedCafes) {
      const query = client.getQueryCache().get<EventProgramme>(queryHash);
      if (!query || outdated.has(queryHash)) continue;
      // What is under way may have been read before the change, and a programme that no page shows is read when one does.
      if (query.state.fetchStatus === 'fetching' || !query.isActive()) outdated.add(queryHash);
      else void replaceCafes(client, query, [...cafeIds], readCafe);
    }
    const asked = new Set(outdated);
    outdated.clear();
    changedCafes.clear();
    if (asked.size > 0) void client.invalidateQueries({ predicate: ({ queryHash }) => asked.has(queryHash) });
  }

  live.onProgrammeChanged((change) => {
    // What the service worker kept may be older than any change.
    const changedAt = Math.max(Date.now() - change.msAgo + ASK_AFTER_MS, standInAt() + TAKEN_IN_MS);
    const before = outdated.size + changedCafes.size;
    for (const query of client.getQueryCache().getAll()) {
      if (query.state.dataUpdatedAt > changedAt) continue;
      const shown = showsOf(query, change);
      if (shown === 'whole') outdated.add(query.queryHash);
      else if (shown) {
        const known = changedCafes.get(query.queryHash) ?? new Set();
        changedCafes.set(query.queryHash, new Set([...known, ...shown]));
      }
    }
    if (waiting || outdated.size + changedCafes.size === before) return;
    waiting = true;
    setTimeout(ask, ASK_AFTER_MS + random() * (change.withinMs ?? ASK_WITHIN_MS));
  });
}

/** What a query shows of what changed: all of it, these Cafés, or nothing. */
function showsOf({ queryKey, state }: Query, { eventId, cafeIds }: ProgrammeChange): 'whole' | string[] | undefined {
  const [kind, of] = queryKey;
  if (!PROGRAMME_QUERIES.includes(String(kind))) return undefined;
  if (!cafeIds) return 'whole';
  if (kind === 'cafe') return cafeIds.includes(String(of)) ? 'whole' : undefined;
  const event = kind === 'event' ? (state.data as EventProgramme | undefined) : undefined;
  if (event?.id !== eventId) return undefined;
  // Where a new Café stands in the programme is known to the API.
  return cafeIds.every((cafeId) => event.cafes.some(({ id }) => id === cafeId)) ? cafeIds : 'whole';
}

/** Read these Cafés and put them into the programme; where one cannot be read, ask for the whole. */
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
  // As old as it was: of the other Cafés it says nothing new.
  client.setQueryData(queryKey, { ...state.data, cafes }, { updatedAt: state.dataUpdatedAt });
  // A whole answer that is on its way may have been read before the change.
  if (state.fetchStatus === 'fetching') void client.invalidateQueries({ queryKey, exact: true });
}
