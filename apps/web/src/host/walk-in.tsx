import { useEffect, useRef, useState } from 'react';
import type { Cafe, WalkIn } from '#contract';
import { Field, Form } from '../shared/forms/form.tsx';
import { useCounts } from '../shared/live.ts';
import { seatWords } from '../shared/seats.tsx';
import { useSending } from '../shared/sending.ts';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';

/** The form that seats and checks in a walk-in by name, and by address where they give one. */
export function WalkInForm(props: {
  cafe: Cafe;
  /** `key`: the idempotency key of the typed values. @throws ApiProblem for invalid fields */
  seat: (typed: WalkIn, key: string) => Promise<void>;
  close: () => void;
}) {
  const words = useWords();
  const { door } = useStaffWords();
  const counts = useCounts(props.cafe);
  const { sending, error, send, reset } = useSending();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  function submit(given: FormData) {
    const email = String(given.get('email')).trim();
    const typed = { name: String(given.get('name')), ...(email && { email }) };
    void send(() => props.seat(typed, key));
  }
  return (
    <Form
      ref={form}
      className="short-form walk-in"
      aria-labelledby="walk-in"
      error={error}
      send={submit}
      onChange={() => {
        setKey(crypto.randomUUID());
        reset();
      }}
    >
      <h2 id="walk-in">{door.walkInTitle}</h2>
      <p className="hint">
        {seatWords(words, counts)}. {door.walkInHint}
      </p>
      <Field label={words.claim.name} name="name" kind="name" autoComplete="off" required />
      <Field label={door.emailIfAny} name="email" kind="email" hint={door.noAddressHint} autoComplete="off" ltr />
      <div className="actions">
        <button type="submit" className="primary" disabled={sending}>
          {sending ? words.sending : door.giveSeat}
        </button>
        <button type="button" className="quiet" onClick={props.close}>
          {words.close}
        </button>
      </div>
    </Form>
  );
}
