import type { DashboardCafe } from '#contract';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useSending } from '../shared/sending.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { useChange } from './changing.tsx';

/** Shows the target capacity, and the button that removes it. */
export function Target({ cafe }: { cafe: DashboardCafe }) {
  const { cafe: words } = useStaffWords();
  const change = useChange(cafe);
  const { sending, error, send } = useSending();
  const { targetCapacity, seats } = cafe;
  const { capacity } = seats;
  return (
    <>
      <p role="status">{targetCapacity !== undefined && words.target(targetCapacity)}</p>
      {targetCapacity !== undefined && (
        <button type="button" disabled={sending} onClick={() => void send(() => change({ capacity }))}>
          {words.stay(capacity)}
        </button>
      )}
      <ProblemNote error={error} />
    </>
  );
}
