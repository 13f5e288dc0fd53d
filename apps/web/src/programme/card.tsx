import { Link } from 'wouter';
import type { Cafe, Registration } from '#contract';
import { useCounts } from '../shared/live.ts';
import { serverNow } from '../shared/network.ts';
import { Age, cafeWords, isOpen, labelOf, SeatBar } from '../shared/seats.tsx';
import { RoundTable } from '../shared/table.tsx';
import { useContentAttributes, useWords } from '../shared/words/index.ts';

/** A Café in the programme: its table, its title, its seats, and the person's registration in it. */
export function Card(props: { cafe: Cafe; where?: string; mine?: Registration; clash?: string }) {
  const { cafe, where, mine, clash } = props;
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const seats = useCounts(cafe);
  // The time is current, because the list renders every twenty seconds.
  const open = isOpen(cafe, serverNow());
  return (
    <li className={`card ${cafe.state}`} data-cafe={cafe.code}>
      <Link href={`/cafes/${cafe.id}`}>
        <RoundTable
          seats={seats}
          mine={mine !== undefined && mine.status !== 'waitlisted'}
          open={open}
          cancelled={cafe.state === 'cancelled'}
          size={72}
        />
        <span className="card-text">
          <span className="eyebrow">
            {labelOf(words, cafe)}
            {where && (
              <>
                {' · '}
                <bdi>{where}</bdi>
              </>
            )}
          </span>
          <strong {...contentAttributes}>{cafe.title}</strong>
          <span className="hosts" {...contentAttributes}>
            {cafe.hosts.join(', ')}
          </span>
          <span className="seats-line">
            {cafeWords(words, cafe, seats, open)}
            <Age />
          </span>
          {open && <SeatBar seats={seats} />}
          {mine ? (
            <Mark registration={mine} />
          ) : (
            clash && <span className="clash-mark">{words.programme.clash(clash)}</span>
          )}
        </span>
      </Link>
    </li>
  );
}

function Mark({ registration: { status, waitlistPosition = 1, proveBy } }: { registration: Registration }) {
  const words = useWords();
  const text =
    status === 'waitlisted' && !proveBy
      ? words.programme.inLine(waitlistPosition)
      : status === 'confirmed'
        ? words.programme.mine
        : words.programme[status === 'held' ? 'held' : 'offered'];
  return (
    <span className="mine-mark">
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="8" cy="8" r="7" />
      </svg>
      {text}
    </span>
  );
}
