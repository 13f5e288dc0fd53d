import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Cafe, EventProgramme, Locale, Me, MeChange } from '#contract';
import { ApiProblem, call } from './api.ts';
import { reconnectLive, usePolling } from './live.ts';
import { serverNow } from './network.ts';
import { deletePersonalData, keepTickets, keptCafe, resetFetched } from './offline/device-data.ts';
import { removePersonalData } from './queries.ts';
import { discardPending, sendPending } from './registrations/cancelling.ts';
import { recordSession, recordSessionEnd } from './session-note.ts';
import { requestSignOut, sendSignOut } from './sign-out.ts';
import { sortEvents } from './sort-events.ts';
import { type PageLocale, useContentLocale, useLocale } from './words/index.ts';

/** How often the pages of hosts and organisers read the person's roles, in milliseconds. */
const ROLES_EVERY_MS = 2_000;

/** The person who is signed in; null without a session, undefined until the API answers. */
export function useMe(): Me | null | undefined {
  return useMeEvery();
}

/** The same for the pages of hosts and organisers, which must notice within 5 s that a role was revoked or a session ended. */
export function useStaffMe(): Me | null | undefined {
  return useMeEvery(ROLES_EVERY_MS);
}

function useMeEvery(everyMs?: number): Me | null | undefined {
  const polling = usePolling();
  const { data } = useQuery({
    queryKey: ['me'],
    queryFn: async () => {
      const me = await call('GET /me').catch((error) => {
        if (error instanceof ApiProblem && error.code === 'not-signed-in') return null;
        throw error;
      });
      recordSession(me !== null);
      return me;
    },
    // Other pages read it only until the person is known, because the answer does not change by itself.
    refetchInterval: (query) => everyMs ?? (query.state.data === undefined && polling(query)),
  });
  return data;
}

function eventsQuery(locale: Locale) {
  return {
    queryKey: ['events', locale],
    queryFn: async () => {
      const events = await call('GET /events', { locale });
      return events.map((event) => ({ ...event, title: typeset(event.title) }));
    },
  };
}

/** All events without their Cafés, the earliest first. */
export function useEvents() {
  const locale = useContentLocale();
  return useQuery({ ...eventsQuery(locale), refetchInterval: usePolling() });
}

/** The event with this slug; without a slug, the current or next event. Null if there is none. */
export function useEvent(slug?: string) {
  const events = useEvents();
  const wanted = slug ?? (events.data && sortEvents(events.data, serverNow())[0]?.slug);
  const event = useProgramme(wanted);
  return wanted === undefined ? withoutProgramme(events) : event;
}

/** The event with this id; null if there is none. */
export function useEventOf(eventId: string | undefined) {
  const events = useEvents();
  const wanted = events.data?.find(({ id }) => id === eventId)?.slug;
  const event = useProgramme(wanted);
  return wanted === undefined ? withoutProgramme(events) : event;
}

/** The IANA time zone of an event. It is read from the list of events, without the programme. */
export function useTimeZoneOf(eventId: string | undefined): string | undefined {
  return useEvents().data?.find(({ id }) => id === eventId)?.timeZone;
}

function withoutProgramme({ data, error, refetch }: ReturnType<typeof useEvents>) {
  return { data: data && null, error, refetch };
}

function programmeQuery(slug: string | undefined, locale: Locale) {
  return {
    queryKey: ['event', slug, locale],
    queryFn: async () => {
      const event = await call('GET /events/{slug}', { slug: slug ?? '', locale });
      return { ...event, title: typeset(event.title), cafes: event.cafes.map(typesetCafe) };
    },
  };
}

function useProgramme(slug: string | undefined) {
  const locale = useContentLocale();
  return useQuery({ ...programmeQuery(slug, locale), enabled: slug !== undefined, refetchInterval: usePolling() });
}

/** Reads the data of a programme page or a Café page into the cache of queries, before the first rendering. @throws ApiProblem */
export async function readFirst(client: QueryClient, path: string, locale: Locale): Promise<void> {
  const cafeId = /^\/cafes\/([^/]+)$/.exec(path)?.[1];
  const [events, cafe] = await Promise.all([
    client.fetchQuery(eventsQuery(locale)),
    cafeId && client.fetchQuery(cafeQuery(cafeId, locale)),
  ]);
  const event = cafe ? events.find(({ id }) => id === cafe.eventId) : sortEvents(events, serverNow())[0];
  const slug = /^\/events\/([^/]+)$/.exec(path)?.[1] ?? event?.slug;
  if (slug) await client.fetchQuery(programmeQuery(slug, locale));
}

/** Returns the path of an event's programme. The current or next event has the path `/`. */
export function useProgrammePath(eventId: string): string {
  const { data: events = [] } = useEvents();
  const event = events.find(({ id }) => id === eventId);
  return !event || event === sortEvents(events, serverNow())[0] ? '/' : `/events/${event.slug}`;
}

