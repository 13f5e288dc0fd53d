import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DashboardCafe, PendingClosing } from '#contract';
import { call } from '../shared/api.ts';
import { UndoNote } from '../shared/undo.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { closingKey, type OwnClosing, useRefresh } from './changing.tsx';

/** A pending closing of a waitlist or a Café: who loses what in a few seconds, and the undo button. After that it says that it is done. */
export function ClosingUndo({ cafe }: { cafe: DashboardCafe }) {
  const { cafe: words } = useStaffWords();
  const refresh = useRefresh(cafe.cafeId);
  // The gateway pushes it to every organiser. The page that closed it has it from the answer as well.
  const { data: answered } = useQuery<OwnClosing | null>({ queryKey: closingKey(cafe.cafeId), enabled: false });
  const [seen, setSeen] = useState<PendingClosing[]>([]);
  // One that is left from an earlier visit of the page is over.
  const own = answered && answered.until > performance.now() ? answered : undefined;
  const fresh = [own, cafe.closing].find((each) => each && seen.every(({ id }) => id !== each.id));
  if (fresh) setSeen([...seen, fresh]);
  const shown = seen.at(-1);
  if (!shown) return null;
  const { taken, waitlisted } = cafe.seats;
  return (
    <UndoNote
      key={shown.id}
      msLeft={shown.msLeft}
      mine={answered?.id === shown.id}
      undo={async () => {
        await call('DELETE /cafes/{id}/closings/{closingId}', { id: cafe.cafeId, closingId: shown.id });
        await refresh();
      }}
    >
      {cafe.state === 'cancelled' ? words.cancelSoon(taken + waitlisted) : words.lineSoon(waitlisted)}
      {shown.coversEarlier && ` ${words.undoesEarlier}`}
    </UndoNote>
  );
}
