import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Attendance, AttendancePerson, CheckInAnswer } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useCafe, useEvent, useMe } from '../shared/data.ts';
import { POLL_MS, useConnected, useLive } from '../shared/live.ts';
import { Field, labelOf, ProblemNote, Shell, Waiting } from '../shared/ui.tsx';
import { fold, useFormat, useWords, type Words } from '../shared/words/index.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { Scanner } from './scanner.tsx';

/** How long the answer of a scan stands on the screen, in milliseconds. */
const ANSWER_MS = 6_000;

interface DoorAnswer {
  tone: 'welcome' | 'warn' | 'refuse';
  text: string;
}

export default function DoorPage({ cafeId }: { cafeId: string }) {
  const words = useWords();
  const me = useMe();
  const { data: cafe, error: cafeError, refetch } = useCafe(cafeId);
  const { data: event } = useEvent();
  const { day, span, time } = useFormat(event?.timeZone);
  const { attendance, error } = useAttendance(cafeId, Boolean(me));
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
        setAnswer(said(words, given, time));
        navigator.vibrate?.(given.result === 'checked-in' ? 80 : [80, 60, 80]);
      } catch (problem) {
        if (problem instanceof ApiProblem && ['ticket-invalid', 'registration-not-found'].includes(problem.code)) {
          setAnswer({ tone: 'refuse', text: words.door.results['ticket-invalid'] });
          navigator.vibrate?.([80, 60, 80]);
        } else setFault(problem);
      }
    },
    [cafeId, words, time],
  );
  const undo = useCallback(async (registrationId: string) => {
    setFault(undefined);
    await call('DELETE', `/check-ins/${registrationId}`).catch(setFault);
  }, []);

  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.door.title}</h1>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  return (
    <Shell>
      <p className="back">
        <Link href="/host">← {words.door.all}</Link>
      </p>
      {cafe ? (
        <header className="door-head">
          <p className="eyebrow">
            {labelOf(words, cafe)} · <span className="capital">{day(cafe.startsAt)}</span>,{' '}
            {span(cafe.startsAt, cafe.endsAt)}
          </p>
          <h1>{cafe.title}</h1>
        </header>
      ) : (
        <Waiting error={cafeError} retry={() => void refetch()} />
      )}
      <ProblemNote error={error ?? fault} />
      {attendance && (
        <>
          <div className="figures">
            <Figure name="present" value={attendance.present} label={words.door.present} tone="here" />
            <Figure name="expected" value={attendance.expected} label={words.door.expected} />
            <Figure name="waiting" value={attendance.waitlisted} label={words.door.waiting} />
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

/** The list of a Café, pushed while the connection is there and asked for while it is not. */
function useAttendance(cafeId: string, signedIn: boolean) {
  const live = useLive();
  const connected = useConnected();
  const [attendance, setAttendance] = useState<Attendance>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (!live || !signedIn) return;
    return live.watchAttendance(
      cafeId,
      (list) => {
        setAttendance(list);
        setError(undefined);
      },
      () => void call<Attendance>('GET', `/cafes/${cafeId}/attendance`).then(setAttendance, setError),
    );
  }, [live, cafeId, signedIn]);
  useEffect(() => {
    if (connected || !signedIn) return;
    const read = () =>
      call<Attendance>('GET', `/cafes/${cafeId}/attendance`).then((list) => {
        setAttendance(list);
        setError(undefined);
      }, setError);
    void read();
    const timer = setInterval(read, POLL_MS);
    return () => clearInterval(timer);
  }, [connected, cafeId, signedIn]);
  return { attendance, error };
}

function said(
  words: Words,
  { result, person, registration }: CheckInAnswer,
  time: (instant: string) => string,
): DoorAnswer {
  const name = person?.name ?? '';
  const at = time(registration.checkedInAt ?? new Date().toISOString());
  if (result === 'checked-in') return { tone: 'welcome', text: words.door.results[result](name) };
  if (result === 'already-checked-in') return { tone: 'warn', text: words.door.results[result](name, at) };
  return { tone: 'refuse', text: words.door.results[result](name) };
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

function Figure(props: { name: string; value: number; label: string; tone?: string }) {
  return (
    <p className={`figure ${props.tone ?? ''}`} data-figure={props.name}>
      <b>{props.value}</b>
      <span>{props.label}</span>
    </p>
  );
}

function TicketForm({ onTicket }: { onTicket: (ticket: string) => void }) {
  const words = useWords();
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
        label={words.door.ticket}
        name="ticket"
        value={ticket}
        onChange={setTicket}
        maxLength={512}
        autoComplete="off"
      />
      <button type="submit">{words.door.enter}</button>
    </form>
  );
}

function PeopleList(props: {
  attendance: Attendance;
  time: (instant: string) => string;
  checkIn: (registrationId: string) => void;
  undo: (registrationId: string) => void;
}) {
  const words = useWords();
  const [search, setSearch] = useState('');
  const { people } = props.attendance;
  const wanted = fold(search.trim());
  const shown = people.filter(({ name, organisation }) => fold(`${name} ${organisation ?? ''}`).includes(wanted));
  return (
    <section aria-label={words.door.list}>
      <h2 style={{ marginBlock: '28px 12px' }}>{words.door.list}</h2>
      {people.length > 0 && (
        <input
          type="search"
          aria-label={words.door.search}
          placeholder={words.door.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {shown.length === 0 && <p className="empty">{people.length === 0 ? words.door.empty : words.door.nobody}</p>}
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
  const words = useWords();
  const { registrationId, name, organisation, status, checkedInAt } = props.person;
  const state = status === 'waitlisted' ? words.door.waiting : status === 'confirmed' ? undefined : words.door.held;
  return (
    <li>
      <span className="who">
        <b>{name}</b>
        <span className="hosts">
          {[organisation, state, checkedInAt && words.door.arrived(props.time(checkedInAt))]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {checkedInAt ? (
        <button
          type="button"
          className="quiet"
          aria-label={words.door.undoOf(name)}
          onClick={() => props.undo(registrationId)}
        >
          {words.door.undo}
        </button>
      ) : (
        status === 'confirmed' && (
          <button type="button" aria-label={words.door.checkInOf(name)} onClick={() => props.checkIn(registrationId)}>
            {words.door.checkIn}
          </button>
        )
      )}
    </li>
  );
}
