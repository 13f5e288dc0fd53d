import { useTimeZoneOf } from '../shared/data.ts';
import { takeFocus } from '../shared/focus.ts';
import { useFormat } from '../shared/format.ts';
import { Field, Form } from '../shared/forms/form.tsx';
import { SendButton } from '../shared/forms/send-button.tsx';
import { type GuestSeat, lastTyped } from '../shared/registrations/guest-seat.ts';
import { useWords } from '../shared/words/index.ts';

/** The fields of a claim without a session. */
export interface Typed {
  name: string;
  email: string;
}

/** The form for a name and an address. `before`: the values that were typed on this page before. */
export function GuestForm(props: {
  error: unknown;
  before?: Typed;
  label: string;
  sending: boolean;
  send: (typed: Typed) => void;
  close: () => void;
}) {
  const words = useWords();
  const before = props.before ?? lastTyped();
  function send(form: FormData) {
    if (props.sending) return;
    props.send({ name: String(form.get('name')), email: String(form.get('email')) });
  }
  return (
    <Form className="short-form" error={props.error} send={send}>
      <Field
        label={words.claim.name}
        hint={words.claim.nameHint}
        name="name"
        kind="name"
        autoComplete="name"
        defaultValue={before.name}
        ref={props.before ? undefined : takeFocus}
        required
      />
      <Field
        label={words.claim.email}
        name="email"
        kind="email"
        autoComplete="email"
        defaultValue={before.email}
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
    </Form>
  );
}

/** The form for the name of a person who signed in for the first time, and whose name was made from the address. */
export function NameForm(props: { error: unknown; label: string; sending: boolean; send: (name: string) => void }) {
  const words = useWords();
  return (
    <Form
      className="short-form"
      error={props.error}
      send={(form) => !props.sending && props.send(String(form.get('name')))}
    >
      <Field
        label={words.claim.name}
        hint={words.claim.nameHint}
        name="name"
        kind="name"
        autoComplete="name"
        ref={takeFocus}
        required
      />
      <SendButton sending={props.sending}>{props.label}</SendButton>
    </Form>
  );
}

/** Says what happens to the registration with the old address. Without a session it cannot be given back. */
export function FirstSeat({ registration: { eventId, expiresAt }, email }: GuestSeat) {
  const words = useWords();
  const { time } = useFormat(useTimeZoneOf(eventId));
  return (
    <p className="hint">{expiresAt ? words.claim.freedAt(time(expiresAt), email) : words.claim.lineEnds(email)}</p>
  );
}
