import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Cafe, Locale, Me, MeChange } from '#contract';
import { ApiProblem, call } from './api.ts';
import { comingFirst } from './coming-first.ts';
import { reconnectLive, usePolling } from './live.ts';
import { serverNow } from './network.ts';
import { forgetFetched, forgetMine, keepTickets } from './offline/kept.ts';
import { forgetPerson } from './queries.ts';
import { forget, settle } from './registrations/cancelling.ts';
import { sessionEndsHere, sessionSeen } from './session-note.ts';
import { requestSignOut, sendSignOut } from './sign-out.ts';
import { type PageLocale, useContentLocale, useLocale } from './words/index.ts';

/** How often a page that shows what a role gives asks whether the role is still there, in milliseconds. */
const ROLES_EVERY_MS = 2_000;

/** The person signed in; null when nobody is, undefined while that is not known. */
export function useMe(): Me | null | undefined {
  return useMeEvery();
}

/** The same on a page of hosts or organisers: a role that is revoked, or a session that is ended, is noticed within 5 s. */
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
    // Elsewhere only until it is known: it does not change by itself.
    refetchInterval: (query) => everyMs ?? (query.state.data === undefined && polling(query)),
  });
  return data;
}

/** Every event there is, without its Cafés; the earliest first. */
export function useEvents() {
  const locale = useContentLocale();
  return useQuery({
    queryKey: ['events', locale],
    queryFn: async () => {
      const events = await call('GET /events', { locale });
      return events.map((event) => ({ ...event, title: typeset(event.title) }));
    },
    refetchInterval: usePolling(),
  });
}

/** An event by its slug, or the one that runs or comes next; null where there is none. */
export function useEvent(slug?: string) {
  const events = useEvents();
  const wanted = slug ?? (events.data && comingFirst(events.data, serverNow())[0]?.slug);
  const event = useProgramme(wanted);
  return wanted === undefined ? withoutProgramme(events) : event;
}

/** The event of a Café, a registration or a role; null where there is none. */
export function useEventOf(eventId: string | undefined) {
  const events = useEvents();
  const wanted = events.data?.find(({ id }) => id === eventId)?.slug;
  const event = useProgramme(wanted);
  return wanted === undefined ? withoutProgramme(events) : event;
}

function withoutProgramme({ data, error, refetch }: ReturnType<typeof useEvents>) {
  return { data: data && null, error, refetch };
}

function useProgramme(slug: string | undefined) {
  const locale = useContentLocale();
  return useQuery({
    queryKey: ['event', slug, locale],
    queryFn: async () => {
      const event = await call('GET /events/{slug}', { slug: slug ?? '', locale });
      return { ...event, title: typeset(event.title), cafes: event.cafes.map(typesetCafe) };
    },
    enabled: slug !== undefined,
    refetchInterval: usePolling(),
  });
}

/** Where the programme of an event is shown: the event that comes first is at the root. */
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

/** Read a Café from the API, for every page that shows it; undefined where it is not there any more. @throws ApiProblem */
export async function readCafe(client: QueryClient, cafeId: string, locale: Locale): Promise<Cafe | undefined> {
  return client.fetchQuery({ ...cafeQuery(cafeId, locale), staleTime: 0 }).catch((error) => {
    if (isGone(error)) return undefined;
    throw error;
  });
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'cafe-not-found';
}

/** A Café; `gone` where it is not there any more, whatever is still known of it: an organiser made it a draft. */
export function useCafe(cafeId: string) {
  const locale = useContentLocale();
  const { data, error, refetch } = useQuery({ ...cafeQuery(cafeId, locale), refetchInterval: usePolling() });
  return { data, gone: isGone(error), error, refetch };
}

/** French punctuation never begins a line. */
function typeset(text: string): string {
  return text.replaceAll(/ ([:;!?»%])/g, '\u00a0$1').replaceAll('« ', '«\u00a0');
}

function typesetCafe(cafe: Cafe): Cafe {
  return { ...cafe, title: typeset(cafe.title), ...(cafe.summary && { summary: typeset(cafe.summary) }) };
}

/** The registrations of whoever is signed in. */
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

/** Call it after somebody signed in or out: what is known of a person is forgotten, and asked for again. */
export function useSessionChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => showSession(client);
}

/** Show every page of this window as to whoever is signed in now: it is asked who that is, and what they have. */
export async function showSession(client: QueryClient): Promise<void> {
  reconnectLive();
  void settle();
  forgetFetched();
  forgetPerson(client);
  await client.invalidateQueries();
}

/**
 * Sign out: the pages show it at once and keep nothing of this person. The server hears it now, or before any other call once it can
 * be reached.
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
    // What everybody may see is asked for again; nobody waits for that.
    void sendSignOut().then((sent) => (sent ? changed() : undefined));
  };
}

/** Forget the person in this window, and show every page as to somebody who is not signed in. */
export async function showSignedOut(client: QueryClient): Promise<void> {
  sessionEndsHere();
  // An answer on its way is of the session that is over.
  await client.cancelQueries();
  forgetPerson(client);
  client.setQueryData(['me'], null);
}

/** Change what is known of the person, and show it everywhere. @throws ApiProblem */
export function useChangeMe(): (change: MeChange) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    client.setQueryData(['me'], await call('PATCH /me', { body: change }));
  };
}

/** Change the language of the pages, and of messages: those are French or English, another language leaves them as they are. */
export function useChooseLanguage(): (chosen: PageLocale) => void {
  const { choose } = useLocale();
  const me = useMe();
  const change = useChangeMe();
  return (chosen) => {
    void choose(chosen);
    if (me && (chosen === 'fr' || chosen === 'en')) void change({ locale: chosen }).catch(() => {});
  };
}
