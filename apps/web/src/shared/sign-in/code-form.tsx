import { type ReactNode, useState } from 'react';
import { ApiProblem } from '../api.ts';
import { SendButton } from '../form.tsx';
import { useFormat } from '../format.ts';
import { Field, Form } from '../forms/form.tsx';
import { useWords } from '../words/index.ts';
import { useAskCode } from './ask-code.ts';
import { useVerify } from './verify.ts';

/** How long codes of an address stay locked at most, in seconds. */
const LOCK_SECONDS = 3_600;

interface CodeFormProps {
  email: string;
  /** The token of the link whose mail holds the code: the code confirms what that mail is about. */
  token?: string;
  /** The registration whose mail holds the code. */
  registrationId?: string;
  onSignedIn?: () => void;
  /** Buttons beside the one that asks for a new code. */
  children?: ReactNode;
}

/** The form for the code of a mail, which signs its reader in. */
export function CodeForm({ email, token, registrationId, onSignedIn, children }: CodeFormProps) {
  const words = useWords();
  const verify = useVerify();
  const askCode = useAskCode();
  const [code, setCode] = useState('');
  const [sending, setSending] = useState<'code' | 'again'>();
  const [said, setSaid] = useState('');
  const [locked, setLocked] = useState(false);
  const [error, setError] = useState<unknown>();
  const { wait } = useFormat();
  const isLocked = error instanceof ApiProblem && error.code === 'code-locked';
  async function send(what: 'code' | 'again', act: () => Promise<void>) {
    if (sending) return;
    setSending(what);
    setError(undefined);
    setSaid('');
    await act().catch((fault) => {
      setError(fault);
      if (fault instanceof ApiProblem && fault.code === 'code-locked') setLocked(true);
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
      setSaid(await askCode(email, locked ? words.signIn.linkSent : words.signIn.sentAgain, token));
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
        {said}
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
