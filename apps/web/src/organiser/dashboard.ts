import { useMemo } from 'react';
import type { Dashboard } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { type FollowOptions, isRefused, useFollowed } from '../shared/followed.ts';

/** Returns the dashboard of an event. `refused`: the person may not see it, or the event does not exist. */
export function useDashboard(eventId: string | undefined): {
  dashboard?: Dashboard;
  refused: boolean;
  error?: unknown;
} {
  const options = useMemo(
    (): FollowOptions<Dashboard> => ({
      key: eventId && `dashboard ${eventId}`,
      read: () => call('GET /events/{id}/dashboard', { id: eventId ?? '' }),
      version: ({ version }) => version,
      watch: (live, take, refused) => live.watchDashboard(eventId ?? '', take, refused),
    }),
    [eventId],
  );
  const { value: dashboard, error } = useFollowed(options);
  // An API of an older build does not know the call. The page then shows what the gateway pushes.
  const unknownCall = error instanceof ApiProblem && error.code === 'not-found';
  return { dashboard, refused: !dashboard && isRefused(error) && !unknownCall, error: unknownCall ? undefined : error };
}
