import { useState } from 'react';
import type { Cafe } from '#contract';
import { useCounts } from '../shared/live.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import type { Person } from '../shared/registrations/booked-groups.ts';
import { useWords } from '../shared/words/index.ts';
import type { Mode, PreviewedPerson } from './previewed-person.ts';

/** Who can come and who cannot, the choice for too few seats, and the button that books. */
export function Booking(props: {
  cafe: Cafe;
  previewed: PreviewedPerson[];
  change: (previewed: PreviewedPerson[]) => void;
  book: (people: Person[], mode: Mode) => Promise<void>;
  correct: () => void;
}) {
  const { cafe, previewed, change, book, correct } = props;
  const words = useWords();
  const seats = useCounts(cafe);
  const [mode, setMode] = useState<Mode>('all');
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const free = previewed.filter(({ outcome }) => outcome === 'free');
  async function send() {
    setSending(true);
    setError(undefined);
    try {
      await book(free, mode);
    } catch (thrown) {
      setError(thrown);
      setSending(false);
    }
  }
  return (
    <>
      <ul className="people">
        {previewed.map((person) => (
          <li key={person.email}>
            <span className="who">
              <b>
                <bdi>{person.name}</bdi>
              </b>
              <span className="hosts">
                <bdi>{person.email}</bdi>
              </span>
            </span>
            <span className={`outcome ${person.outcome}`}>{words.group.outcome[person.outcome]}</span>
            <button
              type="button"
              className="quiet"
              aria-label={words.group.remove(person.name)}
              onClick={() => change(previewed.filter((each) => each !== person))}
            >
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className="cross">
                <path d="M3 3l10 10M13 3L3 13" />
              </svg>
            </button>
          </li>
        ))}
      </ul>
      <fieldset className="modes">
        <legend>{words.group.how}</legend>
        <p className="hint">{words.group.seatsLeft(seats.free)}</p>
        {(['all', 'each'] as const).map((each) => (
          <label key={each} className="mode">
            <input type="radio" name="mode" checked={mode === each} onChange={() => setMode(each)} />
            <span>
              <b>{words.group[each]}</b>
              <small className="hint">{words.group[`${each}Hint`]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="actions">
        <button type="button" className="primary" disabled={sending || free.length === 0} onClick={() => void send()}>
          {sending ? words.sending : words.group.book(free.length)}
        </button>
        <button type="button" className="quiet" onClick={correct}>
          {words.group.again}
        </button>
      </div>
      <ProblemNote error={error} />
    </>
  );
}
