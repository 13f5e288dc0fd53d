import '../styles/people.css';
import '../styles/door.css';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Attendance, Cafe, CheckInAnswer, EventProgramme, WalkIn } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useAttendance } from '../shared/attendance/attendance.ts';
import { NoShows, usePhase } from '../shared/attendance/no-shows.tsx';
import { useNow } from '../shared/clock.ts';
import { useCafe, useEventOf, useStaffMe } from '../shared/data.ts';
import { Figure } from '../shared/figure.tsx';
import { ProblemNote, Waiting } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { Field } from '../shared/forms/form.tsx';
import { useWatchedEvent } from '../shared/live.ts';
import { useReachable } from '../shared/network.ts';
import { NoRole, useRevoked } from '../shared/no-role.tsx';
import { labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { Answer, type DoorAnswer, isToday, useSaid } from './answer.tsx';
import { actsFor } from './host-page.tsx';
import { PeopleList } from './people-list.tsx';
import { ScanIds } from './scan-ids.ts';
import { Scanner } from './scanner.tsx';
import { WalkInForm } from './walk-in.tsx';

/** How often the page checks whether another day has begun, in milliseconds. */
const DAY_EVERY_MS = 60_000;

export default function DoorPage({ cafeId }: { cafeId: string }) {
  const staff = useStaffWords();
  const me = useStaffMe();
  const { data: cafe, error: cafeError, refetch } = useCafe(cafeId);
  const { data: event } = useEventOf(cafe?.eventId);
  // Its event is where the page learns that the Café was cancelled or moved.
  useWatchedEvent(cafe?.eventId, cafe && [cafe]);
  // Until the Café is known, the API decides who may see the list.
  const allowed = Boolean(me && (!cafe || actsFor(me, cafe)));
  const { attendance, error } = useAttendance(cafeId, allowed, cafe?.roomId);
  const revoked = useRevoked(allowed);

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
        <Link href="/host">
          <span className="arrow" aria-hidden="true" /> {staff.door.all}
        </Link>
      </p>
      {cafe ? <DoorHead cafe={cafe} event={event} /> : <Waiting error={cafeError} retry={() => void refetch()} />}
      {me && !allowed && <NoRole revoked={revoked} never={staff.door.notHost} />}
      {allowed && <ProblemNote error={error} />}
      {cafe && allowed && attendance && <Door cafe={cafe} event={event} attendance={attendance} />}
    </Shell>
  );
}

function DoorHead({ cafe, event }: { cafe: Cafe; event: EventProgramme | null | undefined }) {
  const words = useWords();
  const { door } = useStaffWords();
  const format = useFormat(event?.timeZone);
  useNow(DAY_EVERY_MS);
  const when = format.dated(cafe.startsAt, cafe.endsAt);
  return (
    <header className="door-head">
      <p className="eyebrow">
        {labelOf(words, cafe)} · {when}
      </p>
      <h1>{cafe.title}</h1>
      {cafe.state === 'cancelled' ? (
        <p className="note bad" role="status">
          {words.claim.cancelled}
        </p>
      ) : (
        event &&
        !isToday(cafe, format) && (
          <div className="note clash">
            <strong>{door.otherDay}</strong>
            <p>{door.otherDayNext(when)}</p>
          </div>
        )
      )}
    </header>
  );
}

