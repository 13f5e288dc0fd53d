import { Link } from 'wouter';
import { useEvent, useMe, useRegistrations } from '../shared/data.ts';
import { labelOf, Shell, Waiting } from '../shared/ui.tsx';
import { useFormat, useWords } from '../shared/words/index.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { statusWords } from './my-seats-page.tsx';
import { Offer } from './offer.tsx';

export function TicketPage({ registrationId }: { registrationId: string }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error, refetch } = useRegistrations();
  const { data: event } = useEvent();
  const { day, span, time } = useFormat(event?.timeZone);
  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.ticket.title}</h1>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  const registration = registrations?.find(({ id }) => id === registrationId);
  const cafe = event?.cafes.find(({ id }) => id === registration?.cafeId);
  const room = event?.rooms.find(({ id }) => id === cafe?.roomId);
  return (
    <Shell>
      <div className="narrow ticket">
        <h1>{registration?.status === 'offered' ? words.ticket.offered : words.ticket.title}</h1>
        {!registrations && <Waiting error={error} retry={() => void refetch()} />}
        {registrations && !registration && <p className="empty">{words.ticket.none}</p>}
        {registration && (
          <>
            {registration.status === 'confirmed' ? (
              <>
                <p>{words.ticket.show}</p>
                <img
                  className="qr"
                  src={`/api/v1/registrations/${registration.id}/ticket.svg`}
                  alt={words.ticket.alt}
                  width="320"
                  height="320"
                />
              </>
            ) : (
              <p className={`status ${registration.status}`}>{statusWords(words, registration, time)}</p>
            )}
            {cafe && (
              <>
                <p className="eyebrow">{labelOf(words, cafe)}</p>
                <h2>{cafe.title}</h2>
                <p>
                  <span className="capital">{day(cafe.startsAt)}</span>, {span(cafe.startsAt, cafe.endsAt)}
                  <br />
                  {room?.name}
                </p>
              </>
            )}
            {registration.status === 'offered' && <Offer registration={registration} />}
            <p>{me?.name}</p>
          </>
        )}
        <Link href="/me">{words.ticket.mine}</Link>
      </div>
    </Shell>
  );
}
