import { useEffect, useRef, useState } from 'react';
import type { Cafe, WalkIn } from '#contract';
import { Field, Form } from '../shared/forms/form.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { Scanner } from './scanner.tsx';
import { WalkInForm } from './walk-in.tsx';

/** The camera and the walk-in form. On a phone the buttons are at the bottom of the screen, near the thumb. */
export function Arrivals(props: {
  cafe: Cafe;
  onTicket: (ticket: string) => void;
  /** Resolves with whether the person got a seat. @throws ApiProblem for invalid fields */
  walkIn: (typed: WalkIn, key: string) => Promise<boolean>;
}) {
  const { door } = useStaffWords();
  const [open, setOpen] = useState<'scan' | 'walk-in'>();
  const [refused, setRefused] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const before = useRef(open);
  useEffect(() => {
    if (before.current === 'walk-in') opener.current?.focus();
    before.current = open;
  }, [open]);
  function begin(next: typeof open) {
    setRefused(false);
    setOpen(next);
  }
  if (open === 'walk-in') {
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
      {open === 'scan' && (
        <Scanner
          onTicket={props.onTicket}
          onRefused={() => {
            setRefused(true);
            setOpen(undefined);
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
          className={open === 'scan' ? '' : 'primary'}
          onClick={() => begin(open === 'scan' ? undefined : 'scan')}
        >
          {open === 'scan' ? door.stop : door.scan}
        </button>
        <button type="button" ref={opener} onClick={() => begin('walk-in')}>
          {door.walkIn}
        </button>
      </div>
    </>
  );
}

/** The field in which a host types the text of a ticket. */
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
