import { useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../shared/api.ts';
import { useSignOut } from '../shared/data.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { explainSessionEnd, recordSessionEnd } from '../shared/session-note.ts';
import { useWords } from '../shared/words/index.ts';

/** Ends the person's sessions on all devices, including this one. */
export function SignOutEverywhere() {
  const words = useWords();
  const signOut = useSignOut();
  const [, go] = useLocation();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function end() {
    if (sending) return;
    setSending(true);
    setError(undefined);
    try {
      await call('POST /sign-out', { body: { everywhere: true } });
      recordSessionEnd();
      await signOut();
      explainSessionEnd('everywhere');
      go('/');
    } catch (thrown) {
      setError(thrown);
      setSending(false);
    }
  }
  return (
    <section>
      <h2>{words.settings.sessions}</h2>
      <p className="hint">{words.settings.sessionsLead}</p>
      <button type="button" aria-disabled={sending} onClick={() => void end()}>
        {sending ? words.sending : words.settings.signOutEverywhere}
      </button>
      <ProblemNote error={error} />
    </section>
  );
}
