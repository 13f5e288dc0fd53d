import { useEffect, useRef, useState } from 'react';
import type { Cafe, WalkIn } from '#contract';
import { Field, Form } from '../shared/forms/form.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { Scanner } from './scanner.tsx';
import { WalkInForm } from './walk-in.tsx';

/** The camera and the walk-in form. On a phone the buttons stay within reach of the thumb. */
export function Arrivals(props: {
  cafe: Cafe;
  onTicket: (ticket: string) => void;
  /** Resolves with whether the person was seated. @throws ApiProblem for invalid fields */
  walkIn: (typed: WalkIn, key: string) => Promise<boolean>;
}) {
  const { door } = useStaffWords();
  const [doing, setDoing] = useState<'scan' | 'walk-in'>();
  const [refused, setRefused] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const before = useRef(doing);
  useEffect(() => {
    if (before.current === 'walk-in') opener.current?.focus();
    before.current = doing;
  }, [doing]);
  function begin(next: typeof doing) {
    setRefused(false);
    setDoing(next);
  }
  if (doing === 'walk-in') {
    return (
      <WalkInForm
        cafe={props.cafe}
        close={() => begin(undefined)}
        seat={async (typed, key) => {
          if (await props.walkIn(typed, key)) begin(undefined);
        }}
      />
    );
  }
  return (
    <>
      {doing === 'scan' && (
        <Scanner
          onTicket={props.onTicket}
          onRefused={() => {
            setRefused(true);
            setDoing(undefined);
          }}
        />
      )}
      {refused && (
        <p className="note" role="alert">
          {door.noCamera}
        </p>
      )}
      <div className="door-acts">
        <button
          type="button"
          className={doing === 'scan' ? '' : 'primary'}
          onClick={() => begin(doing === 'scan' ? undefined : 'scan')}
        >
          {doing === 'scan' ? door.stop : door.scan}
        </button>
        <button type="button" ref={opener} onClick={() => begin('walk-in')}>
          {door.walkIn}
        </button>
      </div>
    </>
  );
}

/** The field for the text of a ticket, for who types it by hand. */
export function TicketForm({ onTicket }: { onTicket: (ticket: string) => void }) {
  const { door, forms } = useStaffWords();
  const [ticket, setTicket] = useState('');
  function submit() {
    onTicket(ticket.trim());
    setTicket('');
  }
  return (
    <Form send={submit} className="ticket-form">
      <Field
        label={door.ticket}
        name="ticket"
        value={ticket}
        onChange={setTicket}
        maxLength={512}
        autoComplete="off"
        check={(typed) => (typed.trim() === '' ? forms.ticketMissing : undefined)}
        ltr
      />
      <button type="submit">{door.enter}</button>
    </Form>
  );
}
