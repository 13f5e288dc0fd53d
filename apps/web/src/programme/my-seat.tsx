import { Link } from 'wouter';
import type { Me, Registration } from '#contract';
import { Offer } from '../plan/offer.tsx';
import { useEventOf } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { useWords } from '../shared/words/index.ts';
import { CodeForm } from '../sign-in/code-form.tsx';
import { forgetGuestSeat, type GuestSeat } from './guest-seat.ts';

/** What the person has in this Café, and what they can do next. `missed`: they asked for a seat, and the last one was gone. */
export function MySeat(props: { registration: Registration; guest?: GuestSeat; missed: boolean }) {
  const { registration, guest, missed } = props;
  const words = useWords();
  const { data: event } = useEventOf(registration.eventId);
  const { time } = useFormat(event?.timeZone);
  const { status, waitlistPosition = 1, expiresAt = '', id } = registration;
  const titles: Partial<Record<Registration['status'], string>> = {
    confirmed: words.claim.confirmedTitle,
    waitlisted: words.claim.waitingTitle(waitlistPosition),
    offered: words.plan.offer,
  };
  const plan = <Link href="/me">{words.nav.mine}</Link>;
  return (
    <div className={`note good ${status}`}>
      {missed && <p>{words.claim.justTaken}</p>}
      <strong role="status">{titles[status] ?? words.claim.heldTitle}</strong>
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
        <CodeForm email={guest.email} onSignedIn={(_me: Me) => forgetGuestSeat(registration.cafeId)} />
      ) : (
        status !== 'confirmed' && plan
      )}
    </div>
  );
}
