import type { Registration } from '#contract';
import { useNow } from '../clock.ts';
import { useFocusHandedOn, useFocusWhenWanted, wantFocus } from '../focus.ts';
import { useWords } from '../words/index.ts';
import { type Cancelling, cancelNow, cancelSoon, undo } from './cancelling.ts';

/** The button that gives a seat or a place in the waitlist back. */
export function LeaveButton({ registration }: { registration: Registration }) {
  const words = useWords();
  const { id, status } = registration;
  const button = useFocusWhenWanted<HTMLButtonElement>(`leave ${id}`);
  function leave() {
    wantFocus(`undo ${id}`);
    cancelSoon(registration);
  }
  return (
    <button type="button" ref={button} className="quiet danger" onClick={leave}>
      {status === 'waitlisted' ? words.plan.leave : words.plan.cancel}
    </button>
  );
}

interface LeavingProps {
  cancelling: Cancelling;
  status: Registration['status'];
  /** The registration is a guest registration that the person never confirmed. */
  guest?: boolean;
}

/** Shown for ten seconds before a registration is given back. The person can undo it, or send it at once. */
export function Leaving({ cancelling, status, guest = false }: LeavingProps) {
  const words = useWords();
  const whole = useFocusHandedOn<HTMLDivElement>();
  const { registrationId, sent } = cancelling;
  const statusLine = useFocusWhenWanted<HTMLParagraphElement>(`status ${registrationId}`);
  const own = { waitlisted: words.plan.leaving, offered: words.plan.declining }[status as 'waitlisted'];
  const text = guest ? words.claim.refusing : own;
  return (
    <div className="undo" ref={whole}>
      <p role="status" ref={statusLine} tabIndex={-1}>
        <strong>{text ?? words.plan.cancelling}</strong>
      </p>
      {sent ? <p className="hint">{words.sending}</p> : <Undo cancelling={cancelling} status={status} guest={guest} />}
    </div>
  );
}

function Undo({ cancelling, status, guest }: LeavingProps) {
  const words = useWords();
  // `dueAt` is a time of the device's clock, not of the server's.
  const now = useNow(250, Date.now);
  const { registrationId: id, dueAt } = cancelling;
  const seconds = Math.max(0, Math.ceil((dueAt - now) / 1_000));
  const back = useFocusWhenWanted<HTMLButtonElement>(`undo ${id}`);
  const buttons = useFocusHandedOn<HTMLDivElement>();
  const own = { waitlisted: words.plan.leaveNow, offered: words.plan.declineNow }[status as 'waitlisted'];
  const hurry = guest ? words.claim.refuseNow : own;
  function keep() {
    wantFocus(`leave ${id}`);
    undo(id);
  }
  function leaveNow() {
    wantFocus(`status ${id}`);
    void cancelNow(id);
  }
  return (
    <>
      <p className="hint" role="timer">
        {words.plan.undoWithin(seconds)}
      </p>
      <div className="actions" ref={buttons}>
        <button type="button" ref={back} className="primary" onClick={keep}>
          {words.plan.undo}
        </button>
        <button type="button" className="quiet danger" onClick={leaveNow}>
          {hurry ?? words.plan.cancelNow}
        </button>
      </div>
    </>
  );
}
