import '../styles/plan.css';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Me, Registration } from '#contract';
import { ApiProblem } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { useEventOf, useMe, useProgrammePath, useRegistrations, useSignOut } from '../shared/data.ts';
import { useFocusWhenWanted } from '../shared/focus.ts';
import { useFormat } from '../shared/format.ts';
import { useWatchedEvent } from '../shared/live.ts';
import { ticketPath } from '../shared/offline/device-data.ts';
import { Waiting } from '../shared/problem-note.tsx';
import { useCancelling } from '../shared/registrations/cancelling.ts';
import { GuestConfirmation } from '../shared/registrations/guest-confirmation.tsx';
import { LeaveButton, Leaving } from '../shared/registrations/leaving.tsx';
import { Offer } from '../shared/registrations/offer.tsx';
import { canGiveBack, isActive, isOwn } from '../shared/registrations/own-registrations.ts';
import { statusWords } from '../shared/registrations/status-words.ts';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { useContentLocale, useWords } from '../shared/words/index.ts';
import { AddTo, useTicket } from './add-to.tsx';
import { Ended, useReceipt } from './ended.tsx';
import { KeyedPage } from './keyed-page.tsx';
import { keyHeaders } from './registration-key.ts';
import { CafeText, titleOf } from './ticket-text.tsx';

/** How often the page checks whether the Café has ended, in milliseconds. */
const NOW_EVERY_MS = 20_000;

/** One registration with its ticket. A device that showed it once also shows it without network. */
export default function TicketPage({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error, refetch } = useRegistrations();
  const registration = registrations?.find(({ id }) => id === registrationId);
  const title = useFocusWhenWanted<HTMLHeadingElement>(`${registration?.status} ${registrationId}`);
  const headers = keyHeaders(registrationId);
  // A mail's link opens its registration even if another person is signed in.
  if (headers && (me === null || (me && registrations && !registration))) {
    return <KeyedPage registrationId={registrationId} headers={headers} />;
  }
  if (me === null) return <SignInFirst />;
  if (me && registrations && !registration) return <NotInPlan me={me} registrationId={registrationId} />;
  return (
    <Shell>
      <div className="narrow ticket">
        <h1 ref={title} tabIndex={-1}>
          {titleOf(words, registration)}
        </h1>
        {!registrations && <Waiting error={error} retry={() => void refetch()} />}
        {registration && <RegistrationView registration={registration} name={me?.name} />}
        <Link href="/me">{words.ticket.mine}</Link>
      </div>
    </Shell>
  );
}

/** Shown without a session: only the registration's attendee may see it, after signing in. */
function SignInFirst() {
  const words = useWords();
  const [query] = useSearchParams();
  const answers = query.has('answer');
  return (
    <Shell>
      <div className="narrow">
        <h1>{answers ? words.ticket.offered : words.ticket.registration}</h1>
        <p>{answers ? words.ticket.signInToAnswer : words.ticket.signIn}</p>
        <SignInForm onSignedIn={() => {}} />
      </div>
    </Shell>
  );
}

/** Shown for a registration that is not in the plan: it belongs to another person, or the person replaced it by another one in the same Café. */
function NotInPlan({ me, registrationId }: { me: Me; registrationId: string }) {
  const words = useWords();
  const signOut = useSignOut();
  const { data: receipt, error, refetch } = useReceipt(registrationId);
  const isTheirs = receipt !== undefined;
  const unknown = error instanceof ApiProblem && ['registration-not-found', 'invalid-request'].includes(error.code);
  if (!receipt && !unknown) {
    return (
      <Shell>
        <Waiting error={error} retry={() => void refetch()} />
      </Shell>
    );
  }
  return (
    <Shell>
      <div className="narrow">
        <h1>{isTheirs ? words.ticket.registration : words.ticket.notYours}</h1>
        <p>{isTheirs ? words.ticket.over : words.ticket.youAre(me.name, me.email)}</p>
        {!isTheirs && (
          <button type="button" className="primary" onClick={() => void signOut()}>
            {words.ticket.asOther}
          </button>
        )}
        <Link href="/me">{words.ticket.mine}</Link>
      </div>
    </Shell>
  );
}

/** A registration, and the button that gives it back. Mails link to this page for both. */
function RegistrationView({ registration, name }: { registration: Registration; name?: string }) {
  const words = useWords();
  const { data: event } = useEventOf(registration.eventId);
  useWatchedEvent(event?.id, event?.cafes);
  const { dayTime } = useFormat(event?.timeZone);
  const now = useNow(NOW_EVERY_MS);
  const { id, status, endsAt, checkedInAt } = registration;
  const cancelling = useCancelling(id);
  const seated = status === 'confirmed' && !cancelling;
  const over = !isActive(registration);
  const unconfirmed = !isOwn(registration) && !over;
  const programme = useProgrammePath(registration.eventId);
  // An offer has its own buttons.
  const canLeave =
    canGiveBack(registration) && !unconfirmed && status !== 'offered' && !cancelling && now < Date.parse(endsAt);
  return (
    <>
      <div className="ticket-card">
        {unconfirmed && (
          <div className="ticket-status">
            <strong>{words.claim.guestTitle}</strong>
            <GuestConfirmation registration={registration} />
          </div>
        )}
        {!unconfirmed && cancelling && <Leaving cancelling={cancelling} status={status} />}
        {checkedInAt && <p className="status confirmed">{words.status.here}</p>}
        {seated && <Code registrationId={id} />}
        {!unconfirmed && !cancelling && !seated && (
          <div className="ticket-status">
            <p className={`status ${status}`}>{statusWords(words, registration, dayTime)}</p>
            {status === 'offered' && <Offer registration={registration} />}
            {over && <Ended registration={registration} event={event ?? undefined} now={now} />}
          </div>
        )}
        <CafeText registration={registration} name={name} />
      </div>
      {seated && <TicketFiles registrationId={id} />}
      {canLeave && <LeaveButton registration={registration} />}
      {over && (
        <Link href={programme} className="button">
          {words.plan.noneNext}
        </Link>
      )}
    </>
  );
}

/** The links to the ticket as PDF and to a calendar. Not shown without network. */
function TicketFiles({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const locale = useContentLocale();
  const { data: ticket } = useTicket(registrationId);
  if (!ticket) return null;
  return (
    <div className="ticket-take">
      <a href={`${ticket.pdf}?locale=${locale}`} className="button" target="_blank" rel="noreferrer">
        {words.ticket.print}
      </a>
      <p className="hint">{words.plan.calendar}</p>
      <AddTo registrationId={registrationId} />
    </div>
  );
}

function Code({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const [failed, setFailed] = useState(false);
  if (failed) return <p className="note bad">{words.ticket.away}</p>;
  return (
    <>
      <p className="hint">{words.ticket.show}</p>
      <img
        className="qr"
        src={ticketPath(registrationId)}
        alt={words.ticket.alt}
        width="320"
        height="320"
        onError={() => setFailed(true)}
      />
    </>
  );
}