/** Checks people in by a ticket, by name or as a walk-in; the answer covers the whole screen. */
function Door(props: { cafe: Cafe; event: EventProgramme | null | undefined; attendance: Attendance }) {
  const { cafe, event, attendance } = props;
  const { door } = useStaffWords();
  const { time } = useFormat(event?.timeZone);
  const { said, refused } = useSaid(cafe, event);
  const phase = usePhase(cafe);
  const { answer, tell, forget } = useAnswer();
  const [scanIds] = useState(() => new ScanIds());

  /** An undone check-in shows in the list, and needs no answer. */
  async function ask(run: () => Promise<CheckInAnswer | undefined>) {
    try {
      const given = await run();
      if (given) tell(said(given));
    } catch (fault) {
      tell(refused(fault));
    }
  }
  const checkIn = (what: { ticket: string; todayOnly: true } | { registrationId: string }) =>
    void ask(async () => {
      const scanned = 'ticket' in what ? what.ticket : what.registrationId;
      const send = () => {
        const clientId = scanIds.idFor(scanned, performance.now());
        return call('POST /check-ins', { body: { ...what, cafeId: cafe.id, clientId } });
      };
      let given = await send();
      if (given.result === 'checked-in' && !given.registration.checkedInAt) {
        // The answer to an earlier scan, which another device has undone since.
        scanIds.forget();
        given = await send();
      }
      scanIds.answered(scanned, performance.now());
      return given;
    });
  const undo = (registrationId: string) =>
    void ask(async () => {
      await call('DELETE /check-ins/{registrationId}', { registrationId });
      scanIds.forget();
      return undefined;
    });

  async function walkIn(typed: WalkIn, idempotencyKey: string): Promise<boolean> {
    try {
      tell(said(await call('POST /cafes/{id}/walk-ins', { id: cafe.id, body: typed, idempotencyKey })));
      return true;
    } catch (fault) {
      if (fault instanceof ApiProblem && fault.code === 'invalid-request') throw fault;
      tell(refused(fault));
      return false;
    }
  }
  return (
    <>
      <div className="figures">
        <Figure name="present" value={attendance.present} label={door.present(attendance.present)} tone="here" />
        <Figure name="expected" value={attendance.expected} label={door.expected(attendance.expected)} />
        <Figure name="waiting" value={attendance.waitlisted} label={door.states.waitlisted} />
      </div>
      {cafe.state !== 'cancelled' && (
        <Arrivals cafe={cafe} onTicket={(ticket) => checkIn({ ticket, todayOnly: true })} walkIn={walkIn} />
      )}
      <PeopleList
        people={attendance.people}
        time={time}
        checkIn={(registrationId) => checkIn({ registrationId })}
        undo={undo}
      />
      {cafe.state !== 'cancelled' && phase !== 'after' && (
        <section aria-label={door.absentees} className="door-list">
          <h2>{door.absentees}</h2>
          <NoShows phase={phase} attendance={attendance} time={time} />
        </section>
      )}
      {answer && <Answer key={answer.at} answer={answer} over={forget} />}
    </>
  );
}

/** The newest answer. `at`: its time, so that the same answer twice is shown twice. */
function useAnswer() {
  const [answer, setAnswer] = useState<DoorAnswer & { at: number }>();
  const reachable = useReachable();
  useEffect(() => {
    if (reachable) setAnswer((standing) => (standing?.unreachable ? undefined : standing));
  }, [reachable]);
  const tell = useCallback((next: DoorAnswer) => {
    setAnswer({ ...next, at: performance.now() });
    navigator.vibrate?.(next.tone === 'welcome' ? 80 : [80, 60, 80]);
  }, []);
  const forget = useCallback(() => setAnswer(undefined), []);
  return { answer, tell, forget };
}

/** The camera, the ticket field and the walk-in form. On a phone the buttons stay within reach of the thumb. */
function Arrivals(props: {
  cafe: Cafe;
  onTicket: (ticket: string) => void;
  /** Resolves with whether the person was seated. @throws ApiProblem for invalid fields */
  walkIn: (typed: WalkIn, key: string) => Promise<boolean>;
}) {
  const { door } = useStaffWords();
  const [doing, setDoing] = useState<'scan' | 'walk-in'>();
  const [refused, setRefused] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const before = useRef(doing);
  useEffect(() => {
    if (before.current === 'walk-in') opener.current?.focus();
    before.current = doing;
  }, [doing]);
  function begin(next: typeof doing) {
    setRefused(false);
    setDoing(next);
  }
  if (doing === 'walk-in') {
    return (
      <WalkInForm
        cafe={props.cafe}
        close={() => begin(undefined)}
        seat={async (typed, key) => {
          if (await props.walkIn(typed, key)) begin(undefined);
        }}
      />
    );
  }
  return (
    <>
      {doing === 'scan' && (
        <Scanner
          onTicket={props.onTicket}
          onRefused={() => {
            setRefused(true);
            setDoing(undefined);
          }}
        />
      )}
      {refused && (
        <p className="note" role="alert">
          {door.noCamera}
        </p>
      )}
      <div className="door-acts">
        <button
          type="button"
          className={doing === 'scan' ? '' : 'primary'}
          onClick={() => begin(doing === 'scan' ? undefined : 'scan')}
        >
          {doing === 'scan' ? door.stop : door.scan}
        </button>
        <button type="button" ref={opener} onClick={() => begin('walk-in')}>
          {door.walkIn}
        </button>
      </div>
      <TicketForm onTicket={props.onTicket} />
    </>
  );
}

function TicketForm({ onTicket }: { onTicket: (ticket: string) => void }) {
  const { door } = useStaffWords();
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
        label={door.ticket}
        name="ticket"
        value={ticket}
        onChange={setTicket}
        maxLength={512}
        autoComplete="off"
        ltr
      />
      <button type="submit">{door.enter}</button>
    </form>
  );
}
