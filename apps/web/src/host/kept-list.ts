import { useEffect, useState } from 'react';
import type { Attendance } from '#contract';
import { doorStore, type KeptList } from './door-store.ts';

/**
 * The list of a Café: the one that was read, else the one that this host last saw on this device. `keptAt`: when a kept one was read, in milliseconds since 1970.
 * @param by the attendee id of the host; undefined while they may not see it: then the kept list is deleted
 * @param refused whether the API says that they may not see it
 */
export function useKeptList(
  cafeId: string,
  by: string | undefined,
  attendance: Attendance | undefined,
  refused: boolean,
): { attendance?: Attendance; keptAt?: number } {
  const [kept, setKept] = useState<KeptList>();
  useEffect(() => {
    let here = true;
    if (by) void doorStore.list(cafeId, by).then((list) => here && setKept(list));
    return () => {
      here = false;
    };
  }, [cafeId, by]);
  useEffect(() => {
    if (by && attendance) void doorStore.keepList({ cafeId, by, attendance, keptAt: Date.now() });
  }, [cafeId, by, attendance]);
  useEffect(() => {
    if (!refused) return;
    setKept(undefined);
    void doorStore.forgetList(cafeId);
  }, [cafeId, refused]);
  if (!by || refused) return {};
  if (attendance) return { attendance };
  return kept ? { attendance: kept.attendance, keptAt: kept.keptAt } : {};
}
