import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, CafeSeats, Clash, Me, Registration } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useMe, useRegistrations } from '../shared/data.ts';
import { Field, ProblemNote } from '../shared/ui.tsx';
import { useFormat, useLocale, useWords } from '../shared/words/index.ts';
import { CodeForm } from '../sign-in/code-form.tsx';
import { forgetGuestSeat, type GuestSeat, guestSeat, keepGuestSeat, typedBefore } from './guest-seat.ts';

const ACTIVE = ['held', 'offered', 'confirmed', 'waitlisted'];

/** The person's own registration in a Café: of the session, or what this browser claimed without one. */
export function useMySeat(cafeId: string): Registration | undefined {
  const me = useMe();
  const { data } = useRegistrations();
  if (me === null) return guestSeat(cafeId)?.registration;
  return data?.find((each) => each.cafeId === cafeId && ACTIVE.includes(each.status));
}

/** Taking a seat: one tap signed in, a short form otherwise; then what became of it. */
export function Claim({ cafe, seats }: { cafe: Cafe; seats: CafeSeats }) {
  const words = useWords();
  const { locale } = useLocale();
  const me = useMe();
  const client = useQueryClient();
  const seat = useMySeat(cafe.id);
  const [open, setOpen] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [claimed, setClaimed] = useState<GuestSeat>();

  async function send(body: { name: string; email: string } | Record<string, never>) {
    setSending(true);
    setError(undefined);
    try {
      const guest = 'email' in body ? { ...body, locale } : {};
      const registration = await call<Registration>('POST', `/cafes/${cafe.id}/registrations`, guest);
      if ('email' in body) setClaimed(keepGuestSeat({ registration, email: body.email, name: body.name }));
      setOpen(false);
      await client.invalidateQueries({ queryKey: ['registrations'] });
    } catch (fault) {
      setError(fault);
    } finally {
      setSending(false);
    }
  }

  if (me === undefined) return null;
  const guest = me === null ? (claimed ?? guestSeat(cafe.id)) : undefined;
  if (seat || guest) return <MySeat registration={seat ?? (guest as GuestSeat).registration} guest={guest} />;
  if (cafe.state === 'cancelled') return <p className="note">{words.claim.cancelled}</p>;
  if (cafe.state !== 'open') return <p className="note">{words.claim.closed}</p>;
  if (seats.free === 0 && !cafe.waitlistOpen) return <p className="note">{words.claim.fullClosed}</p>;
  const label = sending ? words.claim.sending : seats.free > 0 ? words.claim.take : words.claim.join;
  return (
    <div className="claim">
      {me === null && open ? (
        <GuestForm error={error} label={label} sending={sending} send={send} close={() => setOpen(false)} />
      ) : (
        <button
          type="button"
          className="primary"
          disabled={sending}
          onClick={() => (me === null ? setOpen(true) : void send({}))}
        >
          {label}
        </button>
      )}
      {me && <p className="hint">{words.claim.signedInAs(me.name)}</p>}
      <ClaimFault error={error} />
    </div>
  );
}

function GuestForm(props: {
  error: unknown;
  label: string;
  sending: boolean;
  send: (body: { name: string; email: string }) => Promise<void>;
  close: () => void;
}) {
  const words = useWords();
  const before = typedBefore();
  const errors = props.error instanceof ApiProblem ? (props.error.problem.errors ?? []) : [];
  const errorOf = (path: string) => errors.find((each) => each.path === path)?.message;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void props.send({ name: String(form.get('name')), email: String(form.get('email')) });
  }
  return (
    <form onSubmit={submit} className="short-form">
      <Field
        label={words.claim.name}
        hint={words.claim.nameHint}
        name="name"
        autoComplete="name"
        maxLength={120}
        defaultValue={before.name}
        error={errorOf('name')}
        required
      />
      <Field
        label={words.claim.email}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        maxLength={254}
        defaultValue={before.email}
        error={errorOf('email')}
        required
      />
      <div className="actions">
        <button type="submit" className="primary" disabled={props.sending}>
          {props.label}
        </button>
        <button type="button" className="quiet" onClick={props.close}>
          {words.claim.close}
        </button>
      </div>
    </form>
  );
}

function ClaimFault({ error }: { error: unknown }) {
  const words = useWords();
  const { span } = useFormat();
  if (!error) return null;
  if (error instanceof ApiProblem && error.code === 'schedule-clash') {
    const clashes = (error.problem.clashesWith ?? []) as Clash[];
    return (
      <div className="note bad" role="alert">
        <strong>{words.claim.clashTitle}</strong>
        <ul className="plain">
          {clashes.map(({ registrationId, cafeId, title, startsAt, endsAt }) => (
            <li key={registrationId}>
              <Link href={`/cafes/${cafeId}`}>{title}</Link>, {span(startsAt, endsAt)}
            </li>
          ))}
        </ul>
        <p>{words.claim.clashNext}</p>
        <Link href="/me">{words.nav.mine}</Link>
      </div>
    );
  }
  if (error instanceof ApiProblem && error.code === 'not-signed-in') {
    return (
      <div className="note" role="alert">
        <strong>{words.claim.signInFirst}</strong>
        <p>
          <Link href="/sign-in">{words.nav.signIn}</Link>
        </p>
      </div>
    );
  }
  return <ProblemNote error={error} />;
}

/** What the person has in this Café, and what they can do next. */
function MySeat({ registration, guest }: { registration: Registration; guest?: GuestSeat }) {
  const words = useWords();
  const { time } = useFormat();
  const { status, waitlistPosition = 1, expiresAt, id } = registration;
  const title =
    status === 'confirmed'
      ? words.claim.confirmedTitle
      : status === 'waitlisted'
        ? words.claim.waitingTitle(waitlistPosition)
        : words.claim.heldTitle;
  return (
    <div className={`note good ${status}`}>
      <strong role="status">{title}</strong>
      {status === 'confirmed' && (
        <>
          <p>{words.claim.confirmed}</p>
          <Link href={`/registrations/${id}`} className="primary">
            {words.claim.ticket}
          </Link>
        </>
      )}
      {status === 'waitlisted' && <p>{guest ? words.claim.waitingUnproved(guest.email) : words.claim.waiting}</p>}
      {status === 'held' && guest && <p>{words.claim.held(time(expiresAt ?? ''), guest.email)}</p>}
      {guest && <CodeForm email={guest.email} onSignedIn={(_me: Me) => forgetGuestSeat(registration.cafeId)} />}
    </div>
  );
}
