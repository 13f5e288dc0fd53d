import { Link } from 'wouter';
import type { Cafe } from '#contract';
import { useProgrammePath, useTimeZoneOf } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { type Group, isBooked } from '../shared/registrations/booked-groups.ts';
import { useWords } from '../shared/words/index.ts';

/** Shows the outcome for each person (a seat, a place in the waitlist, or the reason for none) and links. `groups`: the latest first. */
export function Done(props: { groups: Group[]; cafe: Cafe; correct: () => void; another: () => void }) {
  const { groups, cafe, correct, another } = props;
  const words = useWords();
  const programme = useProgrammePath(cafe.eventId);
  const timeZone = useTimeZoneOf(cafe.eventId);
  const { dated } = useFormat(timeZone);
  const booked = groups.some(isBooked);
  return (
    <section className="done">
      <div className={`note ${booked ? 'good' : 'bad'}`} role="status">
        <strong>{words.group.done}</strong>
        {booked && <p>{words.group.doneLead}</p>}
      </div>
      {groups.map((group) => (
        <div key={group.at} className="done-group">
          {isBooked(group) && <p className="hint">{words.group.asOf(dated(group.at))}</p>}
          <People group={group} timeZone={timeZone} />
        </div>
      ))}
      <div className="actions">
        {booked ? (
          <>
            <Link href={programme} className="primary">
              {words.nav.programme}
            </Link>
            <Link href="/me" className="button">
              {words.nav.mine}
            </Link>
            <button type="button" onClick={another}>
              {words.group.another}
            </button>
          </>
        ) : (
          <button type="button" onClick={correct}>
            {words.group.again}
          </button>
        )}
      </div>
    </section>
  );
}

function People({ group: { people, given }, timeZone }: { group: Group; timeZone?: string }) {
  const words = useWords();
  const { dayTime } = useFormat(timeZone);
  const outcomeText = ({ outcome, registration }: Group['given'][number]) => {
    if (!registration || outcome !== 'created') return words.group.outcome[outcome];
    const { status, waitlistPosition = 1, expiresAt = '' } = registration;
    if (status === 'waitlisted') return words.status.waitlisted(waitlistPosition);
    return status === 'held' ? words.group.held(dayTime(expiresAt)) : words.group.outcome.created;
  };
  return (
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
          <span className={`outcome ${each.outcome}`}>{outcomeText(each)}</span>
        </li>
      ))}
    </ul>
  );
}
