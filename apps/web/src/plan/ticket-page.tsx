import '../styles/plan.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Registration, TicketPage as TicketAnswer } from '#contract';
import { ticketPath } from '../offline/kept.ts';
import { isActive } from '../programme/mine.ts';
import { call } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { useEventOf, useMe, useRegistrations } from '../shared/data.ts';
import { Waiting } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { useWatchedEvent } from '../shared/live.ts';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { useContentLocale, useTold, useWords, type Words } from '../shared/words/index.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { useCancelling } from './cancelling.ts';
import { LeaveButton, Leaving } from './leaving.tsx';
import { Offer } from './offer.tsx';
import { statusWords } from './seat.tsx';

/** How often it is looked at whether the Café is over, in milliseconds. */
const NOW_EVERY_MS = 20_000;

/** One registration, and what is shown at the door. It opens without network on a device that had it once. */
export default function TicketPage({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error, refetch } = useRegistrations();
  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.ticket.registration}</h1>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  const registration = registrations?.find(({ id }) => id === registrationId);
  return (
    <Shell>
      <div className="narrow ticket">
        <h1>{titleOf(words, registration)}</h1>
        {!registrations && <Waiting error={error} retry={() => void refetch()} />}
        {registrations && !registration && <p className="empty">{words.ticket.none}</p>}
        {registration && <Shown registration={registration} name={me?.name} />}
        <Link href="/me">{words.ticket.mine}</Link>
      </div>
    </Shell>
  );
}

/** Only a confirmed seat has a ticket. */
function titleOf({ ticket }: Words, registration: Registration | undefined): string {
  if (registration?.status === 'confirmed') return ticket.title;
  return registration?.status === 'offered' ? ticket.offered : ticket.registration;
}

/** What there is of a registration, and the way to give it back: the mails lead here for both. */
function Shown({ registration, name }: { registration: Registration; name?: string }) {
  const words = useWords();
  const told = useTold();
  const { data: event } = useEventOf(registration.eventId);
  useWatchedEvent(event?.id, event?.cafes);
  const { dated, dayTime } = useFormat(event?.timeZone);
  const now = useNow(NOW_EVERY_MS);
  const { id, status, cafeId, endsAt } = registration;
  const cancelling = useCancelling(id);
  const cafe = event?.cafes.find((each) => each.id === cafeId);
  const room = event?.rooms.find((each) => each.id === cafe?.roomId);
  const seated = status === 'confirmed' && !cancelling;
  // An offer has answers of its own.
  const canLeave = isActive(registration) && status !== 'offered' && !cancelling && now < Date.parse(endsAt);
  return (
    <>
      <div className="ticket-card">
        {cancelling && <Leaving cancelling={cancelling} waiting={status === 'waitlisted'} />}
        {seated && <Code registrationId={id} />}
        {!cancelling && !seated && <p className={`status ${status}`}>{statusWords(words, registration, dayTime)}</p>}
        {status === 'offered' && <Offer registration={registration} />}
        {cafe && (
          <div className="ticket-text">
            <p className="eyebrow">{labelOf(words, cafe)}</p>
            <h2 {...told}>{cafe.title}</h2>
            <p>
              {dated(cafe.startsAt, cafe.endsAt)}
              <br />
              <span {...told}>{room?.name}</span>
            </p>
            <p className="ticket-name">
              <bdi>{name}</bdi>
            </p>
          </div>
        )}
      </div>
      {seated && <Take registrationId={id} />}
      {canLeave && <LeaveButton registration={registration} />}
    </>
  );
}

/** The ticket on paper, and the seat in a calendar. Not there without network: the code is enough at the door. */
function Take({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const locale = useContentLocale();
  const { data: ticket } = useQuery({
    queryKey: ['registrations', registrationId, 'ticket', locale],
    queryFn: () => call<TicketAnswer>('GET', `/registrations/${registrationId}/ticket?locale=${locale}`),
    retry: false,
  });
  if (!ticket) return null;
  const { google, outlook, ics } = ticket.addTo;
  return (
    <div className="ticket-take">
      <a href={`${ticket.pdf}?locale=${locale}`} className="button" target="_blank" rel="noreferrer">
        {words.ticket.print}
      </a>
      <p className="hint">{words.plan.calendar}</p>
      <div className="actions">
        <a href={google} className="button" target="_blank" rel="noreferrer">
          Google
        </a>
        <a href={outlook} className="button" target="_blank" rel="noreferrer">
          Outlook
        </a>
        <a href={`${ics}?locale=${locale}`} className="button" dir="ltr" download>
          Apple (.ics)
        </a>
      </div>
    </div>
  );
}

function Code({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const [away, setAway] = useState(false);
  if (away) return <p className="note bad">{words.ticket.away}</p>;
  return (
    <>
      <p className="hint">{words.ticket.show}</p>
      <img
        className="qr"
        src={ticketPath(registrationId)}
        alt={words.ticket.alt}
        width="320"
        height="320"
        onError={() => setAway(true)}
      />
    </>
  );
}
