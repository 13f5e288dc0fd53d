import '../styles/people.css';
import '../styles/group.css';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, Dashboard, DashboardCafe, EventSummary } from '#contract';
import { useCafe } from '../shared/data.ts';
import { Figure } from '../shared/figure.tsx';
import { useFormat } from '../shared/format.ts';
import { Waiting } from '../shared/problem-note.tsx';
import { labelOf, SeatBar } from '../shared/seats.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { CapacityForm } from './changing.tsx';
import { ClosingUndo } from './closing.tsx';
import { useDashboard } from './dashboard.ts';
import { Endings } from './endings.tsx';
import { Move } from './move.tsx';
import { Target } from './target.tsx';
import { Waitlist } from './waitlist.tsx';

/**
 * The page of one Café for organisers: its counts, and all controls. Only a dashboard shows a draft and its event. The Café is therefore searched
 * in the dashboards of the person's events, one after the other.
 */
export function OrganisedCafe({ cafeId, organised }: { cafeId: string; organised: EventSummary[] }) {
  const staff = useStaffWords();
  const [skipped, setSkipped] = useState(0);
  const event = organised[skipped];
  const { dashboard, refused } = useDashboard(event?.id);
  const found = dashboard?.cafes.find((each) => each.cafeId === cafeId);
  const elsewhere = refused || (dashboard && !found);
  useEffect(() => {
    if (elsewhere) setSkipped((before) => before + 1);
  }, [elsewhere]);
  // Reads the title in the reader's language, because the dashboard has only the French one.
  const { data } = useCafe(cafeId);
  if (event && dashboard && found) {
    return <CafeControls cafe={newest(found, data)} event={event} rooms={dashboard.rooms} />;
  }
  return (
    <>
      <h1>{staff.organise.title}</h1>
      {event ? <Waiting error={undefined} retry={() => {}} /> : <p className="empty">{staff.cafe.nowhere}</p>}
    </>
  );
}

/** Returns the newer of two states of a Café, by version, with the title in the reader's language. */
function newest(pushed: DashboardCafe, read: Cafe | undefined): DashboardCafe {
  if (!read) return pushed;
  const { id: cafeId, roomId, kind, code, title, startsAt, endsAt, version, state, waitlistOpen, seats } = read;
  if (pushed.seats.version >= seats.version) return { ...pushed, title };
  return { cafeId, roomId, kind, code, title, startsAt, endsAt, version, state, waitlistOpen, seats };
}

function CafeControls(props: { cafe: DashboardCafe; event: EventSummary; rooms: Dashboard['rooms'] }) {
  const { cafe, event, rooms } = props;
  const words = useWords();
  const staff = useStaffWords();
  const { dated } = useFormat(event.timeZone);
  const { seats } = cafe;
  const cancelled = cafe.state === 'cancelled';
  const room = rooms.find(({ roomId }) => roomId === cafe.roomId);
  return (
    <>
      <p className="back">
        <Link href={`/organiser?event=${event.slug}`}>
          <span className="arrow" aria-hidden="true" /> {staff.organise.title}
        </Link>
      </p>
      <header className="door-head">
        <p className="eyebrow">
          {labelOf(words, cafe)} · {dated(cafe.startsAt, cafe.endsAt)} · <span>{room?.name}</span>
        </p>
        <h1>{cafe.title}</h1>
      </header>
      <div className="figures">
        <Figure name="taken" value={seats.taken} label={staff.cafe.takenOf(seats.taken, seats.capacity)} />
        <Figure name="waitlisted" value={seats.waitlisted} label={staff.organise.totals.waitlisted} />
        <Figure name="present" value={seats.present} label={staff.organise.totals.present(seats.present)} tone="here" />
      </div>
      <SeatBar seats={seats} />
      <ClosingUndo cafe={cafe} />
      <p className="back">
        <Link href={`/host/cafes/${cafe.cafeId}`}>{staff.cafe.door}</Link>
      </p>
      <div role="status">{cancelled && <p className="note bad">{words.claim.cancelled}</p>}</div>
      {!cancelled && (
        <div className="panels controls">
          <section>
            <h2>{staff.organise.seats}</h2>
            <Target cafe={cafe} />
            <CapacityForm cafe={cafe} />
          </section>
          <Waitlist cafe={cafe} />
          <Move cafe={cafe} rooms={rooms} event={event} />
          <Endings cafe={cafe} timeZone={event.timeZone} />
        </div>
      )}
    </>
  );
}
