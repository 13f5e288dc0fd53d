import '../styles/door.css';
import { Link } from 'wouter';
import type { Cafe, Me } from '#contract';
import { useEvent, useMe } from '../shared/data.ts';
import { Waiting } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { useCounts, useWatchedEvent } from '../shared/live.ts';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { RoundTable } from '../shared/table.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';

/** Whether a person acts for a Café's room. */
function actsFor(me: Me | null | undefined, cafe: Pick<Cafe, 'eventId' | 'roomId'>): boolean {
  return Boolean(
    me?.roles.some(
      (role) => role.eventId === cafe.eventId && (role.role === 'organiser' || role.roomId === cafe.roomId),
    ),
  );
}

export default function HostPage() {
  const staff = useStaffWords();
  const me = useMe();
  const { data: event, error, refetch } = useEvent();
  const { dated } = useFormat(event?.timeZone);
  useWatchedEvent(event?.id, event?.cafes);
  const cafes = event?.cafes.filter((cafe) => actsFor(me, cafe)) ?? [];
  const rooms = event?.rooms.filter((room) => cafes.some(({ roomId }) => roomId === room.id)) ?? [];
  return (
    <Shell told>
      <h1>{staff.door.title}</h1>
      {me === null ? (
        <div className="narrow">
          <SignInForm onSignedIn={() => {}} />
        </div>
      ) : !event || !me ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : cafes.length === 0 ? (
        <p className="empty">{staff.door.notHost}</p>
      ) : (
        rooms.map((room) => (
          <section key={room.id} className="round" aria-label={room.name}>
            <h2>{room.name}</h2>
            <ul className="cards">
              {cafes
                .filter(({ roomId }) => roomId === room.id)
                .map((cafe) => (
                  <DoorCard key={cafe.id} cafe={cafe} when={dated(cafe.startsAt, cafe.endsAt)} />
                ))}
            </ul>
          </section>
        ))
      )}
    </Shell>
  );
}

function DoorCard({ cafe, when }: { cafe: Cafe; when: string }) {
  const words = useWords();
  const staff = useStaffWords();
  const seats = useCounts(cafe);
  return (
    <li className="card" data-cafe={cafe.code}>
      <Link href={`/host/cafes/${cafe.id}`}>
        <RoundTable seats={seats} size={56} />
        <span className="card-text">
          <span className="eyebrow">
            {labelOf(words, cafe)} · {when}
          </span>
          <strong>{cafe.title}</strong>
          <span className="seats-line">
            {seats.present} {staff.door.present} · {seats.taken} {staff.door.expected} · {seats.waitlisted}{' '}
            {staff.door.waiting}
          </span>
        </span>
      </Link>
    </li>
  );
}
