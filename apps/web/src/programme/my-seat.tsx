import { Link } from 'wouter';
import type { Registration } from '#contract';
import { Offer } from '../plan/offer.tsx';
import { useEventOf } from '../shared/data.ts';
import { useArrival } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { useWords } from '../shared/words/index.ts';
import { CodeForm } from '../sign-in/code-form.tsx';
import type { GuestSeat } from './guest-seat.ts';

interface MySeatProps {
  registration: Registration;
  guest?: GuestSeat;
  /** They asked for a seat, and the last one was gone. */
  missed: boolean;
  /** The seat that was given back for this one. */
  swapped?: Registration;
  /** It answers what was just done on this page. */
  arrived: boolean;
  /** Claim with another address. */
  correct?: () => void;
}

/** What the person has in this Café, and what they can do next. */
export function MySeat({ registration, guest, missed, swapped, arrived, correct }: MySeatProps) {
  const words = useWords();
  const { data: event } = useEventOf(registration.eventId);
  const { time } = useFormat(event?.timeZone);
  const arrival = useArrival(arrived);
  const { status, waitlistPosition = 1, expiresAt = '', id } = registration;
  const titles: Partial<Record<Registration['status'], string>> = {
    confirmed: words.claim.confirmedTitle,
    waitlisted: words.claim.waitingTitle(waitlistPosition),
    offered: words.plan.offer,
  };
  const plan = <Link href="/me">{words.nav.mine}</Link>;
  const left = swapped && event?.cafes.find((cafe) => cafe.id === swapped.cafeId);
  return (
    <div className={`note good ${status}`} ref={arrival} tabIndex={-1}>
      {missed && <p>{words.claim.justTaken}</p>}
      <strong role="status">{titles[status] ?? words.claim.heldTitle}</strong>
      {left && <p>{words.claim.swapped(left.title)}</p>}
      {status === 'confirmed' && (
        <>
          <p>{words.claim.confirmed}</p>
          <div className="actions">
            <Link href={`/registrations/${id}`} className="primary">
              {words.claim.ticket}
            </Link>
            {!guest && plan}
          </div>
        </>
      )}
      {status === 'offered' && <Offer registration={registration} />}
      {status === 'waitlisted' && <p>{guest ? words.claim.waitingUnproved(guest.email) : words.claim.waiting}</p>}
      {status === 'held' && <p>{guest ? words.claim.held(time(expiresAt), guest.email) : words.plan.held}</p>}
      {guest ? (
        <CodeForm email={guest.email}>
          {correct && (
            <button type="button" className="quiet" onClick={correct}>
              {words.claim.otherAddress}
            </button>
          )}
        </CodeForm>
      ) : (
        status !== 'confirmed' && plan
      )}
    </div>
  );
}
