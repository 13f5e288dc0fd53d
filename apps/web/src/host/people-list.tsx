import { useState } from 'react';
import type { AttendancePerson } from '#contract';
import { fold, matcher } from '#text';
import { useStaffWords } from '../shared/words/staff.ts';

interface LineActs {
  time: (instant: string) => string;
  checkIn: (registrationId: string) => void;
  undo: (registrationId: string) => void;
}

/** Everybody with a seat or a place in the waitlist, with a search by name. */
export function PeopleList({ people, ...acts }: { people: AttendancePerson[] } & LineActs) {
  const { door } = useStaffWords();
  const [search, setSearch] = useState('');
  const isWanted = matcher(search);
  const shown = people.filter(({ name, organisation }) => isWanted(fold(`${name} ${organisation ?? ''}`)));
  return (
    <section aria-label={door.list} className="door-list">
      <h2>{door.list}</h2>
      {people.length > 0 && (
        <input
          type="search"
          aria-label={door.search}
          placeholder={door.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {shown.length === 0 && <p className="empty">{people.length === 0 ? door.empty : door.nobody}</p>}
      <ul className="people">
        {shown.map((person) => (
          <PersonLine key={person.registrationId} person={person} {...acts} />
        ))}
      </ul>
    </section>
  );
}

function PersonLine({ person, time, checkIn, undo }: { person: AttendancePerson } & LineActs) {
  const { door } = useStaffWords();
  const { registrationId, name, organisation, status, checkedInAt, guest, registeredBy } = person;
  const state = status === 'confirmed' ? undefined : door.states[status];
  return (
    <li>
      <span className="who">
        <b>
          <bdi>{name}</bdi>
        </b>
        <span className="hosts">
          {[
            organisation,
            state,
            guest && status !== 'held' && door.unproved,
            registeredBy && door.registeredBy(registeredBy),
            checkedInAt && door.arrived(time(checkedInAt)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {status === 'held' && <small className="hint">{door.heldHint}</small>}
      </span>
      {checkedInAt ? (
        <button type="button" className="quiet" aria-label={door.undoOf(name)} onClick={() => undo(registrationId)}>
          {door.undo}
        </button>
      ) : (
        status === 'confirmed' && (
          <button type="button" aria-label={door.checkInOf(name)} onClick={() => checkIn(registrationId)}>
            {door.checkIn}
          </button>
        )
      )}
    </li>
  );
}
