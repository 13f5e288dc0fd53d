import { useMemo } from 'react';
import type { Attendance } from '#contract';
import { call } from '../api.ts';
import { type FollowOptions, useFollowed } from '../followed.ts';

/** The list of a Café in its room: who is expected and who came; where not `wanted`, none. */
export function useAttendance(cafeId: string, wanted: boolean, roomId: string | undefined) {
  const options = useMemo(
    (): FollowOptions<Attendance> => ({
      key: wanted ? `attendance ${cafeId}` : undefined,
      read: () => call('GET /cafes/{id}/attendance', { id: cafeId }),
      version: ({ version }) => version,
      watch: (live, take, refused) => live.watchAttendance(cafeId, take, refused),
    }),
    // Who may see the list depends on the room, and the gateway stops pushing to those who may not: watch again after a move.
    [cafeId, wanted, roomId],
  );
  const { value: attendance, error } = useFollowed(options);
  return { attendance, error };
}
