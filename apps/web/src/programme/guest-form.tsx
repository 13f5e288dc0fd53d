import type { FormEvent } from 'react';
import { ApiProblem } from '../shared/api.ts';
import { useEventOf } from '../shared/data.ts';
import { Field, SendButton, takeFocus } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { type GuestSeat, typedBefore } from '../shared/registrations/guest-seat.ts';
import { useWords } from '../shared/words/index.ts';

/** The fields of a claim without a session. */
export interface Typed {
  name: string;
  email: string;
}

/** The form for a name and an address. `before`: what was typed on this page already. */
export function GuestForm(props: {
  error: unknown;
  before?: Typed;
  label: string;
  sending: boolean;
  send: (typed: Typed) => void;
  close: () => void;
}) {
  const words = useWords();
  const before = props.before ?? typedBefore();
  const errors = props.error instanceof ApiProblem ? (props.error.problem.errors ?? []) : [];
  const errorOf = (path: string) => errors.find((each) => each.path === path)?.message;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (props.sending) return;
    const form = new FormData(event.currentTarget);
    props.send({ name: String(form.get('name')), email: String(form.get('email')) });
  }
  return (
    <form onSubmit={submit} className="short-form">
      <Field
        label={words.claim.name}
        hint={words.claim.nameHint}
        name="name"
        autoComplete="name"
        maxLength={120}
        defaultValue={before.name}
        error={errorOf('name')}
        ref={props.before ? undefined : takeFocus}
        required
      />
      <Field
        label={words.claim.email}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        maxLength={254}
        defaultValue={before.email}
        error={errorOf('email')}
        ref={props.before ? takeFocus : undefined}
        required
        ltr
      />
      <div className="actions">
        <SendButton sending={props.sending}>{props.label}</SendButton>
        <button type="button" className="quiet" onClick={props.close}>
          {words.close}
        </button>
      </div>
    </form>
  );
}

/** Says what happens to the registration with the old address: without a session it cannot be given back. */
export function FirstSeat({ registration: { eventId, expiresAt }, email }: GuestSeat) {
  const words = useWords();
  const { data: event } = useEventOf(eventId);
  const { time } = useFormat(event?.timeZone);
  return (
    <p className="hint">{expiresAt ? words.claim.freedAt(time(expiresAt), email) : words.claim.lineEnds(email)}</p>
  );
}
