import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiProblem, call } from '../shared/api.ts';
import { Field, ProblemNote, SendButton } from '../shared/form.tsx';
import { useContentLocale, useWords } from '../shared/words/index.ts';
import { useVerify } from './verify.ts';

/**
 * How many tries the server gives a code (libs/people). Counted here as well, because it answers a try too many as any other: more
 * would tell strangers whether somebody just asked for a code.
 */
const TRIES_MAX = 5;

/** Six digits, and whoever reads that mailbox is signed in. `children` are other ways out, beside that to a new code. */
export function CodeForm(props: { email: string; onSignedIn?: () => void; children?: ReactNode }) {
  const { email, onSignedIn, children } = props;
  const words = useWords();
  const locale = useContentLocale();
  const verify = useVerify();
  const [code, setCode] = useState('');
  const [tries, setTries] = useState(0);
  const [sending, setSending] = useState<'code' | 'again'>();
  const [sentAgain, setSentAgain] = useState(false);
  const [error, setError] = useState<unknown>();
  async function send(what: 'code' | 'again', act: () => Promise<void>) {
    if (sending) return;
    setSending(what);
    setError(undefined);
    setSentAgain(false);
    try {
      await act();
    } catch (fault) {
      setError(fault);
      if (fault instanceof ApiProblem && fault.code === 'sign-in-invalid') setTries(tries + 1);
    }
    setSending(undefined);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void send('code', async () => {
      await verify({ email, code: code.replace(/\s/g, '') });
      onSignedIn?.();
    });
  }
  const again = () =>
    send('again', async () => {
      await call('POST', '/sign-in', { email, locale });
      setTries(0);
      setCode('');
      setSentAgain(true);
    });
  return (
    <form onSubmit={submit} className="short-form code">
      <Field
        label={words.signIn.code}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        maxLength={7}
        pattern="\s*\d{3}\s?\d{3}\s*"
        required
        ltr
      />
      <SendButton sending={sending === 'code'}>{words.signIn.confirm}</SendButton>
      {error !== undefined && tries >= TRIES_MAX ? (
        <div className="note bad" role="alert">
          <strong>{words.signIn.usedUp}</strong>
          <p>{words.signIn.usedUpNext}</p>
        </div>
      ) : (
        <ProblemNote error={error} />
      )}
      <p className="hint" role="status">
        {sentAgain && words.signIn.sentAgain(email)}
      </p>
      <div className="actions">
        <button type="button" className="quiet" aria-disabled={sending === 'again'} onClick={() => void again()}>
          {words.signIn.again}
        </button>
        {children}
      </div>
    </form>
  );
}
