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
  // While a Café is closed, people cannot join its waitlist, even if the waitlist is open.
  const isPaused = waitlistOpen && state === 'closed';
  const isAccepting = waitlistOpen && !isPaused;
  const lead = waitlistOpen ? words.lineEnds(seats.waitlisted) : words.lineOpens;
  const hint = isPaused ? words.lineReopens : lead;
  return (
    <section>
      <h2>{words.line}</h2>
      <div>
        <p role="status">{isAccepting ? words.lineOpen : words.lineClosed}</p>
        <p className="hint">{hint}</p>
      </div>
      {isPaused ? null : waitlistOpen ? (
        <CloseButton cafe={cafe} label={words.closeLine} closing={{ waitlistOpen: false }} />
      ) : (
        <button type="button" disabled={sending} onClick={() => void send(() => change({ waitlistOpen: true }))}>
          {words.openLine}
        </button>
      )}
      <ProblemNote error={error} />
      <div>
        <p role="status">{words.states[state]}</p>
        <p className="hint">{words.stateHints[state]}</p>
      </div>
      <StateButton cafe={cafe} />
    </section>
  );
}
