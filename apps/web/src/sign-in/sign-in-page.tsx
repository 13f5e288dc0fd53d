import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { CodeRequiredMembers, LinkPreviewRequest, LinkRegistration } from '#contract';
import { ApiProblem, call, isTransient } from '../shared/api.ts';
import { useMe, useRegistrations } from '../shared/data.ts';
import { takeFocus, useArrival } from '../shared/focus.ts';
import { useFormat } from '../shared/format.ts';
import { SendButton } from '../shared/forms/send-button.tsx';
import { ownPath } from '../shared/own-path.ts';
import { OwnTime } from '../shared/own-time.tsx';
import { ProblemNote, Waiting } from '../shared/problem-note.tsx';
import { claimTokens, useGuestSeats } from '../shared/registrations/guest-seat.ts';
import { Shell } from '../shared/shell.tsx';
import { CodeForm } from '../shared/sign-in/code-form.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { useVerify } from '../shared/sign-in/verify.ts';
import { useWords } from '../shared/words/index.ts';

export default function SignInPage() {
  const words = useWords();
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const token = search.get('token');
  const next = ownPath(search.get('next'), '/me');
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
 * The page of a sign-in link. In the browser that requested the mail, the button signs in. Any other browser needs the code of the mail, so that a
 * mail filter that presses buttons cannot sign in. The button is not shown if the link was used, or if its seat is confirmed in this browser.
 */
function LinkForm({ token, next }: { token: string; next: string }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error: unknown } = useRegistrations();
  const verify = useVerify();
  const [, go] = useLocation();
  const [sending, setSending] = useState(false);
  const [thrown, setThrown] = useState<unknown>();
  const look = useQuery({
    queryKey: ['link', token],
    queryFn: async () => {
      const body: LinkPreviewRequest = { token, claimTokens: claimTokens() };
      return call('POST /sign-in/look', { body });
    },
    // Read once: afterwards the answer to a press of the button is the newer one.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
  });
  const error = thrown ?? (look.error && !isTransient(look.error) ? look.error : undefined);
  const pressed = thrown !== undefined;
  const proceed = () => go(next, { replace: true });
  async function confirm() {
    setSending(true);
    setThrown(undefined);
    try {
      await verify({ token });
      proceed();
    } catch (refused) {
      setThrown(refused);
      setSending(false);
    }
  }
  const isLoaded = (me === null || registrations || unknown) && (look.data || look.error);
  if (!isLoaded && !sending) return <Waiting error={undefined} retry={() => {}} />;
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
  if (error instanceof ApiProblem && error.code === 'code-required') {
    return (
      <LinkCode
        token={token}
        required={error.problem as Partial<CodeRequiredMembers>}
        onSignedIn={proceed}
        arrived={pressed}
      />
    );
  }
  if (error instanceof ApiProblem && error.code === 'sign-in-invalid') {
    return (
      <>
        <h1 ref={pressed ? takeFocus : undefined} tabIndex={-1}>
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
          <SignInForm onSignedIn={proceed} />
        )}
        <p>
          <LinkBack next={next} />
        </p>
      </>
    );
  }
  return (
    <>
      <h1>{words.signIn.linkTitle}</h1>
      {look.data?.registration && <LinkSeat {...look.data.registration} />}
      <p>{words.signIn.linkLead}</p>
      <SendButton sending={sending} press={() => void confirm()}>
        {words.signIn.confirm}
      </SendButton>
      <ProblemNote error={error} />
    </>
  );
}

/** The next step after an invalid link: the Café of its registration, if this browser knows it; else the programme. */
function LinkBack({ next }: { next: string }) {
  const words = useWords();
  const seat = useGuestSeats().find(({ registration }) => next === `/registrations/${registration.id}`);
  return seat ? (
    <Link href={`/cafes/${seat.registration.cafeId}`}>{words.plan.takeAgain}</Link>
  ) : (
    <Link href="/">{words.notFound.next}</Link>
  );
}

/** Shown if the link was opened in another browser than the one that requested it: the registration of the link, and the form for the code. */
function LinkCode(props: {
  token: string;
  required: Partial<CodeRequiredMembers>;
  onSignedIn: () => void;
  /** Whether it is the answer to a press of the button. */
  arrived: boolean;
}) {
  const { token, required, onSignedIn, arrived } = props;
  const { email = '', registration } = required;
  const words = useWords();
  return (
    <>
      <h1 ref={useArrival(arrived)} tabIndex={-1}>
        {words.signIn.linkCode}
      </h1>
      {registration && <LinkSeat {...registration} />}
      {registration?.registeredBy && <p>{words.signIn.linkCodeBy(registration.registeredBy)}</p>}
      <p>{words.signIn.linkCodeLead(email)}</p>
      <CodeForm email={email} token={token} onSignedIn={onSignedIn} />
    </>
  );
}

/** The Café and the event of the seat that the link or the code will confirm. */
function LinkSeat({ title, startsAt, endsAt, eventTitle, timeZone }: LinkRegistration) {
  const { dated } = useFormat(timeZone);
  return (
    <p>
      <strong dir="auto">{title}</strong>
      <br />
      {dated(startsAt, endsAt)}
      <br />
      <span dir="auto">{eventTitle}</span>
      <br />
      <OwnTime timeZone={timeZone} startsAt={startsAt} endsAt={endsAt} />
    </p>
  );
}
