import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Registration } from '#contract';
import { readCode } from '#text';
import { ApiProblem, call, file } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { useEventOf, useProgrammePath } from '../shared/data.ts';
import { takeFocus } from '../shared/focus.ts';
import { useFormat } from '../shared/format.ts';
import { Field, Form } from '../shared/forms/form.tsx';
import { SendButton } from '../shared/forms/send-button.tsx';
import { ProblemNote, Waiting } from '../shared/problem-note.tsx';
import { Countdown } from '../shared/registrations/offer.tsx';
import { canGiveBack, isActive } from '../shared/registrations/own-registrations.ts';
import { statusWords } from '../shared/registrations/status-words.ts';
import { useSending } from '../shared/sending.ts';
import { Shell } from '../shared/shell.tsx';
import { useContentLocale, useWords } from '../shared/words/index.ts';
import { TakeAgain } from './ended.tsx';
import { CafeText, titleOf } from './ticket-text.tsx';

/** How often the registration is read, in milliseconds. The gateway pushes a registration only to sessions of its attendee. */
const POLL_EVERY_MS = 15_000;
const NOW_EVERY_MS = 20_000;

type Headers = { 'registration-key'?: string; 'claim-token'?: string };

/**
 * One registration that the link of a mail opens without a session: its ticket, or its offer with both answers, and the button that gives it back.
 * @param headers the headers that give access to the registration
 */
export function KeyedPage({ registrationId, headers }: { registrationId: string; headers: Headers }) {
  const words = useWords();
  const queryKey = ['registrations', registrationId, 'keyed'];
  const {
    data: registration,
    error,
    refetch,
  } = useQuery({
    queryKey,
    queryFn: () => call('GET /registrations/{id}', { id: registrationId, headers }),
    refetchInterval: ({ state }) => (state.data && !isActive(state.data) ? false : POLL_EVERY_MS),
    refetchOnWindowFocus: 'always',
  });
  const isOver = error instanceof ApiProblem && (error.problem.status ?? 500) < 429 && error.code !== 'unreachable';
  // The key of an ended registration is not valid any more. A registration that ended on this page is still shown in its last state.
  if (isOver && (!registration || isActive(registration))) return <KeyInvalid />;
  return (
    <Shell>
      <div className="narrow ticket">
        <h1>{titleOf(words, registration)}</h1>
        {registration ? (
          <KeyedRegistration registration={registration} headers={headers} queryKey={queryKey} />
        ) : (
          <Waiting error={error} retry={() => void refetch()} />
        )}
        <Link href="/me">{words.ticket.mine}</Link>
      </div>
    </Shell>
  );
}

/** Shown when the key is not valid any more, because the Café has ended or the seat was given back. */
function KeyInvalid() {
  const words = useWords();
  return (
    <Shell>
      <div className="narrow start">
        <h1>{words.ticket.linkOver}</h1>
        <p>{words.ticket.linkOverLead}</p>
        <div className="actions">
          <Link href="/" className="primary">
            {words.notFound.next}
          </Link>
          <Link href="/me" className="button">
            {words.ticket.mine}
          </Link>
        </div>
      </div>
    </Shell>
  );
}

function KeyedRegistration(props: { registration: Registration; headers: Headers; queryKey: string[] }) {
  const { registration, headers, queryKey } = props;
  const words = useWords();
  const { data: event } = useEventOf(registration.eventId);
  const { dayTime } = useFormat(event?.timeZone);
  const programme = useProgrammePath(registration.eventId);
  const now = useNow(NOW_EVERY_MS);
  const { id, status, endsAt, checkedInAt } = registration;
  const cafe = event?.cafes.find((each) => each.id === registration.cafeId);
  const isSeated = status === 'confirmed';
  const isOver = !isActive(registration);
  return (
    <>
      <div className="ticket-card">
        {checkedInAt && <p className="status confirmed">{words.status.here}</p>}
        {isSeated ? (
          <Code registrationId={id} headers={headers} />
        ) : (
          <div className="ticket-status">
            <p className={`status ${status}`}>{statusWords(words, registration, dayTime)}</p>
            {status === 'held' && <p>{words.plan.held}</p>}
            {isOver && cafe && <TakeAgain cafe={cafe} />}
          </div>
        )}
        <CafeText registration={registration} />
      </div>
      {isSeated && <Files registrationId={id} headers={headers} />}
      {canGiveBack(registration) && now < Date.parse(endsAt) && (
        <Actions key={status} registration={registration} headers={headers} queryKey={queryKey} />
      )}
      {isOver && (
        <Link href={programme} className="button">
          {words.plan.noneNext}
        </Link>
      )}
    </>
  );
}

/** The calls of the actions on the registration. */
const CALLS = {
  accept: 'POST /registrations/{id}/accept',
  decline: 'POST /registrations/{id}/decline',
  cancel: 'DELETE /registrations/{id}',
} as const;
type Action = keyof typeof CALLS;

/**
 * The buttons of a registration. A client that did not claim this registration may be a mail filter: for it the server requires the code of the
 * mail, and the page sends the action again with the code.
 */
