import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ApiProblem } from './api.ts';
import { useNow } from './clock.ts';
import { ProblemNote } from './problem-note.tsx';
import { useSending } from './sending.ts';
import { useWords } from './words/index.ts';
import { useStaffWords } from './words/staff.ts';

/** How often the number of seconds left is updated, in milliseconds. */
const COUNT_EVERY_MS = 250;
const monotonic = () => performance.now();

/**
 * Shows a pending change: its effect, the seconds left, and the button that undoes it. Render it with the id of the change as its `key`. `mine`: this
 * page made the change, so the note takes the focus.
 */
export function UndoNote(props: { msLeft: number; mine: boolean; children: ReactNode; undo: () => Promise<unknown> }) {
  const { msLeft, mine, children, undo } = props;
  const words = useWords();
  const staff = useStaffWords().undo;
  const [until] = useState(() => monotonic() + msLeft);
  const left = Math.ceil((until - useNow(COUNT_EVERY_MS, monotonic)) / 1_000);
  const { sending, error, send } = useSending();
  const [undone, setUndone] = useState(false);
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (mine || undone) note.current?.focus();
  }, [mine, undone]);
  const hasEnded = left <= 0 || (error instanceof ApiProblem && error.code === 'undo-over');
  if (undone) {
    return (
      <div className="note good" tabIndex={-1} ref={note} role="status">
        <p>{staff.undone}</p>
      </div>
    );
  }
  return (
    <div className="note clash undo" tabIndex={-1} ref={note} role="status">
      <p>{hasEnded ? staff.over : children}</p>
      {!hasEnded && (
        <div className="actions">
          <button
            type="button"
            disabled={sending}
            onClick={() =>
              void send(async () => {
                await undo();
                setUndone(true);
              })
            }
          >
            {sending ? words.sending : staff.undo}
          </button>
          <span className="hint" aria-hidden="true">
            {staff.left(left)}
          </span>
        </div>
      )}
      <ProblemNote error={error} />
    </div>
  );
}
