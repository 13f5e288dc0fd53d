import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Cafe, EventProgramme, EventSummary, Me, Registration } from '#contract';
import { ApiProblem, call } from './api.ts';
import { POLL_MS, reconnectLive, useConnected, useLive } from './live.ts';
import { useLocale } from './words/index.ts';

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
  const { locale } = useLocale();
  const connected = useConnected();
  return useQuery({
    queryKey: ['event', slug ?? 'first', locale],
    queryFn: async () => {
      const wanted = slug ?? (await call<EventSummary[]>('GET', '/events'))[0]?.slug;
      return wanted ? call<EventProgramme>('GET', `/events/${encodeURIComponent(wanted)}`) : null;
    },
    refetchInterval: connected ? false : POLL_MS,
  });
}

export function useCafe(cafeId: string) {
  const { locale } = useLocale();
  const connected = useConnected();
  return useQuery({
    queryKey: ['cafe', cafeId, locale],
    queryFn: () => call<Cafe>('GET', `/cafes/${encodeURIComponent(cafeId)}`),
    refetchInterval: connected ? false : POLL_MS,
  });
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
    queryFn: () => call<Registration[]>('GET', '/me/registrations'),
    enabled: Boolean(me),
    refetchInterval: connected ? false : POLL_MS,
  });
}

/** Call it after somebody signed in or out: everything that depends on who it is, is asked for again. */
export function useSessionChanged(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    reconnectLive();
    await client.invalidateQueries();
  };
}
