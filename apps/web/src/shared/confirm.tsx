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
  const [asked, setAsked] = useState(false);
  const note = useRef<HTMLFieldSetElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (asked) note.current?.focus();
    else if (was.current) button.current?.focus();
    was.current = asked;
  }, [asked]);
  if (!asked) {
    return (
      <button type="button" className="danger" ref={button} onClick={() => setAsked(true)}>
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
              setAsked(false);
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
            setAsked(false);
          }}
        >
          {staff.cafe.keep}
        </button>
      </div>
      <ProblemNote error={error} />
    </fieldset>
  );
}
