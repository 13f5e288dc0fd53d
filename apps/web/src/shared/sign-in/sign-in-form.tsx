import { useState } from 'react';
import { takeFocus } from '../focus.ts';
import { Field, Form } from '../forms/form.tsx';
import { SendButton } from '../forms/send-button.tsx';
import { lastTyped } from '../registrations/guest-seat.ts';
import { useWords } from '../words/index.ts';
import { CodeForm } from './code-form.tsx';
import { useRequestCode } from './request-code.ts';

/** The sign-in in two steps: the address, then the code of the mail that is sent to it. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const words = useWords();
  const requestCode = useRequestCode();
  const [requested, setRequested] = useState<{ email: string; message: string }>();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function ask(form: FormData) {
    if (sending) return;
    const email = String(form.get('email')).trim();
    setSending(true);
    setError(undefined);
    try {
      setRequested({ email, message: await requestCode(email, words.signIn.sent) });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setSending(false);
    }
  }
  if (requested) {
    return (
      <>
        <p ref={takeFocus} tabIndex={-1}>
          {requested.message}
        </p>
        <CodeForm email={requested.email} onSignedIn={onSignedIn}>
          <button type="button" className="quiet" onClick={() => setRequested(undefined)}>
            {words.signIn.other}
          </button>
        </CodeForm>
      </>
    );
  }
  return (
    <Form className="short-form" error={error} send={ask}>
      <p>{words.signIn.lead}</p>
      <Field
        label={words.signIn.email}
        name="email"
        kind="email"
        autoComplete="email"
        defaultValue={lastTyped().email}
        required
        ltr
      />
      <SendButton sending={sending}>{words.signIn.ask}</SendButton>
    </Form>
  );
}
