import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ProblemNote } from './form.tsx';
import { useSending } from './sending.ts';
import { useWords } from './words/index.ts';
import { useStaffWords } from './words/staff.ts';

/** A button for what cannot be undone: the first tap shows what will happen, a second button does it. */
export function Confirm(props: { label: string; yes: string; children: ReactNode; act: () => Promise<unknown> }) {
  const { label, yes, children, act } = props;
  const words = useWords();
  const staff = useStaffWords();
  const { sending, error, send, forget } = useSending();
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
            forget();
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
