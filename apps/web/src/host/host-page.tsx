import '../styles/door.css';
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { Cafe, Me } from '#contract';
import { useEventOf, useEvents, useStaffMe } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { useCounts, useWatchedEvent } from '../shared/live.ts';
import { serverNow } from '../shared/network.ts';
import { NoRole, useRevoked } from '../shared/no-role.tsx';
import { Waiting } from '../shared/problem-note.tsx';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { sortEvents } from '../shared/sort-events.ts';
import { RoundTable } from '../shared/table.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { preloadReader } from './scanner.tsx';

/** Whether a person is an organiser of the Café's event or a host of its room. */
export function isHostOf({ roles }: Me, cafe: Pick<Cafe, 'eventId' | 'roomId'>): boolean {
  return roles.some(
    (role) => role.eventId === cafe.eventId && (role.role === 'organiser' || role.roomId === cafe.roomId),
  );
}

export default function HostPage() {
  const staff = useStaffWords();
  const me = useStaffMe();
  const { data: events, error, refetch } = useEvents();
  const ownEvents = sortEvents(events ?? [], serverNow()).filter(({ id }) =>
    me?.roles.some(({ eventId }) => eventId === id),
  );
  const revoked = useRevoked(ownEvents.length > 0);
  useEffect(() => void preloadReader(), []);
  return (
    <Shell inContentLocale>
      <h1>{staff.door.title}</h1>
      {me === null ? (
        <div className="narrow">
          <SignInForm onSignedIn={() => {}} />
        </div>
      ) : !events || !me ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : ownEvents.length === 0 ? (
        <NoRole revoked={revoked} never={staff.door.notHost} />
      ) : (
        ownEvents.map(({ id }) => <Rooms key={id} eventId={id} me={me} withTitle={ownEvents.length > 1} />)
      )}
    </Shell>
  );
}

/** The rooms of an event in which the person is a host. `withTitle`: show the event's title, because there are several events. */
function Rooms({ eventId, me, withTitle }: { eventId: string; me: Me; withTitle: boolean }) {
  const staff = useStaffWords();
  const { data: event, error, refetch } = useEventOf(eventId);
  const { dated } = useFormat(event?.timeZone);
  useWatchedEvent(eventId, event?.cafes);
  if (!event) return <Waiting error={error} retry={() => void refetch()} />;
  const cafes = event.cafes.filter((cafe) => isHostOf(me, cafe));
  const rooms = event.rooms.filter((room) => cafes.some(({ roomId }) => roomId === room.id));
  if (rooms.length === 0) return <p className="empty">{staff.door.notHost}</p>;
  return rooms.map((room) => (
    <section key={room.id} className="round" aria-label={room.name}>
      <h2>
        {room.name} {withTitle && <small className="hosts">{event.title}</small>}
      </h2>
      <ul className="cards">
        {cafes
          .filter(({ roomId }) => roomId === room.id)
          .map((cafe) => (
            <DoorCard key={cafe.id} cafe={cafe} when={dated(cafe.startsAt, cafe.endsAt)} />
          ))}
      </ul>
    </section>
  ));
}

function DoorCard({ cafe, when }: { cafe: Cafe; when: string }) {
  const words = useWords();
  const staff = useStaffWords();
  const seats = useCounts(cafe);
  return (
    <li className={`card ${cafe.state}`} data-cafe={cafe.code}>
      <Link href={`/host/cafes/${cafe.id}`}>
        <RoundTable seats={seats} cancelled={cafe.state === 'cancelled'} size={56} />
        <span className="card-text">
          <span className="eyebrow">
            {labelOf(words, cafe)} · {when}
          </span>
          <strong>{cafe.title}</strong>
          <span className="seats-line">
            {cafe.state === 'cancelled' && `${words.state.cancelled} · `}
            {seats.present} {staff.door.present(seats.present)} · {seats.taken} {staff.door.expected(seats.taken)} ·{' '}
            {seats.waitlisted} {staff.door.states.waitlisted}
          </span>
        </span>
      </Link>
    </li>
  );
}
