import type { FormEvent } from 'react';
import { ApiProblem } from '../shared/api.ts';
import { Field } from '../shared/form.tsx';
import { useWords } from '../shared/words/index.ts';
import { typedBefore } from './guest-seat.ts';

/** What somebody without a session says of themselves. */
export interface Typed {
  name: string;
  email: string;
}

/** A name and an address: all that a seat needs. */
export function GuestForm(props: {
  error: unknown;
  label: string;
  sending: boolean;
  send: (typed: Typed) => void;
  close: () => void;
}) {
  const words = useWords();
  const before = typedBefore();
  const errors = props.error instanceof ApiProblem ? (props.error.problem.errors ?? []) : [];
  const errorOf = (path: string) => errors.find((each) => each.path === path)?.message;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
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
        required
        ltr
      />
      <div className="actions">
        <button type="submit" className="primary" disabled={props.sending}>
          {props.label}
        </button>
        <button type="button" className="quiet" onClick={props.close}>
          {words.close}
        </button>
      </div>
    </form>
  );
}
