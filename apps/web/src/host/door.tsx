import { useState } from 'react';
import type { Attendance, Cafe, CheckInAnswer, EventProgramme, WalkIn } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { NoShows, usePhase } from '../shared/attendance/no-shows.tsx';
import { useNow } from '../shared/clock.ts';
import { Figure } from '../shared/figure.tsx';
import { useFormat } from '../shared/format.ts';
import { useAge } from '../shared/live.ts';
import { serverNow } from '../shared/network.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { Answer, type DoorAnswer, useDoorAnswers } from './answer.tsx';
import { useAnswers } from './answers.ts';
import { Arrivals, TicketForm } from './arrivals.tsx';
import type { Scan } from './door-store.ts';
import { PeopleList } from './people-list.tsx';
import { ScanIds } from './scan-ids.ts';
import { useTypedReader } from './typed-reader.ts';
import { useScans } from './use-scans.ts';

/** How long a host waits for the answer to a check-in, in milliseconds. After that the door shows that the arrival is noted, and sends it later. */
const PATIENCE_MS = 5_000;
/** How often the age of a kept list is updated, in milliseconds. */
const AGE_EVERY_MS = 1_000;

interface DoorProps {
  cafe: Cafe;
  event: EventProgramme | null | undefined;
  attendance: Attendance;
  /** When the list was read, if it is a kept one; in milliseconds since 1970. */
  keptAt: number | undefined;
  /** The attendee id of the host. */
  by: string;
}

/** Checks people in by ticket, by name or as a walk-in. The answer covers the whole screen. */
export function Door({ cafe, event, attendance, keptAt, by }: DoorProps) {
  const { door } = useStaffWords();
  const { time } = useFormat(event?.timeZone);
  const phase = usePhase(cafe);
  const { shown, more, dismiss, ...acts } = useDoorActs(cafe, event, by);
  useTypedReader(
    (ticket) => cafe.state !== 'cancelled' && acts.checkIn({ ticket, todayOnly: true }),
    shown !== undefined,
  );
  const scan = (ticket: string) => acts.checkIn({ ticket, todayOnly: true });
  return (
    <>
      <div className="figures">
        <Figure name="present" value={attendance.present} label={door.present(attendance.present)} tone="here" />
        <Figure name="expected" value={attendance.expected} label={door.expected(attendance.expected)} />
        <Figure name="waiting" value={attendance.waitlisted} label={door.states.waitlisted} />
      </div>
      <DoorState waiting={acts.waiting.length} keptAt={keptAt} />
      <Late late={acts.late} dismiss={acts.dismissLate} />
      {cafe.state !== 'cancelled' && <Arrivals cafe={cafe} onTicket={scan} walkIn={acts.walkIn} />}
      <PeopleList
        people={attendance.people}
        waiting={acts.waiting.filter(({ cafeId }) => cafeId === cafe.id)}
        time={time}
        checkIn={({ registrationId, name }) => acts.checkIn({ registrationId }, name)}
        undo={acts.undo}
      />
      {cafe.state !== 'cancelled' && <TicketForm onTicket={scan} />}
      {cafe.state !== 'cancelled' && phase !== 'after' && (
        <section aria-label={door.absentees} className="door-list">
          <h2>{door.absentees}</h2>
          <NoShows phase={phase} attendance={attendance} time={time} />
        </section>
      )}
      {shown && (
        <Answer
          key={`${shown.of} ${shown.answer.tone}`}
          answer={shown.answer}
          more={more}
          dismiss={() => dismiss(shown.of)}
        />
      )}
    </>
  );
}