function cafeQuery(cafeId: string, locale: Locale) {
  return {
    queryKey: ['cafe', cafeId, locale],
    queryFn: async () => typesetCafe(await call('GET /cafes/{id}', { id: cafeId, locale })),
  };
}

/** Reads a Café from the API, and updates every component that shows it. Undefined if the Café does not exist any more. @throws ApiProblem */
export async function readCafe(client: QueryClient, cafeId: string, locale: Locale): Promise<Cafe | undefined> {
  return client.fetchQuery({ ...cafeQuery(cafeId, locale), staleTime: 0 }).catch((error) => {
    if (isGone(error)) return undefined;
    throw error;
  });
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'cafe-not-found';
}

/**
 * Reads a Café. Until the API answers, `data` is the Café of the programme that this page read, or of a kept programme. `gone`: the Café does not
 * exist any more, or an organiser made it a draft; `data` may still be the last answer.
 */
export function useCafe(cafeId: string) {
  const locale = useContentLocale();
  const client = useQueryClient();
  const known = () => cafeOfProgrammes(client, cafeId, locale);
  const { data, error, refetch } = useQuery({
    ...cafeQuery(cafeId, locale),
    initialData: () => known()?.cafe,
    initialDataUpdatedAt: () => known()?.readAt,
    refetchInterval: usePolling(),
  });
  const { data: kept } = useQuery({
    queryKey: ['kept-cafe', cafeId, locale],
    queryFn: async () => {
      const cafe = await keptCafe(cafeId, locale);
      return cafe ? typesetCafe(cafe) : null;
    },
    enabled: data === undefined,
    retry: false,
  });
  const gone = isGone(error);
  return { data: data ?? (gone ? undefined : (kept ?? undefined)), gone, error, refetch };
}

/** Returns a Café from the programmes that this page read. `readAt`: when the programme was read, in milliseconds since 1970. */
function cafeOfProgrammes(client: QueryClient, cafeId: string, locale: Locale) {
  for (const [key, event] of client.getQueriesData<EventProgramme>({ queryKey: ['event'] })) {
    const cafe = key[2] === locale ? event?.cafes.find(({ id }) => id === cafeId) : undefined;
    if (cafe) return { cafe, readAt: client.getQueryState(key)?.dataUpdatedAt };
  }
  return undefined;
}

/** Returns a text with no-break spaces beside French punctuation, so that a line never begins with a mark. */
function typeset(text: string): string {
  return text.replaceAll(/ ([:;!?»%])/g, '\u00a0$1').replaceAll('« ', '«\u00a0');
}

function typesetCafe(cafe: Cafe): Cafe {
  return { ...cafe, title: typeset(cafe.title), ...(cafe.summary && { summary: typeset(cafe.summary) }) };
}

/** The registrations of the person who is signed in. */
export function useRegistrations() {
  const me = useMe();
  return useQuery({
    queryKey: ['registrations', me?.id],
    queryFn: async () => {
      const registrations = await call('GET /me/registrations');
      keepTickets(registrations);
      return registrations;
    },
    enabled: Boolean(me),
    refetchInterval: usePolling(),
  });
}

/** Returns the function to call after a sign-in or a sign-out. It removes the data of the person from this page, and reads it again. */
export function useSessionChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => showSession(client);
}

/** Reads again who is signed in and the data of that person, and updates this page. */
export async function showSession(client: QueryClient): Promise<void> {
  reconnectLive();
  void sendPending();
  resetFetched();
  removePersonalData(client);
  await client.invalidateQueries();
}

/**
 * Returns the function that signs out. The page shows it at once, and the data of the person is deleted from the device. The sign-out is sent now
 * or, if the server cannot be reached, before the next call.
 */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const changed = useSessionChanged();
  return async () => {
    recordSessionEnd();
    await sendPending();
    requestSignOut();
    discardPending();
    await deletePersonalData();
    await showSignedOut(client);
    // Public answers are read again in the background.
    void sendSignOut().then((sent) => (sent ? changed() : undefined));
  };
}

/** Removes the data of the person from this page, and shows it as signed out. */
export async function showSignedOut(client: QueryClient): Promise<void> {
  recordSessionEnd();
  // Answers that have not arrived yet belong to the session that ended.
  await client.cancelQueries();
  removePersonalData(client);
  client.setQueryData(['me'], null);
}

/** Returns a function that changes the person's record, and updates this page. @throws ApiProblem */
export function useChangeMe(): (change: MeChange) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    client.setQueryData(['me'], await call('PATCH /me', { body: change }));
  };
}

/** Returns a function that changes the language of the pages, and of mails if it is French or English. */
export function useChooseLanguage(): (chosen: PageLocale) => void {
  const { choose } = useLocale();
  const me = useMe();
  const change = useChangeMe();
  return (chosen) => {
    void choose(chosen);
    if (me && (chosen === 'fr' || chosen === 'en')) void change({ locale: chosen }).catch(() => {});
  };
}
