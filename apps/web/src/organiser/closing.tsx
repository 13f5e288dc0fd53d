import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DashboardCafe, PendingClosing } from '#contract';
import { call } from '../shared/api.ts';
import { UndoNote } from '../shared/undo.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { closingKey, type OwnClosing, useRefresh } from './changing.tsx';

/** Shows a pending closing of a waitlist or a Café: what people will lose, and the undo button. After the undo time it says that it is done. */
export function ClosingUndo({ cafe }: { cafe: DashboardCafe }) {
  const { cafe: words } = useStaffWords();
  const refresh = useRefresh(cafe.cafeId);
  // The gateway pushes the closing to every organiser. The page that made it also has it from the answer.
  const { data: answered } = useQuery<OwnClosing | null>({ queryKey: closingKey(cafe.cafeId), enabled: false });
  const [seen, setSeen] = useState<PendingClosing[]>([]);
  // The stored closing may be from an earlier visit of the page, and may have taken effect.
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
