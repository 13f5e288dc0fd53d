import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Cafe, EventProgramme, EventSummary, Me, MeChange, Registration } from '#contract';
import { keepTickets } from '../offline/kept.ts';
import { settle } from '../plan/cancelling.ts';
import { ApiProblem, call } from './api.ts';
import { POLL_MS, reconnectLive, useConnected, useLive } from './live.ts';
import { useContentLocale } from './words/index.ts';

/** The person signed in; null when nobody is, undefined while that is not known. */
export function useMe(): Me | null | undefined {
  const { data } = useQuery({
    queryKey: ['me'],
    queryFn: () =>
      call<Me>('GET', '/me').catch((error) => {
        if (error instanceof ApiProblem && error.code === 'not-signed-in') return null;
        throw error;
      }),
  });
  return data;
}

/** An event by its slug, or the first there is. Asked for again and again while the live connection is away. */
export function useEvent(slug?: string) {
  const locale = useContentLocale();
  const connected = useConnected();
  return useQuery({
    queryKey: ['event', slug ?? 'first', locale],
    queryFn: async () => {
      const wanted = slug ?? (await call<EventSummary[]>('GET', `/events?locale=${locale}`))[0]?.slug;
      if (!wanted) return null;
      const event = await call<EventProgramme>('GET', `/events/${encodeURIComponent(wanted)}?locale=${locale}`);
      return { ...event, title: typeset(event.title), cafes: event.cafes.map(typesetCafe) };
    },
    refetchInterval: connected ? false : POLL_MS,
  });
}

export function useCafe(cafeId: string) {
  const locale = useContentLocale();
  const connected = useConnected();
  return useQuery({
    queryKey: ['cafe', cafeId, locale],
    queryFn: async () => typesetCafe(await call<Cafe>('GET', `/cafes/${encodeURIComponent(cafeId)}?locale=${locale}`)),
    refetchInterval: connected ? false : POLL_MS,
  });
}

/** French punctuation never begins a line. */
function typeset(text: string): string {
  return text.replaceAll(/ ([:;!?»%])/g, '\u00a0$1').replaceAll('« ', '«\u00a0');
}

function typesetCafe(cafe: Cafe): Cafe {
  return { ...cafe, title: typeset(cafe.title), ...(cafe.summary && { summary: typeset(cafe.summary) }) };
}

/** The registrations of whoever is signed in, kept up to date by what the gateway tells this person. */
export function useRegistrations() {
  const me = useMe();
  const live = useLive();
  const connected = useConnected();
  const client = useQueryClient();
  useEffect(
    () => live?.onRegistration(() => void client.invalidateQueries({ queryKey: ['registrations'] })),
    [live, client],
  );
  return useQuery({
    queryKey: ['registrations', me?.id],
    queryFn: async () => {
      const registrations = await call<Registration[]>('GET', '/me/registrations');
      keepTickets(registrations);
      return registrations;
    },
    enabled: Boolean(me),
    refetchInterval: connected ? false : POLL_MS,
  });
}

/** Call it after somebody signed in or out: everything that depends on who it is, is asked for again. */
export function useSessionChanged(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    reconnectLive();
    void settle();
    client.removeQueries({ queryKey: ['registrations'] });
    await client.invalidateQueries();
  };
}

/** Change what is known of the person, and show it everywhere. @throws ApiProblem */
export function useChangeMe(): (change: MeChange) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    client.setQueryData(['me'], await call<Me>('PATCH', '/me', change));
  };
}
