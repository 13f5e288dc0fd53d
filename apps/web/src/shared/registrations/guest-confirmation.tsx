import { useQueryClient } from '@tanstack/react-query';
import type { Registration } from '#contract';
import { call } from '../api.ts';
import { useTimeZoneOf } from '../data.ts';
import { useFocusWhenWanted, wantFocus } from '../focus.ts';
import { useFormat } from '../format.ts';
import { ProblemNote } from '../problem-note.tsx';
import { useSending } from '../sending.ts';
import { useWords } from '../words/index.ts';
import { cancelSoon, useCancelling } from './cancelling.ts';
import { Leaving } from './leaving.tsx';
import { statusWords } from './status-words.ts';

/**
 * A guest registration with the address of the signed-in attendee, and the buttons that confirm it or give it back. Giving it back can be undone for
 * ten seconds.
 */
export function GuestConfirmation({ registration, onYes }: { registration: Registration; onYes?: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const { dayTime } = useFormat(useTimeZoneOf(registration.eventId));
  const { sending, error, send } = useSending();
  const { id, status } = registration;
  const cancelling = useCancelling(id);
  const no = useFocusWhenWanted<HTMLButtonElement>(`leave ${id}`);
  if (cancelling) return <Leaving cancelling={cancelling} status={status} guest />;
  const confirm = () =>
    send(async () => {
      try {
        const given = await call('POST /registrations/{id}/confirm', { id });
        wantFocus(`${given.status} ${id}`);
        onYes?.();
      } finally {
        // Read again even after an error, because the registration may have ended meanwhile.
        await client.invalidateQueries({ queryKey: ['registrations'] });
      }
    });
  function decline() {
    wantFocus(`undo ${id}`);
    cancelSoon(registration);
  }
  return (
    <>
      <p className={`status ${status}`}>{statusWords(words, registration, dayTime)}</p>
      <p>{words.claim.guestLead}</p>
      <div className="actions">
        <button type="button" className="button strong" aria-disabled={sending} onClick={() => void confirm()}>
          {sending ? words.sending : words.claim.guestConfirm}
        </button>
        <button type="button" className="quiet danger" ref={no} onClick={decline}>
          {words.claim.guestDecline}
        </button>
      </div>
      <ProblemNote error={error} />
    </>
  );
}
