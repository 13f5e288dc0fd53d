import { type FormEvent, useState } from 'react';
import type { Me, SignInAnswer } from '#contract';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';
import { Field, ProblemNote } from '../shared/form.tsx';
import { useWords } from '../shared/words/index.ts';

/** Six digits, and whoever reads that mailbox is signed in. */
export function CodeForm({ email, onSignedIn }: { email: string; onSignedIn: (me: Me) => void }) {
  const words = useWords();
  const changed = useSessionChanged();
  const [code, setCode] = useState('');
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function submit(event: FormEvent) {
    event.preventDefault();
    setSending(true);
    setError(undefined);
    try {
      const { attendee } = await call<SignInAnswer>('POST', '/sign-in/verify', {
        email,
        code: code.replace(/\s/g, ''),
      });
      onSignedIn(attendee);
      await changed();
    } catch (fault) {
      setError(fault);
      setSending(false);
    }
  }
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
      <button type="submit" className="primary" disabled={sending}>
        {sending ? words.sending : words.signIn.confirm}
      </button>
      <ProblemNote error={error} />
    </form>
  );
}