/** The actions of a host at a door, the answers to them, and the check-ins that wait to be sent. */
function useDoorActs(cafe: Cafe, event: EventProgramme | null | undefined, by: string) {
  const { answerOf, refusalOf, sending, noted } = useDoorAnswers(cafe, event);
  const { shown, more, show, dismiss } = useAnswers();
  const [scanIds] = useState(() => new ScanIds());
  /** The client ids of the scans whose people still wait at the door. Their answers are shown when they come. */
  const [atDoor] = useState(() => new Set<string>());
  /** The keys of walk-ins whose answer was lost, by the typed values. The same values in a new form are the same request. */
  const [unanswered] = useState(() => new Map<string, string>());
  const [late, setLate] = useState<(DoorAnswer & { of: string })[]>([]);
  const { queue, waiting } = useScans(by, { answered, unanswered: note });

  function note({ clientId, name }: Scan) {
    if (atDoor.delete(clientId)) show(clientId, noted(name));
  }
  function answered(scan: Scan, given: CheckInAnswer | ApiProblem) {
    const { what, clientId, name } = scan;
    scanIds.answered('ticket' in what ? what.ticket : what.registrationId, performance.now());
    if (!(given instanceof ApiProblem) && given.result === 'checked-in' && !given.registration.checkedInAt) {
      // This is the answer to an earlier scan with the same id, and another device has undone that check-in since.
      scanIds.clear();
      if (atDoor.delete(clientId)) {
        dismiss(clientId);
        checkIn(what, name);
      }
      return;
    }
    const answer = given instanceof ApiProblem ? refusalOf(given) : answerOf(given);
    if (atDoor.delete(clientId)) show(clientId, answer);
    else if (answer.tone !== 'welcome') {
      const lines = name ? [name, ...answer.lines] : answer.lines;
      setLate((before) => [...before, { ...answer, lines, of: clientId }]);
    }
  }
  function checkIn(what: Scan['what'], name?: string) {
    const clientId = scanIds.idFor('ticket' in what ? what.ticket : what.registrationId, performance.now());
    const scan = {
      clientId,
      cafeId: cafe.id,
      by,
      what,
      scannedAt: new Date(serverNow()).toISOString(),
      ...(name && { name }),
    };
    atDoor.add(clientId);
    show(clientId, sending(name));
    void queue.add(scan);
    setTimeout(() => note(scan), PATIENCE_MS);
  }
  async function undo(registrationId: string) {
    try {
      await call('DELETE /check-ins/{registrationId}', { registrationId });
      scanIds.clear();
    } catch (thrown) {
      show(`undo ${registrationId}`, refusalOf(thrown));
    }
  }
  async function walkIn(typed: WalkIn, key: string): Promise<boolean> {
    const what = JSON.stringify(typed);
    const idempotencyKey = unanswered.get(what) ?? key;
    try {
      show(
        idempotencyKey,
        answerOf(await call('POST /cafes/{id}/walk-ins', { id: cafe.id, body: typed, idempotencyKey })),
      );
      unanswered.delete(what);
      return true;
    } catch (thrown) {
      if (thrown instanceof ApiProblem && thrown.code === 'unreachable') unanswered.set(what, idempotencyKey);
      if (thrown instanceof ApiProblem && thrown.code === 'invalid-request') throw thrown;
      show(idempotencyKey, refusalOf(thrown));
      return false;
    }
  }
  const dismissLate = (of: string) => setLate((before) => before.filter((each) => each.of !== of));
  return { shown, more, dismiss, waiting, late, dismissLate, checkIn, undo, walkIn };
}

/** Shows how many arrivals wait to be sent, and the age of the list while it is not live. */
function DoorState({ waiting, keptAt }: { waiting: number; keptAt: number | undefined }) {
  const { door } = useStaffWords();
  const { ago } = useFormat();
  const age = useAge();
  const now = useNow(AGE_EVERY_MS, Date.now);
  const listAge = keptAt === undefined ? age : Math.max(0, now - keptAt);
  return (
    <p className="door-state" role="status">
      {[waiting > 0 && door.toSend(waiting), listAge !== undefined && door.listAge(ago(listAge))]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

/** Shows noted arrivals that the API refusalOf later. The host reads them when there is time. */
function Late({ late, dismiss }: { late: (DoorAnswer & { of: string })[]; dismiss: (of: string) => void }) {
  const { door } = useStaffWords();
  return late.map(({ of, title, lines }) => (
    <div key={of} className="note clash" role="alert">
      <strong>{title}</strong>
      <p>{[door.late, ...lines].join(' · ')}</p>
      <button type="button" className="quiet" onClick={() => dismiss(of)}>
        {door.seen}
      </button>
    </div>
  ));
}
