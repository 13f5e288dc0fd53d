import type { DelegationAnswer } from '#contract';
import { useFormat } from '../shared/format.ts';
import { useWords } from '../shared/words/index.ts';
import type { Person } from './parse.ts';

/** What became of each person: a seat, a place in line, or why not. */
export function Done({
  people,
  given,
  again,
}: {
  people: Person[];
  given: DelegationAnswer['people'];
  again: () => void;
}) {
  const words = useWords();
  const { dayTime } = useFormat();
  const said = ({ outcome, registration }: DelegationAnswer['people'][number]) => {
    if (!registration || outcome !== 'created') return words.group.outcome[outcome];
    const { status, waitlistPosition = 1, expiresAt = '' } = registration;
    if (status === 'waitlisted') return words.status.waitlisted(waitlistPosition);
    return status === 'held' ? words.status.held(dayTime(expiresAt)) : words.group.outcome.created;
  };
  const booked = given.some(({ outcome }) => outcome === 'created');
  return (
    <section className="done">
      <div className={`note ${booked ? 'good' : 'bad'}`} role="status">
        <strong>{words.group.done}</strong>
        {booked && <p>{words.group.doneLead}</p>}
      </div>
      <ul className="people">
        {given.map((each, index) => (
          <li key={each.email}>
            <span className="who">
              <b>
                <bdi>{people[index]?.name}</bdi>
              </b>
              <span className="hosts">
                <bdi>{each.email}</bdi>
              </span>
            </span>
            <span className={`outcome ${each.outcome}`}>{said(each)}</span>
          </li>
        ))}
      </ul>
      {!booked && (
        <button type="button" onClick={again}>
          {words.group.again}
        </button>
      )}
    </section>
  );
}
