import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Registration } from '#contract';
import { call } from '../api.ts';
import { useNow } from '../clock.ts';
import { useRegistrations } from '../data.ts';
import { useFocusWhenWanted, wantFocus } from '../focus.ts';
import { useFormat } from '../format.ts';
import { ProblemNote } from '../problem-note.tsx';
import { useWords } from '../words/index.ts';
import { cancelSoon, useCancelling } from './cancelling.ts';
import { ClashLine } from './clash.tsx';
import { Leaving } from './leaving.tsx';
import { clashesOf } from './own-registrations.ts';

/** An offered seat: the time left, and the buttons that accept or decline it. Declining can be undone for ten seconds. */
export function Offer({ registration }: { registration: Registration }) {
  const cancelling = useCancelling(registration.id);
  return cancelling ? (
    <Leaving cancelling={cancelling} status={registration.status} />
  ) : (
    <Answers registration={registration} />
  );
}

/**
 * The buttons, and the seat that is given back by accepting. The link of a mail can choose a button. The button then gets the focus, and acts only
 * when it is pressed, because mail filters open links as well.
 */
function Answers({ registration }: { registration: Registration }) {
  const words = useWords();
  const client = useQueryClient();
  const { data: registrations } = useRegistrations();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [query] = useSearchParams();
  const { id, expiresAt, overlapping } = registration;
  const declining = query.get('answer') === 'decline';
  const yes = useRef<HTMLButtonElement>(null);
  const no = useFocusWhenWanted<HTMLButtonElement>(`leave ${id}`);
  useEffect(() => {
    if (query.get('answer') === 'accept') yes.current?.focus();
    if (declining) no.current?.focus();
  }, []);
  async function accept() {
    setSending(true);
    setError(undefined);
    try {
      await call('POST /registrations/{id}/accept', { id });
      wantFocus(`confirmed ${id}`);
    } catch (thrown) {
      setError(thrown);
    }
    // Read again even after an error, because the offer may have expired meanwhile.
    await client.invalidateQueries({ queryKey: ['registrations'] });
    setSending(false);
  }
  function decline() {
    wantFocus(`undo ${id}`);
    cancelSoon(registration);
  }
  return (
    <div className="offer">
      {expiresAt && <Countdown until={expiresAt} />}
      {overlapping && (
        <>
          <p>{words.plan.swaps}</p>
          <ul className="plain">
            {clashesOf({ ...registration, id: registration.cafeId }, registrations).map((other) => (
              <ClashLine key={other.id} {...other} />
            ))}
          </ul>
        </>
      )}
      <div className="actions">
        <button
          type="button"
          ref={yes}
          className={declining ? undefined : 'primary'}
          disabled={sending}
          onClick={() => void accept()}
        >
          {words.plan.accept}
        </button>
        <button
          type="button"
          ref={no}
          className={declining ? 'primary' : undefined}
          disabled={sending}
          onClick={decline}
        >
          {words.plan.decline}
        </button>
      </div>
      <ProblemNote error={error} />
    </div>
  );
}

/** The possible full rounds of the ring, in milliseconds. The time left is drawn as a share of the shortest round that is not shorter. */
const ROUNDS_MS = [10 * 60_000, 60 * 60_000, 4 * 3_600_000, 24 * 3_600_000];
const RING_RADIUS = 16;

/** The time left of an offer, as a ring and in words. Screen readers do not read a `timer` each second. */
export function Countdown({ until }: { until: string }) {
  const words = useWords();
  const { countdown } = useFormat();
  const left = Math.max(0, Date.parse(until) - useNow(1_000));
  const round = ROUNDS_MS.find((each) => left <= each) ?? left;
  const length = 2 * Math.PI * RING_RADIUS;
  return (
    <p className="countdown" role="timer">
      <svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
        <circle cx="20" cy="20" r={RING_RADIUS} className="ring" />
        <circle
          cx="20"
          cy="20"
          r={RING_RADIUS}
          className="ring left"
          strokeDasharray={`${(left / round) * length} ${length}`}
          transform="rotate(-90 20 20)"
        />
      </svg>
      {words.plan.left(countdown(left))}
    </p>
  );
}
