import { useCallback, useEffect, useState } from 'react';
import type { Cafe, CheckInAnswer, Clash, EventProgramme } from '#contract';
import { ApiProblem } from '../shared/api.ts';
import { type Format, useFormat } from '../shared/format.ts';
import { serverNow } from '../shared/network.ts';
import { labelOf } from '../shared/seats.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';

/** How long a welcome is shown, in milliseconds. Other answers stay until they are dismissed. */
const WELCOME_MS = 2_500;
/** The shortest time for which an answer is shown while another one waits, in milliseconds. */
const READ_MS = 1_500;

/** A tap or a key within this time belongs to a double tap that began before the answer appeared, and is ignored. In milliseconds. */
const DOUBLE_TAP_MS = 600;

/** What the door shows about one scan or walk-in. */
export interface DoorAnswer {
  /** `wait`: the API has not answered yet. */
  tone: 'welcome' | 'warn' | 'refuse' | 'wait';
  title: string;
  lines: string[];
}

/** Whether a Café is today, in the event's time zone. */
export function isToday({ startsAt, endsAt }: Pick<Cafe, 'startsAt' | 'endsAt'>, { day }: Format): boolean {
  const today = day(new Date(serverNow()).toISOString());
  return day(startsAt) === today || day(endsAt) === today;
}

/** Returns functions that turn the API's answers and problems into what this door shows. */
export function useDoorAnswers(cafe: Cafe | undefined, event: EventProgramme | null | undefined) {
  const words = useWords();
  const { door } = useStaffWords();
  const format = useFormat(event?.timeZone);
  const when = (timed: Pick<Cafe, 'startsAt' | 'endsAt'>) =>
    (isToday(timed, format) ? format.span : format.dated)(timed.startsAt, timed.endsAt);
  /** Returns the time and the room of a Café; for a draft, only the time. */
  const place = (cafeId: string, timed: Pick<Cafe, 'startsAt' | 'endsAt'>) => {
    const roomId = event?.cafes.find(({ id }) => id === cafeId)?.roomId;
    const room = event?.rooms.find(({ id }) => id === roomId)?.name;
    return room ? `${when(timed)}, ${room}` : when(timed);
  };

  function answerOf({ result, person, registration }: CheckInAnswer): DoorAnswer {
    const name = person?.name ?? '';
    const { status, cafeId, checkedInAt } = registration;
    if (result === 'checked-in') {
      const title = door.results[result](name);
      if (!cafe || isToday(cafe, format)) return { tone: 'welcome', title, lines: [] };
      return { tone: 'warn', title, lines: [door.otherDay, format.dated(cafe.startsAt, cafe.endsAt)] };
    }
    if (result === 'other-day') {
      const lines = [door.otherDay, format.dated(registration.startsAt, registration.endsAt)];
      return { tone: 'warn', title: door.results[result](name), lines };
    }
    if (result === 'already-checked-in') {
      const lines = checkedInAt ? [door.arrived(format.time(checkedInAt))] : [];
      return { tone: 'warn', title: door.results[result](name), lines };
    }
    if (result === 'wrong-cafe' && status === 'confirmed') {
      const there = event?.cafes.find(({ id }) => id === cafeId);
      const named = there ? [`${labelOf(words, there)} · ${there.title}`] : [];
      return { tone: 'refuse', title: door.results[result](name), lines: [...named, place(cafeId, registration)] };
    }
    // The registration in another Café is not a confirmed seat: the door shows that the person has no seat.
    const why = status === 'confirmed' ? [] : [door.states[status]];
    return { tone: 'refuse', title: door.results['not-confirmed'](name), lines: [...why, door.seatIfFree] };
  }

  function refusalOf(error: unknown): DoorAnswer {
    const { code, problem } = error instanceof ApiProblem ? error : new ApiProblem({}, 'unreachable');
    const refusal = (title: string, ...lines: string[]): DoorAnswer => ({ tone: 'refuse', title, lines });
    switch (code) {
      // The QR code is not a ticket. It may even be longer than the API accepts.
      case 'ticket-invalid':
      case 'registration-not-found':
      case 'invalid-request':
        return refusal(door.badTicket, door.findName);
      case 'cafe-full':
        return refusal(door.full, door.fullNext);
      case 'cafe-not-open':
        return refusal(cafe?.state === 'cancelled' ? words.claim.cancelled : door.over, door.overNext);
      case 'schedule-clash': {
        const clashes = (problem.clashesWith ?? []) as Clash[];
        const lines = clashes.flatMap((clash) => [door.clashWith(clash.title), place(clash.cafeId, clash)]);
        return refusal(door.clash, ...lines, door.clashNext);
      }
      case 'unreachable':
        return { tone: 'warn', title: words.problem.unreachable, lines: [door.notRecorded] };
      default:
        return refusal(problem.title ?? code, ...(problem.detail ? [problem.detail] : []));
    }
  }
  /** Shown until the API answers. */
  const sending = (name?: string): DoorAnswer => ({ tone: 'wait', title: door.sending, lines: name ? [name] : [] });
  /** Shown when the API does not answer: the arrival is stored on the device. */
  const noted = (name?: string): DoorAnswer => ({ tone: 'warn', title: door.noted(name), lines: [door.notedNext] });
  return { answerOf, refusalOf, sending, noted };
}

const marks = {
  welcome: 'M6 17l7 7L26 9',
  warn: 'M16 6v13M16 24v2',
  refuse: 'M8 8l16 16M24 8L8 24',
  wait: 'M7 16h1M15.5 16h1M24 16h1',
};

/** Whether a key can act on the page. While an answer is shown, the page gets none of these keys. */
const isPageKey = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) =>
  !ctrlKey && !metaKey && !altKey && !/^F\d+$/.test(key);

/**
 * Shows an answer dismiss the whole screen. It takes no focus, and the page below gets no keys. Any key or tap dismisses it.
 * @param more another answer waits
 */
export function Answer({ answer, more, dismiss }: { answer: DoorAnswer; more: boolean; dismiss: () => void }) {
  const { door } = useStaffWords();
  const { tone, title, lines } = answer;
  const [at] = useState(() => performance.now());
  const dismissByPress = useCallback(() => {
    if (performance.now() - at >= DOUBLE_TAP_MS) dismiss();
  }, [at, dismiss]);
  useEffect(() => {
    const shownMs = more ? READ_MS : tone === 'welcome' ? WELCOME_MS : undefined;
    if (shownMs === undefined) return;
    const timer = setTimeout(dismiss, Math.max(0, shownMs - (performance.now() - at)));
    return () => clearTimeout(timer);
  }, [tone, more, dismiss, at]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!isPageKey(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!event.repeat && event.key !== 'Shift') dismissByPress();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [dismissByPress]);
  return (
    <div className={`answer ${tone}`}>
      <svg
        viewBox="0 0 32 32"
        width="96"
        height="96"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="4"
        strokeLinecap="round"
      >
        <path d={marks[tone]} />
      </svg>
      <div className="answer-text" role="alert">
        <strong>{title}</strong>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <button type="button" onClick={dismissByPress}>
        {door.goOn}
      </button>
    </div>
  );
}
