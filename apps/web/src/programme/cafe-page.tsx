import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, CafeSeats } from '#contract';
import { ApiProblem } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { useCafe, useEventOf, useProgrammePath } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { useCounts, useWatchedEvent } from '../shared/live.ts';
import { OwnTime } from '../shared/own-time.tsx';
import { Waiting } from '../shared/problem-note.tsx';
import { useMine } from '../shared/registrations/guest-seat.ts';
import { mineIn } from '../shared/registrations/own-registrations.ts';
import { Age, cafeWords, fullness, isOpen, labelOf, SeatBar, seatWords } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { RoundTable } from '../shared/table.tsx';
import { useContentAttributes, useWords } from '../shared/words/index.ts';
import { Claim } from './claim.tsx';
import { noFilters, writeFilters } from './filters.ts';

/** How often the page checks whether the Café has ended, in milliseconds. */
const NOW_EVERY_MS = 20_000;

export function CafePage({ cafeId }: { cafeId: string }) {
  const { data: cafe, gone, error, refetch } = useCafe(cafeId);
  // Also while the Café does not exist: the messages about its event report that it exists again.
  useWatchedEvent(cafe?.eventId, cafe && [cafe]);
  // The API answers `invalid-request` if the path does not contain an id.
  const isMissing = gone || (error instanceof ApiProblem && error.code === 'invalid-request');
  return (
    <Shell>
      {isMissing ? (
        <CafeNotFound />
      ) : cafe ? (
        <CafeView cafe={cafe} />
      ) : (
        <Waiting error={error} retry={() => void refetch()} />
      )}
    </Shell>
  );
}

function CafeNotFound() {
  const words = useWords();
  return (
    <div className="narrow start">
      <h1>{words.cafe.none}</h1>
      <Link href="/" className="primary">
        {words.notFound.next}
      </Link>
    </div>
  );
}

function CafeView({ cafe }: { cafe: Cafe }) {
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const seats = useCounts(cafe);
  const { data: event } = useEventOf(cafe.eventId);
  const programme = useProgrammePath(cafe.eventId);
  const { dated } = useFormat(event?.timeZone);
  const room = event?.rooms.find(({ id }) => id === cafe.roomId);
  const seat = mineIn(cafe.id, useMine());
  const now = useNow(NOW_EVERY_MS);
  const open = isOpen(cafe, now);
  const seatsText = cafeWords(words, cafe, seats, open);
  const mine = seat !== undefined && seat.status !== 'waitlisted';
  return (
    <article className="cafe">
      <p className="back">
        <Link href={programme}>
          <span className="arrow" aria-hidden="true" /> {words.cafe.back}
        </Link>
      </p>
      <header>
        <p className="eyebrow">{labelOf(words, cafe)}</p>
        <h1 {...contentAttributes}>{cafe.title}</h1>
        <p className="when">
          {dated(cafe.startsAt, cafe.endsAt)}
          {room && (
            <>
              {' · '}
              <span {...contentAttributes}>{room.name}</span>
            </>
          )}
        </p>
        <OwnTime timeZone={event?.timeZone} startsAt={cafe.startsAt} endsAt={cafe.endsAt} />
      </header>
      <section className="seat-panel" aria-label={seatsText}>
        <RoundTable seats={seats} mine={mine} open={open} cancelled={cafe.state === 'cancelled'} size={176} />
        <div className="seat-action">
          <p className="seats-line large">
            {seatsText}
            <Age />
          </p>
          {open && <SeatBar seats={seats} />}
          {open && <FullnessStatus seats={seats} />}
          <Claim cafe={cafe} seats={seats} open={open} />
        </div>
      </section>
      {cafe.summary && (
        <p className="summary" {...contentAttributes}>
          {cafe.summary}
        </p>
      )}
      <CafeDetails cafe={cafe} programme={programme} />
      {open && (
        <p className="group-link">
          <Link href={`/cafes/${cafe.id}/group`}>{words.cafe.group}</Link>
        </p>
      )}
    </article>
  );
}

/** Announces to screen readers that a Café becomes nearly full, full, or free again. Does not announce every number. */
function FullnessStatus({ seats }: { seats: CafeSeats }) {
  const words = useWords();
  const how = fullness(seats);
  const before = useRef(how);
  const [announced, setAnnounced] = useState('');
  const text = seatWords(words, seats);
  useEffect(() => {
    if (before.current !== how) setAnnounced(text);
    before.current = how;
  }, [how, text]);
  return (
    <span className="unseen" role="status">
      {announced}
    </span>
  );
}

/** The texts of a Café. @param programme the path of its programme */
function CafeDetails({ cafe, programme }: { cafe: Cafe; programme: string }) {
  const words = useWords();
  const { languageName, duration } = useFormat();
  const minutes = (count: number) => duration(count * 60_000);
  return (
    <dl className="facts">
      <Facts title={words.cafe.hosts} items={cafe.hosts} />
      <Facts
        title={words.cafe.speakers}
        items={cafe.speakers.map(({ name, role, organisation }) =>
          [name, role, organisation].filter(Boolean).join(', '),
        )}
      />
      <Facts title={words.cafe.audience} items={cafe.audience} />
      <Facts title={words.cafe.takeaways} items={cafe.takeaways} />
      <Facts
        title={words.cafe.agenda}
        items={cafe.agenda.map((item) => (item.minutes ? `${item.title} · ${minutes(item.minutes)}` : item.title))}
      />
      <div>
        <dt>{words.cafe.language}</dt>
        <dd className="capital">{languageName(cafe.language)}</dd>
      </div>
      <Keywords keywords={cafe.keywords} programme={programme} />
      <Contacts contacts={cafe.contacts} />
    </dl>
  );
}

function Facts({ title, items }: { title: string; items: string[] }) {
  const contentAttributes = useContentAttributes();
  if (items.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <ul className="plain" {...contentAttributes}>
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      </dd>
    </div>
  );
}

/** The contacts of a Café, with their addresses. */
function Contacts({ contacts }: Pick<Cafe, 'contacts'>) {
  const words = useWords();
  if (!contacts) return null;
  return (
    <div>
      <dt>{words.cafe.contact}</dt>
      <dd>
        <ul className="plain">
          {contacts.map(({ name, email }) => (
            <li key={`${name} ${email}`}>
              <bdi>{name}</bdi>
              {email && (
                <>
                  {' '}
                  <a href={`mailto:${encodeURIComponent(email)}`}>
                    <bdi>{email}</bdi>
                  </a>
                </>
              )}
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}

/** The keywords of a Café. Each links to the Cafés with this keyword. */
function Keywords({ keywords, programme }: { keywords: string[]; programme: string }) {
  const words = useWords();
  const contentAttributes = useContentAttributes();
  if (keywords.length === 0) return null;
  return (
    <div>
      <dt>{words.cafe.keywords}</dt>
      <dd>
        <ul className="tags">
          {keywords.map((keyword) => (
            <li key={keyword} {...contentAttributes}>
              <Link href={`${programme}?${writeFilters({ ...noFilters, keyword })}`}>{keyword}</Link>
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
