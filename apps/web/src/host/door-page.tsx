import '../styles/people.css';
import '../styles/door.css';
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { Cafe, EventProgramme } from '#contract';
import { useAttendance } from '../shared/attendance/attendance.ts';
import { useNow } from '../shared/clock.ts';
import { useCafe, useEventOf, useStaffMe } from '../shared/data.ts';
import { isRefused } from '../shared/followed.ts';
import { useFormat } from '../shared/format.ts';
import { useWatchedEvent } from '../shared/live.ts';
import { NoRole, useRevoked } from '../shared/no-role.tsx';
import { ProblemNote, Waiting } from '../shared/problem-note.tsx';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { isToday } from './answer.tsx';
import { Door } from './door.tsx';
import { isHostOf } from './host-page.tsx';
import { useKeptList } from './kept-list.ts';
import { preloadReader } from './scanner.tsx';

/** How often the page checks whether a new day has begun, in milliseconds. */
const DAY_EVERY_MS = 60_000;

export default function DoorPage({ cafeId }: { cafeId: string }) {
  const staff = useStaffWords();
  const me = useStaffMe();
  const { data: cafe, error: cafeError, refetch } = useCafe(cafeId);
  const { data: event } = useEventOf(cafe?.eventId);
  // The messages about the event report that the Café was cancelled or moved.
  useWatchedEvent(cafe?.eventId, cafe && [cafe]);
  // Until the page knows the Café, the API decides whether the person may see the list.
  const allowed = Boolean(me && (!cafe || isHostOf(me, cafe)));
  const read = useAttendance(cafeId, allowed, cafe?.roomId);
  const revoked = useRevoked(allowed);
  const refused = revoked || (me !== undefined && !allowed) || isRefused(read.error);
  const { attendance, keptAt } = useKeptList(cafeId, me?.id, read.attendance, refused);
  useEffect(() => void preloadReader(), []);

  if (me === null) {
    return (
      <Shell inContentLocale>
        <div className="narrow">
          <h1>{staff.door.title}</h1>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  return (
    <Shell inContentLocale>
      <p className="back">
        <Link href="/host">
          <span className="arrow" aria-hidden="true" /> {staff.door.all}
        </Link>
      </p>
      {cafe ? <DoorHead cafe={cafe} event={event} /> : <Waiting error={cafeError} retry={() => void refetch()} />}
      {me && !allowed && <NoRole revoked={revoked} never={staff.door.notHost} />}
      {allowed && <ProblemNote error={read.error} />}
      {me && cafe && allowed && attendance && (
        <Door cafe={cafe} event={event} attendance={attendance} keptAt={keptAt} by={me.id} />
      )}
    </Shell>
  );
}

function DoorHead({ cafe, event }: { cafe: Cafe; event: EventProgramme | null | undefined }) {
  const words = useWords();
  const { door } = useStaffWords();
  const format = useFormat(event?.timeZone);
  useNow(DAY_EVERY_MS);
  const when = format.dated(cafe.startsAt, cafe.endsAt);
  return (
    <header className="door-head">
      <p className="eyebrow">
        {labelOf(words, cafe)} · {when}
      </p>
      <h1>{cafe.title}</h1>
      {cafe.state === 'cancelled' ? (
        <p className="note bad" role="status">
          {words.claim.cancelled}
        </p>
      ) : (
        event &&
        !isToday(cafe, format) && (
          <div className="note clash">
            <strong>{door.otherDay}</strong>
            <p>{door.otherDayNext(when)}</p>
          </div>
        )
      )}
    </header>
  );
}
