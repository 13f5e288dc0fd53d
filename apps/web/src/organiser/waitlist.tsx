import type { DashboardCafe } from '#contract';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useSending } from '../shared/sending.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { CloseButton, StateButton, useChange } from './changing.tsx';

/** Shows whether the waitlist and the Café are open, and the buttons that change it with their effect. */
export function Waitlist({ cafe }: { cafe: DashboardCafe }) {
  const { cafe: words } = useStaffWords();
  const change = useChange(cafe);
  const { sending, error, send } = useSending();
  const { state, waitlistOpen, seats } = cafe;
  if (state === 'cancelled') return null;
  // While a Café is closed, its waitlist accepts nobody, although it is open.
  const isHeldBack = waitlistOpen && state === 'closed';
  const isTaking = waitlistOpen && !isHeldBack;
  const lead = waitlistOpen ? words.lineEnds(seats.waitlisted) : words.lineOpens;
  const hint = isHeldBack ? words.lineReopens : lead;
  return (
    <section>
      <h2>{words.line}</h2>
      <div className="told">
        <p role="status">{isTaking ? words.lineOpen : words.lineClosed}</p>
        <p className="hint">{hint}</p>
      </div>
      {isHeldBack ? null : waitlistOpen ? (
        <CloseButton cafe={cafe} label={words.closeLine} closing={{ waitlistOpen: false }} />
      ) : (
        <button type="button" disabled={sending} onClick={() => void send(() => change({ waitlistOpen: true }))}>
          {words.openLine}
        </button>
      )}
      <ProblemNote error={error} />
      <div className="told">
        <p role="status">{words.states[state]}</p>
        <p className="hint">{words.stateHints[state]}</p>
      </div>
      <StateButton cafe={cafe} />
    </section>
  );
}
