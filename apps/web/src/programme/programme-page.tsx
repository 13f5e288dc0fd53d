import { useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, EventProgramme, Room } from '#contract';
import { useEvent, useRegistrations } from '../shared/data.ts';
import { useCounts, useLive, useWatchedEvent } from '../shared/live.ts';
import { RoundTable } from '../shared/table.tsx';
import { labelOf, SeatBar, Shell, seatWords, Waiting } from '../shared/ui.tsx';
import { fold, useFormat, useWords } from '../shared/words/index.ts';

export function ProgrammePage({ slug }: { slug?: string }) {
  const words = useWords();
  const { data: event, error, refetch } = useEvent(slug);
  useWatchedEvent(event?.id, event?.cafes);
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
  const live = useLive();
  const { day, time } = useFormat(event.timeZone);
  const [by, setBy] = useState<'time' | 'room'>('time');
  const [search, setSearch] = useState('');
  const [onlyFree, setOnlyFree] = useState(false);
  const { data: registrations } = useRegistrations();
  const mine = new Set(
    registrations
      ?.filter(({ status }) => ['held', 'confirmed', 'offered'].includes(status))
      .map(({ cafeId }) => cafeId),
  );
  const wanted = fold(search.trim());
  const shown = event.cafes.filter(
    (cafe) =>
      fold([cafe.title, ...cafe.hosts, ...cafe.keywords, labelOf(words, cafe)].join(' ')).includes(wanted) &&
      (!onlyFree || (live?.counts(cafe.id) ?? cafe.seats).free > 0),
  );
  const rooms = new Map(event.rooms.map((room) => [room.id, room]));
  const groups =
    by === 'time'
      ? grouped(shown, ({ startsAt, endsAt }) => `${day(startsAt)}, ${time(startsAt)} – ${time(endsAt)}`)
      : grouped(shown, ({ roomId }) => rooms.get(roomId)?.name ?? '');
  return (
    <>
      <h1>{event.title}</h1>
      <search className="filters">
        <input
          type="search"
          aria-label={words.programme.search}
          placeholder={words.programme.searchHint}
          value={search}
          onChange={(change) => setSearch(change.target.value)}
        />
        <div className="choices">
          <button type="button" aria-pressed={by === 'time'} onClick={() => setBy('time')}>
            {words.programme.byTime}
          </button>
          <button type="button" aria-pressed={by === 'room'} onClick={() => setBy('room')}>
            {words.programme.byRoom}
          </button>
          <button type="button" aria-pressed={onlyFree} onClick={() => setOnlyFree(!onlyFree)}>
            {words.programme.onlyFree}
          </button>
        </div>
      </search>
      {groups.length === 0 && <p className="empty">{words.programme.nothing}</p>}
      {groups.map(([heading, cafes]) => (
        <section key={heading} aria-label={heading} className="round">
          <h2>{heading}</h2>
          <ul className="cards">
            {cafes.map((cafe) => (
              <Card
                key={cafe.id}
                cafe={cafe}
                room={rooms.get(cafe.roomId)}
                when={by === 'room' ? `${day(cafe.startsAt)}, ${time(cafe.startsAt)}` : undefined}
                mine={mine.has(cafe.id)}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function grouped(cafes: Cafe[], headingOf: (cafe: Cafe) => string): [string, Cafe[]][] {
  const groups = new Map<string, Cafe[]>();
  for (const cafe of cafes) {
    const heading = headingOf(cafe);
    groups.set(heading, [...(groups.get(heading) ?? []), cafe]);
  }
  return [...groups];
}

function Card({ cafe, room, when, mine }: { cafe: Cafe; room?: Room; when?: string; mine: boolean }) {
  const words = useWords();
  const seats = useCounts(cafe);
  return (
    <li className={`card ${cafe.state}`} data-cafe={cafe.code}>
      <Link href={`/cafes/${cafe.id}`}>
        <RoundTable seats={seats} mine={mine} size={56} />
        <span className="card-text">
          <span className="eyebrow">
            {labelOf(words, cafe)} · {when ?? room?.name}
          </span>
          <strong>{cafe.title}</strong>
          <span className="hosts">{cafe.hosts.join(', ')}</span>
          <span className="seats-line">
            {cafe.state === 'open' ? seatWords(words, seats) : words.state[cafe.state]}
            {mine && <em className="mine-mark"> · {words.programme.mine}</em>}
          </span>
          <SeatBar seats={seats} />
        </span>
      </Link>
    </li>
  );
}
