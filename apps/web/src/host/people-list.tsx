import { useRef, useState } from 'react';
import type { AttendancePerson } from '#contract';
import { fold, matcher } from '#text';
import { useContentLocale } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import type { Scan } from './door-store.ts';
import { bySurname } from './surname.ts';

interface LineActs {
  time: (instant: string) => string;
  checkIn: (person: AttendancePerson) => void;
  undo: (registrationId: string) => void;
}

/**
 * The people with a seat or a place in the waitlist, sorted by surname, with a search by name. A check-in clears the search.
 * @param waiting check-ins that are noted and not sent yet
 */
export function PeopleList(props: { people: AttendancePerson[]; waiting: Scan[] } & LineActs) {
  const { people, waiting, ...acts } = props;
  const locale = useContentLocale();
  const { door } = useStaffWords();
  const [search, setSearch] = useState('');
  const isWanted = matcher(search);
  const shown = bySurname(people, locale).filter(({ name, organisation }) =>
    isWanted(fold(`${name} ${organisation ?? ''}`)),
  );
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
          <PersonLine
            key={person.registrationId}
            person={person}
            noted={waiting.find(
              ({ what }) => 'registrationId' in what && what.registrationId === person.registrationId,
            )}
            {...acts}
            checkIn={() => {
              setSearch('');
              acts.checkIn(person);
            }}
          />
        ))}
      </ul>
    </section>
  );
}

function PersonLine(props: { person: AttendancePerson; noted: Scan | undefined } & LineActs) {
  const { person, noted, time, checkIn, undo } = props;
  const { door } = useStaffWords();
  const line = useRef<HTMLLIElement>(null);
  const { registrationId, name, organisation, status, checkedInAt, guest, noAddress, registeredBy } = person;
  const state = status === 'confirmed' ? undefined : door.states[status];
  return (
    <li ref={line} tabIndex={-1}>
      <span className="who">
        <b>
          <bdi>{name || door.nameDeleted}</bdi>
        </b>
        <span className="hosts">
          {[
            organisation,
            state,
            noAddress && door.noAddress,
            guest && status !== 'held' && door.unproved,
            registeredBy && door.registeredBy(registeredBy),
            checkedInAt && door.arrived(time(checkedInAt)),
            !checkedInAt && noted && door.notedAt(time(noted.scannedAt)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {status === 'held' && <small className="hint">{door.heldHint}</small>}
      </span>
      {checkedInAt ? (
        <button
          key="undo"
          type="button"
          className="quiet"
          aria-label={noAddress ? door.undoSeatOf(name) : door.undoOf(name)}
          onClick={() => undo(registrationId)}
        >
          {noAddress ? door.undoSeat : door.undo}
        </button>
      ) : (
        status === 'confirmed' &&
        !noted && (
          <button
            key="check-in"
            type="button"
            aria-label={door.checkInOf(name)}
            onClick={() => {
              // The undo button replaces this one. It must not get the focus, because the next Enter would press it.
              line.current?.focus({ preventScroll: true });
              checkIn(person);
            }}
          >
            {door.checkIn}
          </button>
        )
      )}
    </li>
  );
}
