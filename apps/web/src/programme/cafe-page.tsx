import { Link } from 'wouter';
import type { Cafe } from '#contract';
import { useCafe, useEvent } from '../shared/data.ts';
import { useCounts, useWatchedEvent } from '../shared/live.ts';
import { RoundTable } from '../shared/table.tsx';
import { labelOf, SeatBar, Shell, seatWords, Waiting } from '../shared/ui.tsx';
import { useFormat, useWords } from '../shared/words/index.ts';
import { Claim, useMySeat } from './claim.tsx';

export function CafePage({ cafeId }: { cafeId: string }) {
  const { data: cafe, error, refetch } = useCafe(cafeId);
  useWatchedEvent(cafe?.eventId, cafe && [cafe]);
  return <Shell>{cafe ? <CafeView cafe={cafe} /> : <Waiting error={error} retry={() => void refetch()} />}</Shell>;
}

function CafeView({ cafe }: { cafe: Cafe }) {
  const words = useWords();
  const seats = useCounts(cafe);
  const { data: event } = useEvent();
  const { day, span } = useFormat(event?.timeZone);
  const room = event?.rooms.find(({ id }) => id === cafe.roomId);
  const seat = useMySeat(cafe.id);
  const mine = seat !== undefined && seat.status !== 'waitlisted';
  return (
    <article className="cafe">
      <p className="back">
        <Link href="/">← {words.cafe.back}</Link>
      </p>
      <header>
        <p className="eyebrow">{labelOf(words, cafe)}</p>
        <h1>{cafe.title}</h1>
        <p className="when">
          <span className="capital">{day(cafe.startsAt)}</span>, {span(cafe.startsAt, cafe.endsAt)}
          {room && <> · {room.name}</>}
        </p>
      </header>
      <section className="seat-panel" aria-label={seatWords(words, seats)}>
        <RoundTable seats={seats} mine={mine} size={168} />
        <div className="seat-action">
          <p className="seats-line large">{seatWords(words, seats)}</p>
          <SeatBar seats={seats} />
          <Claim cafe={cafe} seats={seats} />
        </div>
      </section>
      {cafe.summary && <p className="summary">{cafe.summary}</p>}
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
          items={cafe.agenda.map(({ title, minutes }) =>
            minutes ? `${title} · ${words.cafe.minutes(minutes)}` : title,
          )}
        />
        <Facts title={words.cafe.keywords} items={cafe.keywords} tags />
      </dl>
    </article>
  );
}

function Facts({ title, items, tags = false }: { title: string; items: string[]; tags?: boolean }) {
  if (items.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <ul className={tags ? 'tags' : 'plain'}>
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
