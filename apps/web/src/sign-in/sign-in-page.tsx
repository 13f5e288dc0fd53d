import { type FormEvent, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { SignInAnswer } from '#contract';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';
import { Field, ProblemNote } from '../shared/form.tsx';
import { Shell } from '../shared/shell.tsx';
import { useContentLocale, useWords } from '../shared/words/index.ts';
import { CodeForm } from './code-form.tsx';

/** A path on our own pages, whatever the link says. */
function safePath(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/me';
}

export function SignInPage() {
  const words = useWords();
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const token = search.get('token');
  const next = safePath(search.get('next'));
  return (
    <Shell>
      <div className="narrow">
        {token ? (
          <LinkForm token={token} onSignedIn={() => go(next, { replace: true })} />
        ) : (
          <>
            <h1>{words.signIn.title}</h1>
            <SignInForm onSignedIn={() => go(next, { replace: true })} />
          </>
        )}
      </div>
    </Shell>
  );
}

/** A mail filter may open a link; only a person presses the button. */
function LinkForm({ token, onSignedIn }: { token: string; onSignedIn: () => void }) {
  const words = useWords();
  const changed = useSessionChanged();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function confirm() {
    setSending(true);
    setError(undefined);
    try {
      await call<SignInAnswer>('POST', '/sign-in/verify', { token });
      await changed();
      onSignedIn();
    } catch (fault) {
      setError(fault);
      setSending(false);
    }
  }
  return (
    <>
      <h1>{words.signIn.linkTitle}</h1>
      <p>{words.signIn.linkLead}</p>
      <button type="button" className="primary" disabled={sending} onClick={() => void confirm()}>
        {sending ? words.sending : words.signIn.confirm}
      </button>
      {error !== undefined && (
        <>
          <ProblemNote error={error} />
          <p>{words.signIn.linkBad}</p>
          <SignInForm onSignedIn={onSignedIn} />
        </>
      )}
    </>
  );
}

/** An address, then six digits. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const words = useWords();
  const locale = useContentLocale();
  const [email, setEmail] = useState<string>();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('email'));
    setSending(true);
    setError(undefined);
    try {
      await call('POST', '/sign-in', { email: typed, locale });
      setEmail(typed);
    } catch (fault) {
      setError(fault);
    } finally {
      setSending(false);
    }
  }
  if (email) {
    return (
      <>
        <p role="status">{words.signIn.sent(email)}</p>
        <CodeForm email={email} onSignedIn={onSignedIn} />
        <button type="button" className="quiet" onClick={() => setEmail(undefined)}>
          {words.signIn.other}
        </button>
      </>
    );
  }
  return (
    <form onSubmit={ask} className="short-form">
      <p>{words.signIn.lead}</p>
      <Field
        label={words.signIn.email}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        maxLength={254}
        required
        ltr
      />
      <button type="submit" className="primary" disabled={sending}>
        {sending ? words.sending : words.signIn.ask}
      </button>
      <ProblemNote error={error} />
    </form>
  );
}
