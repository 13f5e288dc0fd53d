import { useState } from 'react';
import { SendButton, takeFocus } from '../form.tsx';
import { Field, Form } from '../forms/form.tsx';
import { typedBefore } from '../registrations/guest-seat.ts';
import { useWords } from '../words/index.ts';
import { useAskCode } from './ask-code.ts';
import { CodeForm } from './code-form.tsx';

/** An address, then the code of the mail that goes there. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const words = useWords();
  const askCode = useAskCode();
  const [asked, setAsked] = useState<{ email: string; said: string }>();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function ask(form: FormData) {
    if (sending) return;
    const email = String(form.get('email')).trim();
    setSending(true);
    setError(undefined);
    try {
      setAsked({ email, said: await askCode(email, words.signIn.sent) });
    } catch (fault) {
      setError(fault);
    } finally {
      setSending(false);
    }
  }
  if (asked) {
    return (
      <>
        <p ref={takeFocus} tabIndex={-1}>
          {asked.said}
        </p>
        <CodeForm email={asked.email} onSignedIn={onSignedIn}>
          <button type="button" className="quiet" onClick={() => setAsked(undefined)}>
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
        defaultValue={typedBefore().email}
        required
        ltr
      />
      <SendButton sending={sending}>{words.signIn.ask}</SendButton>
    </Form>
  );
}
