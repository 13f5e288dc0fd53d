import { type FormEvent, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { typedBefore } from '../programme/guest-seat.ts';
import { ApiProblem, call } from '../shared/api.ts';
import { useMe, useRegistrations } from '../shared/data.ts';
import { Field, ProblemNote, SendButton, takeFocus, Waiting } from '../shared/form.tsx';
import { Shell } from '../shared/shell.tsx';
import { useContentLocale, useWords } from '../shared/words/index.ts';
import { CodeForm } from './code-form.tsx';
import { useVerify } from './verify.ts';

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
          <LinkForm token={token} next={next} />
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

/**
 * A mail filter may open a link; only a person presses the button. There is none where it would do nothing any more: the link was
 * used, or its seat is confirmed in this browser.
 */
function LinkForm({ token, next }: { token: string; next: string }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error: unknown } = useRegistrations();
  const verify = useVerify();
  const [, go] = useLocation();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const goOn = () => go(next, { replace: true });
  async function confirm() {
    setSending(true);
    setError(undefined);
    try {
      await verify({ token });
      goOn();
    } catch (fault) {
      setError(fault);
      setSending(false);
    }
  }
  const isKnown = me === null || registrations || unknown;
  if (!isKnown && !sending) return <Waiting error={undefined} retry={() => {}} />;
  const done = registrations?.some(({ id, status }) => next === `/registrations/${id}` && status === 'confirmed');
  if (done && !sending) {
    return (
      <>
        <h1>{words.signIn.linkDone}</h1>
        <p>{words.signIn.linkDoneLead}</p>
        <Link href={next} className="primary" replace>
          {words.claim.ticket}
        </Link>
      </>
    );
  }
  if (error instanceof ApiProblem && error.code === 'sign-in-invalid') {
    return (
      <>
        <h1 ref={takeFocus} tabIndex={-1}>
          {words.signIn.linkUsed}
        </h1>
        <p>
          {words.signIn.linkBad} {me ? words.signIn.signedInAs(me.name) : words.signIn.linkTyped}
        </p>
        {me ? (
          <Link href={next} className="primary" replace>
            {words.signIn.go}
          </Link>
        ) : (
          <SignInForm onSignedIn={goOn} />
        )}
      </>
    );
  }
  return (
    <>
      <h1>{words.signIn.linkTitle}</h1>
      <p>{words.signIn.linkLead}</p>
      <SendButton sending={sending} press={() => void confirm()}>
        {words.signIn.confirm}
      </SendButton>
      <ProblemNote error={error} />
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
    if (sending) return;
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
        <p ref={takeFocus} tabIndex={-1}>
          {words.signIn.sent(email)}
        </p>
        <CodeForm email={email} onSignedIn={onSignedIn}>
          <button type="button" className="quiet" onClick={() => setEmail(undefined)}>
            {words.signIn.other}
          </button>
        </CodeForm>
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
        defaultValue={typedBefore().email}
        required
        ltr
      />
      <SendButton sending={sending}>{words.signIn.ask}</SendButton>
      <ProblemNote error={error} />
    </form>
  );
}
