import '../styles/people.css';
import '../styles/door.css';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Attendance, AttendancePerson, CheckInAnswer } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useCafe, useEventOf, useMe } from '../shared/data.ts';
import { Figure } from '../shared/figure.tsx';
import { Field, ProblemNote, Waiting } from '../shared/form.tsx';
import { fold, useFormat } from '../shared/format.ts';
import { useWatchedEvent } from '../shared/live.ts';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { useWords } from '../shared/words/index.ts';
import { type StaffWords, useStaffWords } from '../shared/words/staff.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { useAttendance } from './attendance.ts';
import { Scanner } from './scanner.tsx';

/** How long the answer of a scan stands on the screen, in milliseconds. */
const ANSWER_MS = 6_000;

interface DoorAnswer {
  tone: 'welcome' | 'warn' | 'refuse';
  text: string;
}

export default function DoorPage({ cafeId }: { cafeId: string }) {
  const words = useWords();
  const staff = useStaffWords();
  const me = useMe();
  const { data: cafe, error: cafeError, refetch } = useCafe(cafeId);
  const { data: event } = useEventOf(cafe?.eventId);
  const { dated, time } = useFormat(event?.timeZone);
  // That it is cancelled or moved is told to those who watch its event.
  useWatchedEvent(cafe?.eventId, cafe && [cafe]);
  const { attendance, error } = useAttendance(cafeId, Boolean(me), cafe?.roomId);
  const [answer, setAnswer] = useState<DoorAnswer>();
  const [fault, setFault] = useState<unknown>();

  useEffect(() => {
    if (!answer) return;
    const timer = setTimeout(() => setAnswer(undefined), ANSWER_MS);
    return () => clearTimeout(timer);
  }, [answer]);

  const checkIn = useCallback(
    async (what: { ticket: string } | { registrationId: string }) => {
      setFault(undefined);
      try {
        const given = await call<CheckInAnswer>('POST', '/check-ins', { ...what, cafeId });
        setAnswer(said(staff, given, time));
        navigator.vibrate?.(given.result === 'checked-in' ? 80 : [80, 60, 80]);
      } catch (problem) {
        if (problem instanceof ApiProblem && ['ticket-invalid', 'registration-not-found'].includes(problem.code)) {
          setAnswer({ tone: 'refuse', text: staff.door.results['ticket-invalid'] });
          navigator.vibrate?.([80, 60, 80]);
        } else setFault(problem);
      }
    },
    [cafeId, staff, time],
  );
  const undo = useCallback(async (registrationId: string) => {
    setFault(undefined);
    await call('DELETE', `/check-ins/${registrationId}`).catch(setFault);
  }, []);

  if (me === null) {
    return (
      <Shell told>
        <div className="narrow">
          <h1>{staff.door.title}</h1>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  return (
    <Shell told>
      <p className="back">
        <Link href="/host">← {staff.door.all}</Link>
      </p>
      {cafe ? (
        <header className="door-head">
          <p className="eyebrow">
            {labelOf(words, cafe)} · {dated(cafe.startsAt, cafe.endsAt)}
          </p>
          <h1>{cafe.title}</h1>
          {cafe.state === 'cancelled' && (
            <p className="note bad" role="status">
              {words.claim.cancelled}
            </p>
          )}
        </header>
      ) : (
        <Waiting error={cafeError} retry={() => void refetch()} />
      )}
      <ProblemNote error={error ?? fault} />
      {attendance && (
        <>
          <div className="figures">
            <Figure name="present" value={attendance.present} label={staff.door.present} tone="here" />
            <Figure name="expected" value={attendance.expected} label={staff.door.expected} />
            <Figure name="waiting" value={attendance.waitlisted} label={staff.door.waiting} />
          </div>
          <Scanner onTicket={(ticket) => void checkIn({ ticket })} />
          <TicketForm onTicket={(ticket) => void checkIn({ ticket })} />
          <PeopleList
            attendance={attendance}
            time={time}
            checkIn={(registrationId) => void checkIn({ registrationId })}
            undo={undo}
          />
        </>
      )}
      <div aria-live="assertive">{answer && <Answer {...answer} />}</div>
    </Shell>
  );
}

function said(
  staff: StaffWords,
  { result, person, registration }: CheckInAnswer,
  time: (instant: string) => string,
): DoorAnswer {
  const name = person?.name ?? '';
  const at = time(registration.checkedInAt ?? new Date().toISOString());
  if (result === 'checked-in') return { tone: 'welcome', text: staff.door.results[result](name) };
  if (result === 'already-checked-in') return { tone: 'warn', text: staff.door.results[result](name, at) };
  return { tone: 'refuse', text: staff.door.results[result](name) };
}

function Answer({ tone, text }: DoorAnswer) {
  const mark = { welcome: 'M6 17l7 7L26 9', warn: 'M16 6v13M16 24v2', refuse: 'M8 8l16 16M24 8L8 24' }[tone];
  return (
    <p className={`answer ${tone}`}>
      <svg
        viewBox="0 0 32 32"
        width="36"
        height="36"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="4"
        strokeLinecap="round"
      >
        <path d={mark} />
      </svg>
      {text}
    </p>
  );
}

function TicketForm({ onTicket }: { onTicket: (ticket: string) => void }) {
  const staff = useStaffWords();
  const [ticket, setTicket] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    if (ticket.trim() === '') return;
    onTicket(ticket.trim());
    setTicket('');
  }
  return (
    <form onSubmit={submit} className="ticket-form">
      <Field
        label={staff.door.ticket}
        name="ticket"
        value={ticket}
        onChange={setTicket}
        maxLength={512}
        autoComplete="off"
      />
      <button type="submit">{staff.door.enter}</button>
    </form>
  );
}

function PeopleList(props: {
  attendance: Attendance;
  time: (instant: string) => string;
  checkIn: (registrationId: string) => void;
  undo: (registrationId: string) => void;
}) {
  const staff = useStaffWords();
  const [search, setSearch] = useState('');
  const { people } = props.attendance;
  const wanted = fold(search.trim());
  const shown = people.filter(({ name, organisation }) => fold(`${name} ${organisation ?? ''}`).includes(wanted));
  return (
    <section aria-label={staff.door.list}>
      <h2 style={{ marginBlock: '28px 12px' }}>{staff.door.list}</h2>
      {people.length > 0 && (
        <input
          type="search"
          aria-label={staff.door.search}
          placeholder={staff.door.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {shown.length === 0 && <p className="empty">{people.length === 0 ? staff.door.empty : staff.door.nobody}</p>}
      <ul className="people">
        {shown.map((person) => (
          <PersonLine key={person.registrationId} person={person} {...props} />
        ))}
      </ul>
    </section>
  );
}

function PersonLine(props: {
  person: AttendancePerson;
  time: (instant: string) => string;
  checkIn: (registrationId: string) => void;
  undo: (registrationId: string) => void;
}) {
  const staff = useStaffWords();
  const { registrationId, name, organisation, status, checkedInAt } = props.person;
  const state = status === 'waitlisted' ? staff.door.waiting : status === 'confirmed' ? undefined : staff.door.held;
  return (
    <li>
      <span className="who">
        <b>{name}</b>
        <span className="hosts">
          {[organisation, state, checkedInAt && staff.door.arrived(props.time(checkedInAt))]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {checkedInAt ? (
        <button
          type="button"
          className="quiet"
          aria-label={staff.door.undoOf(name)}
          onClick={() => props.undo(registrationId)}
        >
          {staff.door.undo}
        </button>
      ) : (
        status === 'confirmed' && (
          <button type="button" aria-label={staff.door.checkInOf(name)} onClick={() => props.checkIn(registrationId)}>
            {staff.door.checkIn}
          </button>
        )
      )}
    </li>
  );
}
