import { lazy, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Cafe, EventProgramme } from '#contract';
import { ApiProblem } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { useEvent } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { useAllCounts, useWatchedEvent } from '../shared/live.ts';
import { OwnTime } from '../shared/own-time.tsx';
import { Waiting } from '../shared/problem-note.tsx';
import { useMine } from '../shared/registrations/guest-seat.ts';
import { clashesOf, isActive, mineIn } from '../shared/registrations/own-registrations.ts';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { useContentAttributes, useWords } from '../shared/words/index.ts';
import { Card } from './card.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, matches, readFilters, searchText, writeFilters } from './filters.ts';
import { byTime } from './order.ts';

const EventList = lazy(() => import('./event-list.tsx'));

/** How often the page checks which Cafés run now, in milliseconds. */
const NOW_EVERY_MS = 20_000;

export function ProgrammePage({ slug }: { slug?: string }) {
  const words = useWords();
  const { data: event, error, refetch } = useEvent(slug);
  useWatchedEvent(event?.id, event?.cafes);
  // The API answers `invalid-request` if the path does not contain a slug.
  const isMissing = error instanceof ApiProblem && ['event-not-found', 'invalid-request'].includes(error.code);
  if (isMissing) return <EventList missing />;
  return (
    <Shell>
      {event ? (
        <Programme event={event} />
      ) : event === null ? (
        <p className="empty">{words.programme.empty}</p>
      ) : (
        <Waiting error={error} retry={() => void refetch()} />
      )}
    </Shell>
  );
}

function Programme({ event }: { event: EventProgramme }) {
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const { days } = useFormat(event.timeZone);
  const [query, setQuery] = useSearchParams();
  const mine = useMine();
  const filters = readFilters(query);
  const counts = useAllCounts(filters.free);
  const texts = useMemo(
    () => new Map(event.cafes.map((cafe) => [cafe.id, searchText(cafe, labelOf(words, cafe))])),
    [event, words],
  );
  const shown = event.cafes.filter((cafe) =>
    matches(cafe, filters, {
      text: texts.get(cafe.id) ?? '',
      seats: counts(cafe),
      fits: clashesOf(cafe, mine).length === 0,
    }),
  );
  const change = (next: Filters) => setQuery(writeFilters(next), { replace: true });
  return (
    <>
      <h1 {...contentAttributes}>{event.title}</h1>
      <p className="event-days">{days(event.startsAt, event.endsAt)}</p>
      <FilterBar
        cafes={event.cafes}
        filters={filters}
        found={shown.length}
        hasPlan={mine?.some(isActive) ?? false}
        change={change}
      />
      {shown.length === 0 && <p className="empty">{words.programme.nothing}</p>}
      {filters.by === 'time' ? <ByTime event={event} shown={shown} /> : <ByRoom event={event} shown={shown} />}
    </>
  );
}

function ByTime({ event, shown }: { event: EventProgramme; shown: Cafe[] }) {
  const words = useWords();
  const { dated } = useFormat(event.timeZone);
  const now = useNow(NOW_EVERY_MS);
  const rooms = new Map(event.rooms.map(({ id, name }) => [id, name]));
  const { rounds, over } = byTime(shown, now);
  const where = (cafe: Cafe) => rooms.get(cafe.roomId);
  return (
    <>
      {rounds.map(({ when, startsAt, endsAt, cafes }) => (
        <section key={`${startsAt} ${endsAt}`} className={`round ${when}`}>
          <h2>
            {when !== 'later' && <span className="when-mark">{words.programme[when]}</span>}
            <span>{dated(startsAt, endsAt)}</span>
          </h2>
          <OwnTime timeZone={event.timeZone} startsAt={startsAt} endsAt={endsAt} />
          <Cards event={event} cafes={cafes} where={where} />
        </section>
      ))}
      {over.length > 0 && (
        <details className="round over">
          <summary>{words.programme.over(over.length)}</summary>
          <Cards event={event} cafes={over} where={(cafe) => dated(cafe.startsAt, cafe.endsAt)} />
        </details>
      )}
    </>
  );
}

function ByRoom({ event, shown }: { event: EventProgramme; shown: Cafe[] }) {
  const contentAttributes = useContentAttributes();
  const { dated } = useFormat(event.timeZone);
  const now = useNow(NOW_EVERY_MS);
  return event.rooms.map(({ id, name }) => {
    const { rounds, over } = byTime(
      shown.filter(({ roomId }) => roomId === id),
      now,
    );
    const cafes = [...rounds.flatMap((round) => round.cafes), ...over];
    if (cafes.length === 0) return null;
    return (
      <section key={id} className="round">
        <h2 {...contentAttributes}>{name}</h2>
        <Cards event={event} cafes={cafes} where={(cafe) => dated(cafe.startsAt)} />
      </section>
    );
  });
}

function Cards({
  event,
  cafes,
  where,
}: {
  event: EventProgramme;
  cafes: Cafe[];
  where: (cafe: Cafe) => string | undefined;
}) {
  const mine = useMine();
  const titles = new Map(event.cafes.map(({ id, title }) => [id, title]));
  return (
    <ul className="cards">
      {cafes.map((cafe) => {
        const [clash] = clashesOf(cafe, mine);
        return (
          <Card
            key={cafe.id}
            cafe={cafe}
            where={where(cafe)}
            mine={mineIn(cafe.id, mine)}
            clash={clash && (titles.get(clash.cafeId) ?? '…')}
          />
        );
      })}
    </ul>
  );
}
