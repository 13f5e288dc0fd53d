import { useEffect, useState } from 'react';
import type { Attendance } from '#contract';
import { doorStore, type KeptList } from './door-store.ts';

/**
 * Returns the attendance list of a Café: the one that was read, else the kept one that this host saw last on this device. `keptAt`: when the kept
 * list was read, in milliseconds since 1970.
 * @param by the attendee id of the host; undefined without a session
 * @param refused whether the API refuses the list to this host: then the kept list is deleted
 */
export function useKeptList(
  cafeId: string,
  by: string | undefined,
  attendance: Attendance | undefined,
  refused: boolean,
): { attendance?: Attendance; keptAt?: number } {
  const [kept, setKept] = useState<KeptList>();
  useEffect(() => {
    let isMounted = true;
    if (by) void doorStore.list(cafeId, by).then((list) => isMounted && setKept(list));
    return () => {
      isMounted = false;
    };
  }, [cafeId, by]);
  useEffect(() => {
    if (by && attendance) void doorStore.storeList({ cafeId, by, attendance, keptAt: Date.now() });
  }, [cafeId, by, attendance]);
  useEffect(() => {
    if (!refused) return;
    setKept(undefined);
    void doorStore.deleteList(cafeId);
  }, [cafeId, refused]);
  if (!by || refused) return {};
  if (attendance) return { attendance };
  return kept ? { attendance: kept.attendance, keptAt: kept.keptAt } : {};
}
