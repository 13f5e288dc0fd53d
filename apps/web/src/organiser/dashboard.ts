import { useEffect, useState } from 'react';
import type { Dashboard } from '#contract';
import { useLive } from '../shared/live.ts';

interface Watched {
  eventId: string;
  dashboard?: Dashboard;
  /** It is not theirs to see, or not there. */
  refused?: boolean;
}

/** The organiser's figures of an event, as they are pushed. */
export function useDashboard(eventId: string | undefined): Partial<Watched> {
  const live = useLive();
  const [watched, setWatched] = useState<Watched>();
  useEffect(() => {
    if (!live || !eventId) return;
    return live.watchDashboard(
      eventId,
      (fresh) =>
        setWatched((known) =>
          known?.dashboard && known.eventId === eventId && known.dashboard.version > fresh.version
            ? known
            : { eventId, dashboard: fresh },
        ),
      () => setWatched({ eventId, refused: true }),
    );
  }, [live, eventId]);
  return watched?.eventId === eventId ? (watched ?? {}) : {};
}