function Actions(props: { registration: Registration; headers: Headers; queryKey: string[] }) {
  const { registration, headers, queryKey } = props;
  const { id, status } = registration;
  const client = useQueryClient();
  const { sending, error, send, reset } = useSending();
  const [pendingAction, setPendingAction] = useState<Action>();
  const [code, setCode] = useState<string>();
  const act = (action: Action, typed = code) =>
    send(async () => {
      try {
        const withCode = typed === undefined ? headers : { ...headers, 'registration-code': typed };
        const given = await call(CALLS[action], { id, headers: withCode });
        client.setQueryData(queryKey, given);
        setCode(typed);
      } catch (thrown) {
        if (!(thrown instanceof ApiProblem) || thrown.code !== 'code-required') throw thrown;
        setPendingAction(action);
        // The next tap is a new action, not a double tap.
        reset();
        // The code was wrong.
        if (typed !== undefined) throw thrown;
      }
    });
  if (pendingAction) {
    return (
      <CodePrompt
        sending={sending}
        error={error}
        send={(typed) => void act(pendingAction, typed)}
        close={() => setPendingAction(undefined)}
      />
    );
  }
  return status === 'offered' ? (
    <Answers registration={registration} sending={sending} error={error} act={(action) => void act(action)} />
  ) : (
    <GiveBack status={status} sending={sending} error={error} act={() => void act('cancel')} />
  );
}

/** The answers to an offer. The link of a mail can choose one: its button gets the focus, and acts only when it is pressed. */
function Answers(props: {
  registration: Registration;
  sending: boolean;
  error: unknown;
  act: (action: 'accept' | 'decline') => void;
}) {
  const { registration, sending, error, act } = props;
  const words = useWords();
  const [query] = useSearchParams();
  const chosen = query.get('answer');
  const { expiresAt, overlapping } = registration;
  const button = (action: 'accept' | 'decline', isFirst: boolean) => (
    <button
      type="button"
      ref={chosen === action ? takeFocus : undefined}
      className={isFirst ? 'primary' : undefined}
      aria-disabled={sending}
      onClick={() => act(action)}
    >
      {words.plan[action]}
    </button>
  );
  return (
    <div className="offer">
      {expiresAt && <Countdown until={expiresAt} />}
      {overlapping && <p>{words.plan.swaps}</p>}
      <div className="actions">
        {button('accept', chosen !== 'decline')}
        {button('decline', chosen === 'decline')}
      </div>
      <ProblemNote error={error} />
    </div>
  );
}

/** Gives the seat back with the second tap, because without a session it cannot be undone. */
function GiveBack(props: { status: Registration['status']; sending: boolean; error: unknown; act: () => void }) {
  const { status, sending, error, act } = props;
  const words = useWords();
  const [confirming, setConfirming] = useState(false);
  const isWaiting = status === 'waitlisted';
  if (!confirming) {
    return (
      <button type="button" className="quiet danger" onClick={() => setConfirming(true)}>
        {isWaiting ? words.plan.leave : words.plan.cancel}
      </button>
    );
  }
  return (
    <div className="note" ref={takeFocus} tabIndex={-1}>
      <p>{isWaiting ? words.ticket.leaveSure : words.ticket.cancelSure}</p>
      <div className="actions">
        <button type="button" className="danger" aria-disabled={sending} onClick={act}>
          {sending ? words.sending : isWaiting ? words.plan.leaveNow : words.plan.cancelNow}
        </button>
        <button type="button" className="quiet" onClick={() => setConfirming(false)}>
          {words.ticket.keep}
        </button>
      </div>
      <ProblemNote error={error} />
    </div>
  );
}

/** The field for the six digits of the mail. */
function CodePrompt(props: { sending: boolean; error: unknown; send: (code: string) => void; close: () => void }) {
  const { sending, error, send, close } = props;
  const words = useWords();
  const [code, setCode] = useState('');
  const isWrong = error instanceof ApiProblem && error.code === 'code-required';
  return (
    <div className="note good">
      <p>{words.ticket.codeLead}</p>
      <Form className="short-form code" error={isWrong ? undefined : error} send={() => send(readCode(code))}>
        <Field
          label={words.signIn.code}
          name="code"
          kind="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={setCode}
          ref={takeFocus}
          required
          ltr
        />
        <SendButton sending={sending}>{words.signIn.confirm}</SendButton>
        {isWrong && (
          <div className="note bad" role="alert">
            {words.ticket.codeWrong}
          </div>
        )}
        <div className="actions">
          <button type="button" className="quiet" onClick={close}>
            {words.close}
          </button>
        </div>
      </Form>
    </div>
  );
}

/** The QR code of the ticket. The page reads it with `fetch`, because an `img` cannot send the header with the key. */
function Code({ registrationId, headers }: { registrationId: string; headers: Headers }) {
  const words = useWords();
  const {
    data: picture,
    error,
    refetch,
  } = useQuery({
    queryKey: ['registrations', registrationId, 'picture'],
    queryFn: () => file('GET /registrations/{id}/ticket.svg', { id: registrationId, headers }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!picture) return;
    const made = URL.createObjectURL(picture);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  if (!url) return <Waiting error={error} retry={() => void refetch()} />;
  return (
    <>
      <p className="hint">{words.ticket.show}</p>
      <img className="qr" src={url} alt={words.ticket.alt} width="320" height="320" />
    </>
  );
}

/** The buttons that save the ticket as PDF, and the seat as a calendar entry. */
function Files({ registrationId, headers }: { registrationId: string; headers: Headers }) {
  const words = useWords();
  const locale = useContentLocale();
  const { sending, error, send } = useSending();
  const button = (name: 'ticket.pdf' | 'calendar.ics', label: ReactNode) => (
    <button
      type="button"
      className="button"
      aria-disabled={sending}
      onClick={() =>
        void send(async () =>
          save(await file(`GET /registrations/{id}/${name}`, { id: registrationId, headers, locale }), name),
        )
      }
    >
      {label}
    </button>
  );
  return (
    <div className="ticket-take">
      <div className="actions">
        {button('ticket.pdf', words.ticket.print)}
        {button('calendar.ics', words.plan.calendar)}
      </div>
      <ProblemNote error={error} />
    </div>
  );
}

/** How long a file stays in memory after the click that saves it, in milliseconds. The browser reads it within this time. */
const SAVED_WITHIN_MS = 60_000;

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), SAVED_WITHIN_MS);
}
