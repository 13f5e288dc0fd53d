import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { DashboardCafe, MovePreview } from '#contract';
import { call } from '../shared/api.ts';
import { ProblemNote } from '../shared/form.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { useChange } from './changing.tsx';
import { useSending } from './sending.ts';

/**
 * The smaller capacity that is approached as seats become free. Counts do not tell it; a move to where the Café is does: it would
 * have that capacity, and too many seats are taken for it.
 */
function useTarget({ cafeId, seats }: DashboardCafe, roomCapacity: number): number | undefined {
  // Until it is reached, every seat is taken.
  const full = seats.taken >= seats.capacity;
  const { data } = useQuery({
    queryKey: ['target', cafeId, seats.version],
    queryFn: () => call<MovePreview>('POST', `/cafes/${cafeId}/move-preview`, {}),
    enabled: full,
    placeholderData: keepPreviousData,
  });
  // What the room does not have is left out as well: that is no target.
  return full && data && data.excess > 0 && data.capacity < roomCapacity ? data.capacity : undefined;
}

/** The target in force, and the way out of it. */
export function Target({ cafe, roomCapacity }: { cafe: DashboardCafe; roomCapacity: number }) {
  const { cafe: words } = useStaffWords();
  const target = useTarget(cafe, roomCapacity);
  const change = useChange(cafe.cafeId);
  const { sending, error, send } = useSending();
  const { capacity } = cafe.seats;
  return (
    <>
      <p role="status">{target !== undefined && words.target(target)}</p>
      {target !== undefined && (
        <button type="button" disabled={sending} onClick={() => void send(() => change({ capacity }))}>
          {words.stay(capacity)}
        </button>
      )}
      <ProblemNote error={error} />
    </>
  );
}
