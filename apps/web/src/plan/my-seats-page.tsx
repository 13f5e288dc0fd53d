import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, Registration } from '#contract';
import { call } from '../shared/api.ts';
import { useEvent, useMe, useRegistrations } from '../shared/data.ts';
import { labelOf, ProblemNote, Shell, Waiting } from '../shared/ui.tsx';
import { useFormat, useWords, type Words } from '../shared/words/index.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { Offer } from './offer.tsx';

const over = ({ status }: Registration) => status === 'cancelled' || status === 'expired';

export function MySeatsPage() {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error, refetch } = useRegistrations();
  const { data: event } = useEvent();
  const cafes = new Map(event?.cafes.map((cafe) => [cafe.id, cafe]));
  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.mine.title}</h1>
          <p>{words.mine.signIn}</p>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  const active = registrations?.filter((each) => !over(each)) ?? [];
  const past = registrations?.filter(over) ?? [];
  return (
    <Shell>
      <h1>{words.mine.title}</h1>
      {!registrations && <Waiting error={error} retry={() => void refetch()} />}
      {registrations && active.length === 0 && (
        <p className="empty">
          {words.mine.none} <Link href="/">{words.mine.noneNext}</Link>
        </p>
      )}
      <ul className="seats">
        {active.map((each) => (
          <Seat key={each.id} registration={each} cafe={cafes.get(each.cafeId)} timeZone={event?.timeZone} />
        ))}
      </ul>
      {past.length > 0 && (
        <details>
          <summary>{words.mine.past}</summary>
          <ul className="seats past">
            {past.map((each) => (
              <Seat key={each.id} registration={each} cafe={cafes.get(each.cafeId)} timeZone={event?.timeZone} />
            ))}
          </ul>
        </details>
      )}
    </Shell>
  );
}

export function statusWords(words: Words, registration: Registration, time: (instant: string) => string): string {
  const { status, expiresAt = '', waitlistPosition = 1 } = registration;
  if (status === 'held' || status === 'offered') return words.status[status](time(expiresAt));
  if (status === 'waitlisted') return words.status.waitlisted(waitlistPosition);
  return words.status[status];
}

function Seat({ registration, cafe, timeZone }: { registration: Registration; cafe?: Cafe; timeZone?: string }) {
  const words = useWords();
  const { day, span, time } = useFormat(timeZone);
  const { id, status, startsAt, endsAt, checkedInAt } = registration;
  return (
    <li className={`seat ${status}`}>
      <p className="eyebrow">
        <span className="capital">{day(startsAt)}</span>, {span(startsAt, endsAt)}
      </p>
      <h2>
        <Link href={`/cafes/${registration.cafeId}`}>{cafe?.title ?? '…'}</Link>
      </h2>
      <p>
        {cafe && `${labelOf(words, cafe)} · `}
        <strong className={`status ${status}`}>{statusWords(words, registration, time)}</strong>
        {checkedInAt && ` · ${words.status.here}`}
      </p>
      {!over(registration) && (
        <div className="actions">
          {status === 'confirmed' && (
            <>
              <Link href={`/registrations/${id}`} className="button">
                {words.mine.ticket}
              </Link>
              <a href={`/api/v1/registrations/${id}/calendar.ics`} className="button" download>
                {words.mine.calendar}
              </a>
            </>
          )}
          {status === 'offered' ? <Offer registration={registration} /> : <Cancel registration={registration} />}
        </div>
      )}
    </li>
  );
}

/** Giving a seat back asks once, in place. */
function Cancel({ registration }: { registration: Registration }) {
  const words = useWords();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const waiting = registration.status === 'waitlisted';
  async function cancel() {
    setSending(true);
    setError(undefined);
    try {
      await call('DELETE', `/registrations/${registration.id}`);
      await client.invalidateQueries({ queryKey: ['registrations'] });
    } catch (fault) {
      setError(fault);
      setSending(false);
    }
  }
  if (!asking) {
    return (
      <button type="button" className="quiet danger" onClick={() => setAsking(true)}>
        {waiting ? words.mine.leave : words.mine.cancel}
      </button>
    );
  }
  return (
    <div className="sure">
      {!waiting && <p>{words.mine.sure}</p>}
      <button type="button" className="danger" disabled={sending} onClick={() => void cancel()}>
        {waiting ? words.mine.yesLeave : words.mine.yes}
      </button>
      <button type="button" className="quiet" onClick={() => setAsking(false)}>
        {words.mine.keep}
      </button>
      <ProblemNote error={error} />
    </div>
  );
}
