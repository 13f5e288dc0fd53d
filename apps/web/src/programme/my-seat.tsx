import { lazy, type ReactNode, Suspense } from 'react';
import { Link } from 'wouter';
import type { Registration } from '#contract';
import { useNow } from '../shared/clock.ts';
import { useEventOf, useTimeZoneOf } from '../shared/data.ts';
import { useArrival } from '../shared/focus.ts';
import { type Format, useFormat } from '../shared/format.ts';
import type { GuestSeat } from '../shared/registrations/guest-seat.ts';
import { Offer } from '../shared/registrations/offer.tsx';
import { useWords, type Words } from '../shared/words/index.ts';

/** Loaded after the first content: only guest registrations need it. */
const CodeForm = lazy(async () => ({ default: (await import('../shared/sign-in/code-form.tsx')).CodeForm }));

/** How often the page checks whether a hold has ended, in milliseconds. */
const NOW_EVERY_MS = 2_000;

interface NoteProps {
  /** Whether the person claimed a free seat and got a place in the waitlist. */
  missed: boolean;
  /** Whether it is the answer to an action on this page. */
  arrived: boolean;
}

/** The person's registration in this Café, with the next steps. @param swapped the seat that was swapped for this one */
export function MySeat(props: NoteProps & { registration: Registration; swapped?: Registration }) {
  const { registration, missed, swapped, arrived } = props;
  const words = useWords();
  const { data: event } = useEventOf(registration.eventId);
  const { time } = useFormat(event?.timeZone);
  const { status, id } = registration;
  const plan = <Link href="/me">{words.nav.mine}</Link>;
  const left = swapped && event?.cafes.find((cafe) => cafe.id === swapped.cafeId);
  return (
    <Note status={status} title={titleOf(words, registration, time)} missed={missed} arrived={arrived}>
      {left && <p>{words.claim.swapped(left.title)}</p>}
      {status === 'confirmed' && (
        <>
          <p>{registration.checkedInAt ? words.status.here : words.claim.confirmed}</p>
          <div className="actions">
            <Link href={`/registrations/${id}`} className="primary">
              {words.claim.ticket}
            </Link>
            {plan}
          </div>
        </>
      )}
      {status === 'offered' && <Offer registration={registration} />}
      {status === 'waitlisted' && <p>{words.claim.waiting}</p>}
      {status === 'held' && <p>{words.plan.held}</p>}
      {status !== 'confirmed' && plan}
    </Note>
  );
}

/**
 * A guest registration of this browser in its newest state, and the field for its code. The code signs in, also if the seat was confirmed in
 * another browser.
 * @param correct opens the form for another address
 */
export function MyClaim(props: NoteProps & { seat: GuestSeat; correct?: () => void }) {
  const { seat, missed, arrived, correct } = props;
  const { registration, email } = seat;
  const words = useWords();
  const format = useFormat(useTimeZoneOf(registration.eventId));
  const now = useNow(NOW_EVERY_MS);
  const { status, guest, expiresAt, proveBy } = registration;
  // The time limit has passed, and the registration is read again now (claim-pace.ts).
  const isChecked = guest === true && Date.parse(proveBy ?? expiresAt ?? '') <= now;
  return (
    <Note
      status={status}
      title={isChecked ? words.claim.checking : titleOf(words, registration, format.time)}
      missed={missed && !proveBy}
      arrived={arrived}
    >
      {!isChecked && <p>{claimText(words, seat, format)}</p>}
      <Suspense>
        <CodeForm email={email} registrationId={registration.id}>
          {correct && guest === true && (
            <button type="button" className="quiet" onClick={correct}>
              {words.claim.otherAddress}
            </button>
          )}
        </CodeForm>
      </Suspense>
    </Note>
  );
}

/** Shows why a guest registration ended. The Café's page shows the form for a new claim below it. */
export function EndedClaim({ seat: { registration } }: { seat: GuestSeat }) {
  const words = useWords();
  return (
    <div className="note" role="status">
      <p>{registration.status === 'expired' ? words.claim.unproved : words.claim.over}</p>
      <Link href="/me">{words.nav.mine}</Link>
    </div>
  );
}

function Note(props: NoteProps & { status: Registration['status']; title: string; children: ReactNode }) {
  const { status, title, missed, arrived, children } = props;
  const words = useWords();
  const arrival = useArrival(arrived);
  return (
    <div className={`note good ${status}`} ref={arrival} tabIndex={-1}>
      {missed && <p>{words.claim.justTaken}</p>}
      <strong role="status">{title}</strong>
      {children}
    </div>
  );
}

function titleOf(words: Words, { status, waitlistPosition = 1, proveBy }: Registration, time: Format['time']): string {
  if (status === 'confirmed') return words.claim.confirmedTitle;
  if (status === 'offered') return words.plan.offer;
  if (status !== 'waitlisted') return words.claim.heldTitle;
  return proveBy ? words.claim.turnTitle(time(proveBy)) : words.claim.waitingTitle(waitlistPosition);
}

/** Returns the text about the state of a guest registration and the next step. */
function claimText({ claim }: Words, { registration, email }: GuestSeat, { time, dayTime }: Format): string {
  const { status, guest, expiresAt = '', proveBy } = registration;
  if (status === 'held') return claim.held(time(expiresAt), email);
  if (status === 'offered') return claim.offeredHere(dayTime(expiresAt), email);
  if (status === 'confirmed') return claim.confirmedHere(email);
  if (proveBy) return claim.turn(email);
  return guest ? claim.waitingUnproved(email) : claim.waitingHere(email);
}
