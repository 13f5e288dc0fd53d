import type { Registration } from '#contract';
import { useNow } from '../shared/clock.ts';
import { useWords } from '../shared/words/index.ts';
import { type Cancelling, cancelNow, cancelSoon, undo } from './cancelling.ts';

/** Giving a seat or a place in line back, wherever it is shown. */
export function LeaveButton({ registration: { id, status } }: { registration: Registration }) {
  const words = useWords();
  return (
    <button type="button" className="quiet danger" onClick={() => cancelSoon(id)}>
      {status === 'waitlisted' ? words.plan.leave : words.plan.cancel}
    </button>
  );
}

/** For ten seconds nothing has happened yet: it can be taken back, or hurried. */
export function Leaving({ cancelling, waiting }: { cancelling: Cancelling; waiting: boolean }) {
  const words = useWords();
  // When it is due was set by this device's clock.
  const now = useNow(250, Date.now);
  const { registrationId, dueAt, sent } = cancelling;
  const seconds = Math.max(0, Math.ceil((dueAt - now) / 1_000));
  return (
    <div className="undo">
      <p role="status">
        <strong>{waiting ? words.plan.leaving : words.plan.cancelling}</strong>
      </p>
      {sent ? (
        <p className="hint">{words.sending}</p>
      ) : (
        <>
          <p className="hint" role="timer">
            {words.plan.undoWithin(seconds)}
          </p>
          <div className="actions">
            <button type="button" className="primary" onClick={() => undo(registrationId)}>
              {words.plan.undo}
            </button>
            <button type="button" className="quiet danger" onClick={() => void cancelNow(registrationId)}>
              {waiting ? words.plan.leaveNow : words.plan.cancelNow}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
