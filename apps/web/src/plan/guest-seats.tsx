import { Link } from 'wouter';
import { useEventOf } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { type GuestSeat, useGuestSeats } from '../shared/registrations/guest-seat.ts';
import { isActive } from '../shared/registrations/own-registrations.ts';
import { statusWords } from '../shared/registrations/status-words.ts';
import { useContentAttributes, useWords } from '../shared/words/index.ts';

/** The guest registrations of this browser, shown without a session. Each links to the page on which its code is typed. */
export function GuestSeats() {
  const words = useWords();
  const seats = useGuestSeats().filter(({ registration }) => isActive(registration));
  if (seats.length === 0) return null;
  return (
    <section className="note good guest-seats" aria-labelledby="guest-seats">
      <h2 id="guest-seats">{words.claim.guestSeats}</h2>
      <ul>
        {seats.map((seat) => (
          <GuestSeatLine key={seat.registration.id} {...seat} />
        ))}
      </ul>
      <p className="hint">{words.claim.guestSeatsNext}</p>
    </section>
  );
}

function GuestSeatLine({ registration, email }: GuestSeat) {
  const { cafeId, eventId, startsAt, endsAt } = registration;
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const { data: event } = useEventOf(eventId);
  const { dated, dayTime } = useFormat(event?.timeZone);
  return (
    <li>
      <Link href={`/cafes/${cafeId}`} {...contentAttributes}>
        {event?.cafes.find(({ id }) => id === cafeId)?.title ?? '…'}
      </Link>
      <span>{dated(startsAt, endsAt)}</span>
      <bdi>{email}</bdi>
      <span>{statusWords(words, registration, dayTime)}</span>
    </li>
  );
}
