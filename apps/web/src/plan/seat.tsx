import { useState } from 'react';
import { Link } from 'wouter';
import type { EventProgramme, Registration } from '#contract';
import { canSwap, isActive } from '../programme/mine.ts';
import { useEventOf } from '../shared/data.ts';
import { type Format, useFormat } from '../shared/format.ts';
import { labelOf } from '../shared/seats.tsx';
import { useContentLocale, useTold, useWords, type Words } from '../shared/words/index.ts';
import { useCancelling } from './cancelling.ts';
import { LeaveButton, Leaving } from './leaving.tsx';
import { Offer } from './offer.tsx';
import { SwapChoice } from './swap-choice.tsx';

/** Where a registration stands, in words. What runs out may do so on another day than the Café: it says which. */
export function statusWords(words: Words, registration: Registration, dayTime: Format['dayTime']): string {
  const { status, expiresAt = '', waitlistPosition = 1 } = registration;
  if (status === 'held' || status === 'offered') return words.status[status](dayTime(expiresAt));
  if (status === 'waitlisted') return words.status.waitlisted(waitlistPosition);
  return words.status[status];
}

/** One registration on the time line. @param now in milliseconds since 1970 */
export function Seat({ registration, now }: { registration: Registration; now: number }) {
  const words = useWords();
  const told = useTold();
  const { data: event } = useEventOf(registration.eventId);
  const { time, dayTime } = useFormat(event?.timeZone);
  const { id, status, startsAt, endsAt, checkedInAt } = registration;
  const cancelling = useCancelling(id);
  const cafe = event?.cafes.find((each) => each.id === registration.cafeId);
  const room = event?.rooms.find((each) => each.id === cafe?.roomId);
  const running = Date.parse(startsAt) <= now && now < Date.parse(endsAt);
  const isOver = Date.parse(endsAt) <= now;
  return (
    <li className={`seat ${cancelling ? 'leaving' : status}`} data-registration={id}>
      <p className="times">
        <span>{time(startsAt)}</span>
        <span className="until">{time(endsAt)}</span>
      </p>
      <div className="seat-text">
        {running && <span className="when-mark">{words.plan.now}</span>}
        <h3 {...told}>
          <Link href={`/cafes/${registration.cafeId}`}>{cafe?.title ?? '…'}</Link>
        </h3>
        <p className="eyebrow">
          {cafe && labelOf(words, cafe)}
          {room && (
            <>
              {' · '}
              <span {...told}>{room.name}</span>
            </>
          )}
        </p>
        {cancelling ? (
          <Leaving cancelling={cancelling} waiting={status === 'waitlisted'} />
        ) : (
          <>
            <p className={`status ${status}`}>
              {statusWords(words, registration, dayTime)}
              {checkedInAt && ` · ${words.status.here}`}
            </p>
            {status === 'held' && <p className="hint">{words.plan.held}</p>}
            {isActive(registration) && !isOver && <Actions registration={registration} event={event ?? undefined} />}
          </>
        )}
      </div>
    </li>
  );
}

function Actions({ registration, event }: { registration: Registration; event?: EventProgramme }) {
  const words = useWords();
  const locale = useContentLocale();
  const [swapping, setSwapping] = useState(false);
  const { id, status } = registration;
  if (status === 'offered') return <Offer registration={registration} />;
  return (
    <>
      <div className="actions">
        {status === 'confirmed' && (
          <>
            <Link href={`/registrations/${id}`} className="button strong">
              {words.plan.ticket}
            </Link>
            <a href={`/api/v1/registrations/${id}/calendar.ics?locale=${locale}`} className="button" download>
              {words.plan.calendar}
            </a>
          </>
        )}
        {canSwap(registration) && (
          <button type="button" aria-expanded={swapping} onClick={() => setSwapping(!swapping)}>
            {words.plan.swap}
          </button>
        )}
        <LeaveButton registration={registration} />
      </div>
      {swapping && <SwapChoice registration={registration} event={event} />}
    </>
  );
}
