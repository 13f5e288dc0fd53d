import '../styles/door.css';
import '../styles/board.css';
import { Link, useSearchParams } from 'wouter';
import type { EventSummary } from '#contract';
import { useEvents, useStaffMe } from '../shared/data.ts';
import { serverNow } from '../shared/network.ts';
import { NoRole, useRevoked } from '../shared/no-role.tsx';
import { Waiting } from '../shared/problem-note.tsx';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { sortEvents } from '../shared/sort-events.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { Board } from './board.tsx';
import { OrganisedCafe } from './organised-cafe.tsx';

/** The page of organisers: one of their events or, with `cafeId`, one Café. */
export default function OrganiserPage({ cafeId }: { cafeId?: string }) {
  const { organise: words } = useStaffWords();
  const me = useStaffMe();
  const { data: events, error, refetch } = useEvents();
  const organised =
    me &&
    events &&
    sortEvents(events, serverNow()).filter(({ id }) =>
      me.roles.some(({ role, eventId }) => role === 'organiser' && eventId === id),
    );
  const revoked = useRevoked(Boolean(organised && organised.length > 0));
  if (cafeId && organised && organised.length > 0) {
    return (
      <Shell inContentLocale>
        <OrganisedCafe cafeId={cafeId} organised={organised} />
      </Shell>
    );
  }
  return (
    <Shell inContentLocale>
      <h1>{words.title}</h1>
      {me === null ? (
        <div className="narrow">
          <SignInForm onSignedIn={() => {}} />
        </div>
      ) : !organised ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : organised.length === 0 ? (
        <NoRole revoked={revoked} never={words.notOrganiser} />
      ) : (
        <Events organised={organised} />
      )}
    </Shell>
  );
}

function Events({ organised }: { organised: EventSummary[] }) {
  const { organise: words } = useStaffWords();
  const [query] = useSearchParams();
  const event = organised.find(({ slug }) => slug === query.get('event')) ?? organised[0];
  return (
    <>
      {organised.length > 1 && (
        <nav className="actions" aria-label={words.title}>
          {organised.map(({ id, slug, title }) => (
            <Link
              key={id}
              href={`/organiser?event=${slug}`}
              className="button"
              aria-current={id === event?.id ? 'page' : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
      )}
      {event && <Board key={event.id} event={event} />}
    </>
  );
}
