import { type ReactNode, useState } from 'react';
import { ApiProblem } from '../api.ts';
import { useFormat } from '../format.ts';
import { Field, Form } from '../forms/form.tsx';
import { SendButton } from '../forms/send-button.tsx';
import { useWords } from '../words/index.ts';
import { useRequestCode } from './request-code.ts';
import { useVerify } from './verify.ts';

/** The longest time for which the codes of an address are locked, in seconds. */
const LOCK_SECONDS = 3_600;

interface CodeFormProps {
  email: string;
  /** The token of the link in the mail with the code. The code then also confirms the registration of that mail. */
  token?: string;
  /** The registration whose mail has the code. */
  registrationId?: string;
  onSignedIn?: () => void;
  /** Buttons beside the one that requests a new code. */
  children?: ReactNode;
}

/** The form for the code of a mail. The code signs the person in. */
export function CodeForm({ email, token, registrationId, onSignedIn, children }: CodeFormProps) {
  const words = useWords();
  const verify = useVerify();
  const requestCode = useRequestCode();
  const [code, setCode] = useState('');
  const [sending, setSending] = useState<'code' | 'again'>();
  const [message, setMessage] = useState('');
  const [locked, setLocked] = useState(false);
  const [error, setError] = useState<unknown>();
  const { wait } = useFormat();
  const isLocked = error instanceof ApiProblem && error.code === 'code-locked';
  async function send(what: 'code' | 'again', act: () => Promise<void>) {
    if (sending) return;
    setSending(what);
    setError(undefined);
    setMessage('');
    await act().catch((thrown) => {
      setError(thrown);
      if (thrown instanceof ApiProblem && thrown.code === 'code-locked') setLocked(true);
    });
    setSending(undefined);
  }
  function submit() {
    void send('code', async () => {
      await verify({ ...(token ? { token } : { email }), code }, registrationId);
      onSignedIn?.();
    });
  }
  const again = () =>
    send('again', async () => {
      setMessage(await requestCode(email, locked ? words.signIn.linkSent : words.signIn.sentAgain, token));
      setCode('');
    });
  return (
    <Form className="short-form code" error={isLocked ? undefined : error} send={submit}>
      <Field
        label={words.signIn.code}
        name="code"
        kind="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        required
        ltr
      />
      <SendButton sending={sending === 'code'}>{words.signIn.confirm}</SendButton>
      {isLocked && (
        <div className="note bad" role="alert">
          <strong>{words.signIn.locked}</strong>
          <p>{words.signIn.lockedNext(wait((error.retryAfterSeconds ?? LOCK_SECONDS) * 1_000))}</p>
        </div>
      )}
      <p className="hint" role="status">
        {message}
      </p>
      <div className="actions">
        <button type="button" className="quiet" aria-disabled={sending === 'again'} onClick={() => void again()}>
          {locked ? words.signIn.linkAgain : words.signIn.again}
        </button>
        {children}
      </div>
    </Form>
  );
}
