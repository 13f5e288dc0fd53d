import { useState } from 'react';
import { Link } from 'wouter';
import type { EventProgramme, Registration } from '#contract';
import { useEventOf } from '../shared/data.ts';
import { useFocusWhenWanted } from '../shared/focus.ts';
import { useFormat } from '../shared/format.ts';
import { OwnTime } from '../shared/own-time.tsx';
import { useCancelling } from '../shared/registrations/cancelling.ts';
import { GuestConfirmation } from '../shared/registrations/guest-confirmation.tsx';
import { LeaveButton, Leaving } from '../shared/registrations/leaving.tsx';
import { Offer } from '../shared/registrations/offer.tsx';
import { canGiveBack, canSwap, isActive, isOwn } from '../shared/registrations/own-registrations.ts';
import { statusWords } from '../shared/registrations/status-words.ts';
import { labelOf } from '../shared/seats.tsx';
import { useContentAttributes, useWords } from '../shared/words/index.ts';
import { AddTo } from './add-to.tsx';
import { Ended } from './ended.tsx';
import { SwapChoice } from './swap-choice.tsx';

/**
 * One registration on the time line.
 * @param now in milliseconds since 1970
 * @param dated show the day, because no heading shows it
 */
export function Seat(props: { registration: Registration; now: number; dated?: boolean }) {
  const { registration, now, dated } = props;
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const { data: event } = useEventOf(registration.eventId);
  const { time, day, dayTime } = useFormat(event?.timeZone);
  const { id, status, startsAt, endsAt, checkedInAt } = registration;
  const cancelling = useCancelling(id);
  const cafe = event?.cafes.find((each) => each.id === registration.cafeId);
  const room = event?.rooms.find((each) => each.id === cafe?.roomId);
  const statusLine = useFocusWhenWanted<HTMLParagraphElement>(`${status} ${id}`);
  const running = Date.parse(startsAt) <= now && now < Date.parse(endsAt);
  const isOver = Date.parse(endsAt) <= now;
  return (
    <li className={`seat ${cancelling ? 'leaving' : status}`} data-registration={id}>
      <p className="times">
        <span>{time(startsAt)}</span>
        <span className="until">{time(endsAt)}</span>
      </p>
      <div className="seat-text">
        {dated && <p className="eyebrow">{day(startsAt)}</p>}
        {running && <span className="when-mark">{words.plan.now}</span>}
        <h3 {...contentAttributes}>
          <Link href={`/cafes/${registration.cafeId}`}>{cafe?.title ?? '…'}</Link>
        </h3>
        <p className="eyebrow">
          {cafe && labelOf(words, cafe)}
          {room && (
            <>
              {' · '}
              <span {...contentAttributes}>{room.name}</span>
            </>
          )}
        </p>
        <OwnTime timeZone={event?.timeZone} startsAt={startsAt} endsAt={endsAt} />
        {!isOwn(registration) ? (
          <GuestConfirmation registration={registration} />
        ) : cancelling ? (
          <Leaving cancelling={cancelling} status={status} />
        ) : (
          <>
            <p className={`status ${status}`} ref={statusLine} tabIndex={-1}>
              {statusWords(words, registration, dayTime)}
              {checkedInAt && ` · ${words.status.here}`}
            </p>
            {status === 'held' && <p className="hint">{words.plan.held}</p>}
            {isActive(registration) && !isOver && <Actions registration={registration} event={event ?? undefined} />}
            {!isActive(registration) && <Ended registration={registration} event={event ?? undefined} now={now} />}
          </>
        )}
      </div>
    </li>
  );
}

function Actions({ registration, event }: { registration: Registration; event?: EventProgramme }) {
  const words = useWords();
  const [opened, setOpened] = useState<'calendar' | 'swap'>();
  const toggle = (which: 'calendar' | 'swap') => (
    <button
      type="button"
      aria-expanded={opened === which}
      onClick={() => setOpened(opened === which ? undefined : which)}
    >
      {words.plan[which]}
    </button>
  );
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
            {toggle('calendar')}
          </>
        )}
        {canSwap(registration) && toggle('swap')}
        {canGiveBack(registration) && <LeaveButton registration={registration} />}
      </div>
      {opened === 'calendar' && (
        <div className="add-to">
          <AddTo registrationId={id} />
        </div>
      )}
      {opened === 'swap' && <SwapChoice registration={registration} event={event} />}
    </>
  );
}
