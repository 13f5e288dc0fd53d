import { useMemo } from 'react';
import type { Attendance } from '#contract';
import { call } from '../api.ts';
import { type FollowOptions, useFollowed } from '../followed.ts';

/** Reads and watches the attendance list of a Café. @param wanted whether the list is needed @param roomId the room of the Café */
export function useAttendance(cafeId: string, wanted: boolean, roomId: string | undefined) {
  const options = useMemo(
    (): FollowOptions<Attendance> => ({
      key: wanted ? `attendance ${cafeId}` : undefined,
      read: () => call('GET /cafes/{id}/attendance', { id: cafeId }),
      version: ({ version }) => version,
      watch: (live, take, refused) => live.watchAttendance(cafeId, take, refused),
    }),
    // The permission depends on the room. After a move the gateway stops the pushes to hosts of the old room, so the page watches again.
    [cafeId, wanted, roomId],
  );
  const { value: attendance, error } = useFollowed(options);
  return { attendance, error };
}
