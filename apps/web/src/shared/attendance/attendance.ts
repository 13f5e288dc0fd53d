import { useCallback, useEffect, useState } from 'react';
import type { Attendance } from '#contract';
import { call, mayPass } from '../shared/api.ts';
import { POLL_MS, useConnected, useLive } from '../shared/live.ts';

/** The list of a Café in its room, pushed while the connection is there and asked for while it is not; where not `wanted`, none. */
export function useAttendance(cafeId: string, wanted: boolean, roomId: string | undefined) {
  const live = useLive();
  const connected = useConnected();
  const [attendance, setAttendance] = useState<Attendance>();
  const [error, setError] = useState<unknown>();
  const take = useCallback((list: Attendance) => {
    setAttendance(list);
    setError(undefined);
  }, []);
  const read = useCallback(
    () =>
      call<Attendance>('GET', `/cafes/${cafeId}/attendance`).then(take, (problem) => {
        setError(problem);
        // Refused: the list is not theirs to see any more.
        if (!mayPass(problem)) setAttendance(undefined);
      }),
    [cafeId, take],
  );
  // Who may see the list changes with its room, and the gateway tells nothing to those who may not any more: ask again after a move.
  useEffect(() => {
    if (!wanted) return setAttendance(undefined);
    if (!live) return;
    return live.watchAttendance(cafeId, take, () => {
      setAttendance(undefined);
      // It says why.
      void read();
    });
  }, [live, cafeId, wanted, roomId, take, read]);
  useEffect(() => {
    if (connected || !wanted) return;
    void read();
    const timer = setInterval(read, POLL_MS);
    return () => clearInterval(timer);
  }, [connected, wanted, read]);
  // With a list to show, that nobody answers is said at the head of the page, and is over there when it is over.
  return { attendance, error: attendance && mayPass(error) ? undefined : error };
}
