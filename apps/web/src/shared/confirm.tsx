import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ProblemNote } from './problem-note.tsx';
import { useSending } from './sending.ts';
import { useWords } from './words/index.ts';
import { useStaffWords } from './words/staff.ts';

/** A button for an action that cannot be undone. The first tap shows the effect, and a second button performs the action. */
export function Confirm(props: { label: string; yes: string; children: ReactNode; act: () => Promise<unknown> }) {
  const { label, yes, children, act } = props;
  const words = useWords();
  const staff = useStaffWords();
  const { sending, error, send, reset } = useSending();
  const [confirming, setConfirming] = useState(false);
  const note = useRef<HTMLFieldSetElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasConfirming = useRef(false);
  useEffect(() => {
    if (confirming) note.current?.focus();
    else if (wasConfirming.current) button.current?.focus();
    wasConfirming.current = confirming;
  }, [confirming]);
  if (!confirming) {
    return (
      <button type="button" className="danger" ref={button} onClick={() => setConfirming(true)}>
        {label}
      </button>
    );
  }
  return (
    <fieldset className="note bad" aria-label={label} tabIndex={-1} ref={note}>
      {children}
      <div className="actions">
        <button
          type="button"
          className="danger"
          disabled={sending}
          onClick={() =>
            void send(async () => {
              await act();
              setConfirming(false);
            })
          }
        >
          {sending ? words.sending : yes}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={sending}
          onClick={() => {
            reset();
            setConfirming(false);
          }}
        >
          {staff.cafe.keep}
        </button>
      </div>
      <ProblemNote error={error} />
    </fieldset>
  );
}
