import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Cafe, EventProgramme, Locale, Me, MeChange } from '#contract';
import { ApiProblem, call } from './api.ts';
import { comingFirst } from './coming-first.ts';
import { reconnectLive, usePolling } from './live.ts';
import { serverNow } from './network.ts';
import { forgetFetched, forgetMine, keepTickets, keptCafe } from './offline/kept.ts';
import { forgetPerson } from './queries.ts';
import { forget, settle } from './registrations/cancelling.ts';
import { sessionEndsHere, sessionSeen } from './session-note.ts';
import { requestSignOut, sendSignOut } from './sign-out.ts';
import { type PageLocale, useContentLocale, useLocale } from './words/index.ts';

/** How often the pages of hosts and organisers ask whether the person still has the role, in milliseconds. */
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
      sessionSeen(me !== null);
      return me;
    },
    // Other pages ask only until the person is known: the answer does not change by itself.
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

/** The event with this slug, or the one that runs now or comes next; null where there is none. */
export function useEvent(slug?: string) {
  const events = useEvents();
  const wanted = slug ?? (events.data && comingFirst(events.data, serverNow())[0]?.slug);
  const event = useProgramme(wanted);
  return wanted === undefined ? withoutProgramme(events) : event;
}

/** The event with this id; null where there is none. */
export function useEventOf(eventId: string | undefined) {
  const events = useEvents();
  const wanted = events.data?.find(({ id }) => id === eventId)?.slug;
  const event = useProgramme(wanted);
  return wanted === undefined ? withoutProgramme(events) : event;
}

/** The IANA time zone of an event, from the list of events: without its programme. */
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

/** Reads what the page at an address of the programme shows first, so that its first rendering has it. Rejects as `call` does. */
export async function readFirst(client: QueryClient, path: string, locale: Locale): Promise<void> {
  const cafeId = /^\/cafes\/([^/]+)$/.exec(path)?.[1];
  const [events, cafe] = await Promise.all([
    client.fetchQuery(eventsQuery(locale)),
    cafeId && client.fetchQuery(cafeQuery(cafeId, locale)),
  ]);
  const event = cafe ? events.find(({ id }) => id === cafe.eventId) : comingFirst(events, serverNow())[0];
  const slug = /^\/events\/([^/]+)$/.exec(path)?.[1] ?? event?.slug;
  if (slug) await client.fetchQuery(programmeQuery(slug, locale));
}

/** The path of an event's programme. The event that comes first has the path `/`. */
export function useProgrammePath(eventId: string): string {
  const { data: events = [] } = useEvents();
  const event = events.find(({ id }) => id === eventId);
  return !event || event === comingFirst(events, serverNow())[0] ? '/' : `/events/${event.slug}`;
}

function cafeQuery(cafeId: string, locale: Locale) {
  return {
    queryKey: ['cafe', cafeId, locale],
    queryFn: async () => typesetCafe(await call('GET /cafes/{id}', { id: cafeId, locale })),
  };
}

/** Reads a Café from the API and updates every page that shows it. Undefined where the Café does not exist any more. @throws ApiProblem */
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
 * A Café. Until the API answers it is shown as the programme has it, which this page read or the device kept. `gone`: the API does not show it any more, because
 * an organiser made it a draft; `data` may still hold the last answer.
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

/** A Café as the programmes of this page have it, and when they were read, in milliseconds since 1970. */
function cafeOfProgrammes(client: QueryClient, cafeId: string, locale: Locale) {
  for (const [key, event] of client.getQueriesData<EventProgramme>({ queryKey: ['event'] })) {
    const cafe = key[2] === locale ? event?.cafes.find(({ id }) => id === cafeId) : undefined;
    if (cafe) return { cafe, readAt: client.getQueryState(key)?.dataUpdatedAt };
  }
  return undefined;
}

/** Replaces spaces so that French punctuation never begins a line. */
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

/** Returns the function to call after a sign-in or a sign-out: it removes what is known of the person, and asks again. */
export function useSessionChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => showSession(client);
}

/** Reads again who is signed in and what they have, and updates every page of this window. */
export async function showSession(client: QueryClient): Promise<void> {
  reconnectLive();
  void settle();
  forgetFetched();
  forgetPerson(client);
  await client.invalidateQueries();
}

/**
 * Returns the function that signs out. The pages show it at once and keep nothing of this person. The sign-out is sent now or, while the
 * server cannot be reached, before the next call.
 */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const changed = useSessionChanged();
  return async () => {
    sessionEndsHere();
    await settle();
    requestSignOut();
    forget();
    await forgetMine();
    await showSignedOut(client);
    // Public answers are read again in the background.
    void sendSignOut().then((sent) => (sent ? changed() : undefined));
  };
}

/** Removes what this window knows of the person, and shows every page as signed out. */
export async function showSignedOut(client: QueryClient): Promise<void> {
  sessionEndsHere();
  // Answers that have not arrived yet belong to the session that ended.
  await client.cancelQueries();
  forgetPerson(client);
  client.setQueryData(['me'], null);
}

/** Changes the person's record, and updates every page. @throws ApiProblem */
export function useChangeMe(): (change: MeChange) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    client.setQueryData(['me'], await call('PATCH /me', { body: change }));
  };
}

/** Changes the language of the pages, and of mails where it is French or English. */
export function useChooseLanguage(): (chosen: PageLocale) => void {
  const { choose } = useLocale();
  const me = useMe();
  const change = useChangeMe();
  return (chosen) => {
    void choose(chosen);
    if (me && (chosen === 'fr' || chosen === 'en')) void change({ locale: chosen }).catch(() => {});
  };
}
